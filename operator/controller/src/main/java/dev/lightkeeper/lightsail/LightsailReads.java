package dev.lightkeeper.lightsail;

import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.aws.AwsFailures;
import dev.lightkeeper.aws.FleetCache;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.lightsail.LightsailClient;
import software.amazon.awssdk.services.lightsail.model.ContainerImage;
import software.amazon.awssdk.services.lightsail.model.ContainerService;
import software.amazon.awssdk.services.lightsail.model.ContainerServicePower;

/** The calls of Lightsail that change nothing, one method each. */
final class LightsailReads implements FleetCache.Reader<LiveService> {
    private static final String GET_SERVICES = "lightsail:GetContainerServices";
    private static final String GET_IMAGES = "lightsail:GetContainerImages";

    private final Accounts accounts;
    private final LiveServices live;

    LightsailReads(Accounts accounts, Digester digester) {
        this.accounts = accounts;
        this.live = new LiveServices(digester);
    }

    @Override
    public AwsAnswer<Map<String, Observed<LiveService>>> list(AccountSession session, String region) {
        return read(session, region, GET_SERVICES, client -> {
            Map<String, Observed<LiveService>> services = new HashMap<>();
            for (ContainerService service :
                    client.getContainerServices(request -> {}).containerServices()) {
                String name = service.containerServiceName();
                if (name != null) {
                    services.put(name, live.service(service));
                }
            }
            return services;
        });
    }

    /** One service by its name. Absent is AWS's NotFoundException and nothing else. */
    Observed<LiveService> service(AccountSession session, String region, String name) {
        return flat(read(
                session,
                region,
                GET_SERVICES,
                client -> client.getContainerServices(request -> request.serviceName(name)).containerServices().stream()
                        .filter(service -> name.equals(service.containerServiceName()))
                        .findFirst()
                        .map(live::service)
                        .orElseGet(() -> new Observed.Unknown<>(new Failure.Transient(
                                "UnreadableAnswer",
                                GET_SERVICES + ": AWS answered a question for one service without it",
                                false)))));
    }

    Observed<List<LiveDeployment>> deployments(AccountSession session, String region, String name) {
        return flat(read(
                session,
                region,
                "lightsail:GetContainerServiceDeployments",
                client -> live.deployments(client.getContainerServiceDeployments(request -> request.serviceName(name))
                        .deployments())));
    }

    Observed<Set<String>> storedImages(AccountSession session, String region, String name) {
        return flat(read(session, region, GET_IMAGES, client -> images(client, name)));
    }

    /** The same for a question that can wait. */
    Observed<Set<String>> pushedImages(AccountSession session, String region, String name) {
        return flat(noticed(session, session.readOnBudget(region, GET_IMAGES, client -> images(client, name))));
    }

    private static Observed<Set<String>> images(LightsailClient client, String name) {
        return new Observed.Present<>(
                client.getContainerImages(request -> request.serviceName(name)).containerImages().stream()
                        .map(ContainerImage::image)
                        .filter(image -> image != null)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** The list price of a node by power, in US dollars per month. */
    AwsAnswer<Map<String, Observed<BigDecimal>>> prices(AccountSession session, String region) {
        return read(session, region, "lightsail:GetContainerServicePowers", client -> {
            Map<String, Observed<BigDecimal>> prices = new HashMap<>();
            for (ContainerServicePower power :
                    client.getContainerServicePowers(request -> {}).powers()) {
                if (power.name() != null && power.price() != null) {
                    prices.put(power.name(), new Observed.Present<>(new BigDecimal(String.valueOf(power.price()))));
                }
            }
            return prices;
        });
    }

    private <T> AwsAnswer<T> read(
            AccountSession session, String region, String action, Function<LightsailClient, T> call) {
        return noticed(session, session.read(region, action, call));
    }

    private <T> AwsAnswer<T> noticed(AccountSession session, AwsAnswer<T> answer) {
        if (answer instanceof AwsAnswer.Failed<T>(Failure failure)) {
            accounts.noticed(session, failure);
        }
        return answer;
    }

    private static <T> Observed<T> flat(AwsAnswer<Observed<T>> answer) {
        return switch (answer) {
            case AwsAnswer.Answered<Observed<T>>(Observed<T> observed) -> observed;
            case AwsAnswer.Failed<Observed<T>>(Failure failure) ->
                AwsFailures.isNotFound(failure) ? new Observed.Absent<>() : new Observed.Unknown<>(failure);
        };
    }
}
