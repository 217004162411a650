package dev.lightkeeper.ec2;

import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.aws.CallLimits;
import dev.lightkeeper.aws.FleetCache;
import dev.lightkeeper.aws.Pages;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationResponse;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.PingStatus;

/**
 * The instances of an account and region that carry its {@code access.ec2.instanceTags}, with what SSM says of their agents:
 * two lists that serve every resource.
 */
final class Instances {
    private static final String DESCRIBE = "ec2:DescribeInstances";
    private static final String MANAGED = "ssm:DescribeInstanceInformation";
    private static final int PAGE = 1000;
    private static final int PAGE_OF_AGENTS = 50;
    private static final Pages PAGES = new Pages(200);

    private final Accounts accounts;
    private final FleetCache<Seen> cache;
    private final ConcurrentMap<String, Map<String, String>> tags = new ConcurrentHashMap<>();

    Instances(Accounts accounts, CallLimits limits, Timings timings, Clock clock, RandomGenerator random) {
        this.accounts = accounts;
        this.cache = new FleetCache<>(this::list, limits, timings, clock, random);
    }

    /** An instance. */
    record Seen(String id, String state, Map<String, String> tags, boolean online) {
        Seen {
            tags = Map.copyOf(tags);
        }
    }

    /**
     * All of them, by id.
     *
     * @param required tags without which no instance is listed
     */
    FleetCache.Fleet<Seen> of(AccountSession session, String region, Map<String, String> required) {
        tags.put(session.account(), required);
        return cache.fleet(session, region);
    }

    private AwsAnswer<Map<String, Observed<Seen>>> list(AccountSession session, String region) {
        Map<String, String> required = tags.getOrDefault(session.account(), Map.of());
        AwsAnswer<List<DescribeInstancesResponse>> pages = PAGES.read(
                        token -> session.instances(
                                region,
                                DESCRIBE,
                                client -> client.describeInstances(request -> request.filters(filters(required))
                                        .maxResults(PAGE)
                                        .nextToken(token))),
                        DescribeInstancesResponse::nextToken)
                .orFailure();
        return switch (pages) {
            case AwsAnswer.Failed<List<DescribeInstancesResponse>>(Failure failure) -> failed(session, failure);
            case AwsAnswer.Answered<List<DescribeInstancesResponse>>(List<DescribeInstancesResponse> listed) ->
                withAgents(session, region, listed);
        };
    }

    private AwsAnswer<Map<String, Observed<Seen>>> withAgents(
            AccountSession session, String region, List<DescribeInstancesResponse> listed) {
        return switch (agents(session, region)) {
            case AwsAnswer.Failed<Set<String>>(Failure failure) -> failed(session, failure);
            case AwsAnswer.Answered<Set<String>>(Set<String> online) -> {
                Map<String, Observed<Seen>> seen = new HashMap<>();
                listed.stream()
                        .flatMap(page -> page.reservations().stream())
                        .flatMap(reservation -> reservation.instances().stream())
                        .forEach(instance -> seen.put(
                                instance.instanceId(),
                                new Observed.Present<>(new Seen(
                                        instance.instanceId(),
                                        instance.state() == null
                                                ? "unknown"
                                                : instance.state().nameAsString(),
                                        tags(instance),
                                        online.contains(instance.instanceId())))));
                yield new AwsAnswer.Answered<>(seen);
            }
        };
    }

    private static List<Filter> filters(Map<String, String> required) {
        return required.entrySet().stream()
                .map(tag -> Filter.builder()
                        .name("tag:" + tag.getKey())
                        .values(escaped(tag.getValue()))
                        .build())
                .toList();
    }

    /** A filter takes wildcards; a tag of the account's rules is meant as it stands. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
    }

    private static Map<String, String> tags(Instance instance) {
        Map<String, String> tags = new HashMap<>();
        for (Tag tag : instance.tags()) {
            tags.put(tag.key(), tag.value() == null ? "" : tag.value());
        }
        return tags;
    }

    private AwsAnswer<Set<String>> agents(AccountSession session, String region) {
        AwsAnswer<List<DescribeInstanceInformationResponse>> pages = PAGES.read(
                        token -> session.hosts(
                                region,
                                MANAGED,
                                client -> client.describeInstanceInformation(request ->
                                        request.maxResults(PAGE_OF_AGENTS).nextToken(token))),
                        DescribeInstanceInformationResponse::nextToken)
                .orFailure();
        return switch (pages) {
            case AwsAnswer.Failed<List<DescribeInstanceInformationResponse>>(Failure failure) ->
                new AwsAnswer.Failed<>(failure);
            case AwsAnswer.Answered<List<DescribeInstanceInformationResponse>>(var listed) ->
                new AwsAnswer.Answered<>(listed.stream()
                        .flatMap(page -> page.instanceInformationList().stream())
                        .filter(agent -> agent.pingStatus() == PingStatus.ONLINE)
                        .map(InstanceInformation::instanceId)
                        .collect(Collectors.toSet()));
        };
    }

    private <T> AwsAnswer<T> failed(AccountSession session, Failure failure) {
        accounts.noticed(session, failure);
        return new AwsAnswer.Failed<>(failure);
    }
}
