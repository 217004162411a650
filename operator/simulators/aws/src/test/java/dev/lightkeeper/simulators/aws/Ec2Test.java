package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.ec2.Ec2Control;
import dev.lightkeeper.simulators.aws.ec2.InstanceState;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.InstanceStatus;
import software.amazon.awssdk.services.ec2.model.Region;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.SummaryStatus;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagDescription;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

class Ec2Test extends ManualWorld {
    private static final String UNKNOWN = "i-0123456789abcdef0";

    private final Ec2Client ec2 = Sdk.ec2(aws);
    private final Ec2Control region = aws.ec2(Sdk.REGION);

    @AfterEach
    void closeEc2() {
        ec2.close();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static Filter filter(String name, String... values) {
        return Filter.builder().name(name).values(values).build();
    }

    private RunInstancesResponse run(Consumer<RunInstancesRequest.Builder> more) {
        return ec2.runInstances(r -> more.accept(r.imageId("ami-12345678")
                .instanceType("t3.small")
                .minCount(1)
                .maxCount(1)
                .iamInstanceProfile(p -> p.name("host"))));
    }

    private String run() {
        return run(r -> {}).instances().getFirst().instanceId();
    }

    private List<String> found(Filter... filters) {
        return ec2.describeInstances(r -> r.filters(filters)).reservations().stream()
                .flatMap(r -> r.instances().stream())
                .map(Instance::instanceId)
                .toList();
    }

    private Instance instance(String id) {
        return ec2.describeInstances(r -> r.instanceIds(id))
                .reservations()
                .getFirst()
                .instances()
                .getFirst();
    }

    private InstanceStateName state(String id) {
        return instance(id).state().name();
    }

    private static void refusedWith(int status, String code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Ec2Exception.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.statusCode()).isEqualTo(status);
            assertThat(e.requestId()).isNotEmpty();
        });
    }

    @Test
    void anInstancePassesItsStates() {
        Instance launched = run(r -> r.tagSpecifications(TagSpecification.builder()
                        .resourceType(ResourceType.INSTANCE)
                        .tags(tag("Name", "web-1"))
                        .build()))
                .instances()
                .getFirst();
        String id = launched.instanceId();
        assertThat(id).matches("i-[0-9a-f]{17}");
        assertThat(launched.state().name()).isEqualTo(InstanceStateName.PENDING);
        pass(Duration.ofSeconds(20));
        Instance running = instance(id);
        assertThat(running.state().code()).isEqualTo(16);
        assertThat(running.launchTime()).isEqualTo(START);
        assertThat(running.tags()).containsExactly(tag("Name", "web-1"));
        assertThat(running.publicIpAddress()).isNotEmpty();
        assertThat(running.iamInstanceProfile().arn()).endsWith(":instance-profile/host");
        assertThat(running.stateReason()).isNull();

        assertThat(ec2.stopInstances(r -> r.instanceIds(id))
                        .stoppingInstances()
                        .getFirst()
                        .currentState()
                        .name())
                .isEqualTo(InstanceStateName.STOPPING);
        refusedWith(400, "IncorrectInstanceState", () -> ec2.startInstances(r -> r.instanceIds(id)));
        pass(Duration.ofSeconds(60));
        Instance stopped = instance(id);
        assertThat(stopped.state().name()).isEqualTo(InstanceStateName.STOPPED);
        assertThat(stopped.publicIpAddress()).isNull();
        assertThat(stopped.privateIpAddress()).isEqualTo(running.privateIpAddress());
        assertThat(stopped.stateReason().code()).isEqualTo("Client.UserInitiatedShutdown");
        ec2.stopInstances(r -> r.instanceIds(id));
        assertThat(aws.audit().entries().getLast().effect()).isEqualTo(Effect.NONE);

        ec2.startInstances(r -> r.instanceIds(id));
        pass(Duration.ofSeconds(20));
        assertThat(state(id)).isEqualTo(InstanceStateName.RUNNING);
        ec2.terminateInstances(r -> r.instanceIds(id));
        assertThat(aws.audit().entries().getLast().effect()).isEqualTo(Effect.DELETED);
        pass(Duration.ofSeconds(30));
        assertThat(state(id)).isEqualTo(InstanceStateName.TERMINATED);
        assertThat(ec2.terminateInstances(r -> r.instanceIds(id))
                        .terminatingInstances()
                        .getFirst()
                        .previousState()
                        .name())
                .isEqualTo(InstanceStateName.TERMINATED);
        refusedWith(400, "IncorrectInstanceState", () -> ec2.startInstances(r -> r.instanceIds(id)));
        pass(Duration.ofHours(1));
        refusedWith(400, "InvalidInstanceID.NotFound", () -> instance(id));
    }

    @Test
    void readsAreLate() {
        String id = run();
        refusedWith(400, "InvalidInstanceID.NotFound", () -> instance(id));
        refusedWith(
                400,
                "InvalidInstanceID.NotFound",
                () -> ec2.createTags(r -> r.resources(id).tags(tag("a", "b"))));
        assertThat(found()).isEmpty();
        pass(Duration.ofSeconds(3));
        assertThat(found()).containsExactly(id);

        ec2.createTags(r -> r.resources(id).tags(tag("Service", "web")));
        assertThat(found(filter("tag:Service", "web"))).isEmpty();
        pass(Duration.ofSeconds(3));
        assertThat(found(filter("tag:Service", "web"))).containsExactly(id);
        pass(Duration.ofSeconds(20));
        ec2.terminateInstances(r -> r.instanceIds(id));
        assertThat(state(id)).isEqualTo(InstanceStateName.RUNNING);
        assertThat(region.instance(id).state()).isEqualTo(InstanceState.SHUTTING_DOWN);
        pass(Duration.ofSeconds(3));
        assertThat(state(id)).isEqualTo(InstanceStateName.SHUTTING_DOWN);
    }

    @Test
    void filtersHoldTogetherAndTheirValuesAreAlternatives() {
        String one = region.running(Map.of("Service", "web", "Environment", "production"));
        String two = region.running(Map.of("Service", "web", "Environment", "staging"));
        String three = region.running(Map.of("Service", "batch*", "Owner", ""));
        region.stop(two);

        assertThat(found(filter("tag:Service", "web"))).containsExactlyInAnyOrder(one, two);
        assertThat(found(filter("tag:Service", "web"), filter("instance-state-name", "running", "pending")))
                .containsExactly(one);
        assertThat(found(filter("tag:Environment", "prod*", "st?ging"))).containsExactlyInAnyOrder(one, two);
        assertThat(found(filter("tag:Service", "batch\\*"))).containsExactly(three);
        assertThat(found(filter("tag:Service", "we"))).isEmpty();
        assertThat(found(filter("tag:service", "web"))).isEmpty();
        assertThat(found(filter("tag-key", "Owner", "Nothing"))).containsExactly(three);
        assertThat(found(filter("instance-id", one, UNKNOWN))).containsExactly(one);
        refusedWith(400, "InvalidParameterValue", () -> found(filter("colour", "red")));
        String[] many = Stream.generate(() -> "x").limit(201).toArray(String[]::new);
        refusedWith(400, "FilterLimitExceeded", () -> found(filter("tag:Service", many)));
    }

    @Test
    void idsAreAllThereOrTheCallFails() {
        String id = region.running(Map.of());
        refusedWith(400, "InvalidInstanceID.NotFound", () -> ec2.describeInstances(r -> r.instanceIds(id, UNKNOWN)));
        refusedWith(400, "InvalidInstanceID.Malformed", () -> ec2.describeInstances(r -> r.instanceIds("web")));
        refusedWith(400, "InvalidInstanceID.NotFound", () -> ec2.terminateInstances(r -> r.instanceIds(id, UNKNOWN)));
        assertThat(region.instance(id).state()).isEqualTo(InstanceState.RUNNING);
        refusedWith(
                400,
                "InvalidParameterCombination",
                () -> ec2.describeInstances(r -> r.instanceIds(id).maxResults(10)));
    }

    @Test
    void pagesHoldAllInstancesOnce() {
        for (int i = 0; i < 12; i++) {
            region.running(Map.of("Index", Integer.toString(i)));
        }
        assertThat(ec2.describeInstancesPaginator(r -> r.maxResults(5)).reservations().stream()
                        .flatMap(r -> r.instances().stream())
                        .map(Instance::instanceId))
                .hasSize(12)
                .doesNotHaveDuplicates();
        refusedWith(400, "InvalidParameterValue", () -> ec2.describeInstances(r -> r.maxResults(4)));
        refusedWith(400, "InvalidParameterValue", () -> ec2.describeInstances(r -> r.nextToken("x")));
        assertThat(ec2.describeTagsPaginator(r -> r.maxResults(5)).tags()).hasSize(12);
    }

    @Test
    void aClientTokenLaunchesOnce() {
        RunInstancesResponse first = run(r -> r.clientToken("slot-1").maxCount(2));
        RunInstancesResponse again = run(r -> r.clientToken("slot-1").maxCount(2));
        assertThat(again.reservationId()).isEqualTo(first.reservationId());
        assertThat(again.instances()).extracting(Instance::instanceId).hasSize(2);
        assertThat(aws.audit().of("RunInstances"))
                .extracting(AuditEntry::effect, AuditEntry::target)
                .containsExactly(tuple(Effect.CREATED, "slot-1"), tuple(Effect.NONE, "slot-1"));
        refusedWith(400, "IdempotentParameterMismatch", () -> run(r -> r.clientToken("slot-1")));
        pass(Duration.ofSeconds(30));
        assertThat(found(filter("client-token", "slot-1"))).hasSize(2);
        assertThat(region.instances()).hasSize(2);
    }

    @Test
    void aLostLaunchIsFoundByRepeatingIt() {
        aws.faults().add(Fault.of(FaultKind.LOST_AFTER, "RunInstances").times(1));
        assertThatThrownBy(() -> run(r -> r.clientToken("slot-1"))).isInstanceOf(SdkClientException.class);
        run(r -> r.clientToken("slot-1"));
        assertThat(region.instances()).hasSize(1);
    }

    @Test
    void launchesCanBeRefusedOrFailLater() {
        refusedWith(412, "DryRunOperation", () -> run(r -> r.dryRun(true)));
        refusedWith(
                400,
                "MissingParameter",
                () -> ec2.runInstances(r -> r.minCount(1).maxCount(1)));
        refusedWith(400, "MissingParameter", () -> ec2.runInstances(r -> r.imageId("ami-1")));
        refusedWith(400, "InvalidParameterValue", () -> run(r -> r.minCount(2)));
        refusedWith(400, "InvalidParameterValue", () -> run(r -> r.userData("%%%=")));
        refusedWith(400, "InvalidParameterValue", () -> run(r -> r.clientToken("x".repeat(65))));
        refusedWith(
                400,
                "InvalidLaunchTemplateName.NotFoundException",
                () -> run(r -> r.launchTemplate(t -> t.launchTemplateName("none"))));
        region.instanceLimit(0);
        refusedWith(400, "InstanceLimitExceeded", this::run);
        region.instanceLimit(10);
        region.refuseCapacity(true);
        refusedWith(500, "InsufficientInstanceCapacity", this::run);
        region.refuseCapacity(false);
        assertThat(region.instances()).isEmpty();
        assertThat(aws.audit().mutations()).isEmpty();

        region.failNextLaunch("Server.InsufficientInstanceCapacity");
        String failed = run();
        String good = run();
        pass(Duration.ofSeconds(30));
        assertThat(state(failed)).isEqualTo(InstanceStateName.TERMINATED);
        assertThat(instance(failed).stateReason().code()).isEqualTo("Server.InsufficientInstanceCapacity");
        assertThat(state(good)).isEqualTo(InstanceStateName.RUNNING);
    }

    @Test
    void protectionHoldsAgainstTheApi() {
        String id = region.running(Map.of());
        region.protect(id, true);
        refusedWith(400, "OperationNotPermitted", () -> ec2.terminateInstances(r -> r.instanceIds(id)));
        refusedWith(
                412,
                "DryRunOperation",
                () -> ec2.stopInstances(r -> r.instanceIds(id).dryRun(true)));
        assertThat(region.instance(id).state()).isEqualTo(InstanceState.RUNNING);
        region.terminate(id);
        assertThat(region.instance(id).state()).isEqualTo(InstanceState.SHUTTING_DOWN);
        assertThat(aws.audit().mutations()).isEmpty();
    }

    @Test
    void tagsAreSetAndRemoved() {
        String id = region.running(Map.of("a", "1", "b", "2", "c", "3"));
        ec2.createTags(r -> r.resources(id).tags(tag("a", "9"), tag("d", "4")));
        ec2.deleteTags(
                r -> r.resources(id).tags(tag("b", "no"), Tag.builder().key("c").build()));
        pass(Duration.ofSeconds(3));
        assertThat(ec2.describeTags(r -> r.filters(filter("resource-id", id), filter("resource-type", "instance")))
                        .tags())
                .extracting(TagDescription::key, TagDescription::value)
                .containsExactly(tuple("a", "9"), tuple("b", "2"), tuple("d", "4"));
        refusedWith(
                400,
                "InvalidParameterValue",
                () -> ec2.createTags(r -> r.resources(id).tags(tag("aws:x", "y"))));
        refusedWith(
                400, "InvalidID", () -> ec2.createTags(r -> r.resources("vol-1").tags(tag("x", "y"))));
        Tag[] many = Stream.iterate(0, i -> i + 1)
                .limit(48)
                .map(i -> tag("key" + i, "x"))
                .toArray(Tag[]::new);
        refusedWith(
                400,
                "TagLimitExceeded",
                () -> ec2.createTags(r -> r.resources(id).tags(many)));
        ec2.deleteTags(r -> r.resources(id));
        assertThat(region.instance(id).tags()).isEmpty();
    }

    @Test
    void statusChecksPassAfterAWhile() {
        String id = region.running(Map.of());
        String stopped = region.running(Map.of());
        region.stop(stopped);
        assertThat(ec2.describeInstanceStatus(r -> {}).instanceStatuses())
                .extracting(InstanceStatus::instanceId)
                .containsExactly(id);
        assertThat(status(id)).isEqualTo(SummaryStatus.INITIALIZING);
        pass(Duration.ofMinutes(2));
        assertThat(status(id)).isEqualTo(SummaryStatus.OK);
        region.impaired(id, true);
        assertThat(status(id)).isEqualTo(SummaryStatus.IMPAIRED);
        assertThat(ec2.describeInstanceStatus(
                                r -> r.includeAllInstances(true).filters(filter("instance-state-name", "stopped")))
                        .instanceStatuses()
                        .getFirst()
                        .instanceStatus()
                        .status())
                .isEqualTo(SummaryStatus.NOT_APPLICABLE);
    }

    private SummaryStatus status(String id) {
        return ec2.describeInstanceStatus(r -> r.instanceIds(id))
                .instanceStatuses()
                .getFirst()
                .instanceStatus()
                .status();
    }

    @Test
    void regionsAndAccountsAreNameSpaces() {
        region.running(Map.of());
        try (Ec2Client elsewhere = Sdk.ec2(aws, "us-east-1", Sdk.defaultCredentials())) {
            assertThat(elsewhere.describeInstances().reservations()).isEmpty();
        }
        aws.credentials().addKey("210987654321", "AKIAOTHER00000000001");
        try (Ec2Client other = Sdk.ec2(aws, Sdk.REGION, AwsBasicCredentials.create("AKIAOTHER00000000001", "secret"))) {
            assertThat(other.describeInstances().reservations()).isEmpty();
        }
        assertThat(ec2.describeRegions(r -> r.filters(filter("region-name", "eu-*")))
                        .regions())
                .extracting(Region::regionName)
                .contains("eu-central-1", "eu-west-1")
                .allMatch(name -> name.startsWith("eu-"));
        refusedWith(400, "InvalidParameterValue", () -> ec2.describeRegions(r -> r.regionNames("mars-1")));
    }

    @ParameterizedTest
    @CsvSource({
        "THROTTLE,RequestLimitExceeded,503",
        "SERVER_ERROR,InternalError,500",
        "DENIED,UnauthorizedOperation,403",
        "EXPIRED_TOKEN,RequestExpired,400",
        "UNKNOWN_KEY,AuthFailure,401"
    })
    void faultsComeWithCodesOfEc2(FaultKind kind, String code, int status) {
        aws.faults().add(Fault.of(kind, "RunInstances").times(1));
        refusedWith(status, code, this::run);
        assertThat(aws.audit().entries().getLast().outcome()).isEqualTo(code);
        assertThat(region.instances()).isEmpty();
    }

    @Test
    void staleAndFutureAnswers() {
        String id = region.running(Map.of());
        pass(Duration.ofMinutes(10));
        region.stop(id);
        pass(Duration.ofMinutes(5));
        aws.faults()
                .add(Fault.of(FaultKind.STALE_READ)
                        .delayed(Duration.ofMinutes(6))
                        .times(1));
        assertThat(state(id)).isEqualTo(InstanceStateName.RUNNING);
        aws.faults().add(Fault.of(FaultKind.UNKNOWN_VALUE));
        assertThat(state(id)).isEqualTo(InstanceStateName.UNKNOWN_TO_SDK_VERSION);
    }

    @Test
    void unknownKeysAreRefusedAsEc2Does() {
        try (Ec2Client stranger =
                Sdk.ec2(aws, Sdk.REGION, AwsBasicCredentials.create("AKIASTRANGER00000001", "secret"))) {
            refusedWith(401, "AuthFailure", stranger::describeInstances);
        }
    }
}
