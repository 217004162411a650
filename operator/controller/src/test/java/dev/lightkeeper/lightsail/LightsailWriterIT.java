package dev.lightkeeper.lightsail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.act.CloudWriter.Answer;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.aws.AwsWorld;
import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Content.ContainerContent;
import dev.lightkeeper.desired.Content.EndpointContent;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.lightsail.Power;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LightsailWriterIT {
    private static final String SECRET = "hunter2-is-secret";

    private final AwsWorld world = new AwsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aServiceIsCreatedWithItsTags() {
        Answer answer = apply(new Action.CreateService("api", "micro", 3, Map.of("owner", "production/api"), true));

        assertThat(accepted(answer).arn())
                .isEqualTo(world.lightsail().service("api").arn());
        assertThat(world.lightsail().service("api").tags()).containsEntry("owner", "production/api");
        assertThat(world.lightsail().service("api").scale()).isEqualTo(3);
        assertThat(world.lightsail().service("api").power()).isEqualTo("micro");
    }

    @Test
    void whatWasDeployedIsReadBackEqual() {
        world.service("api");
        Action.Deploy deploy = deploy("nginx:1.27");

        assertThat(accepted(apply(deploy)).version()).isEqualTo(1);

        LiveState state = world.observer.look(new Look(world.desired("api"), null, null, true, false));
        assertThat(state.deployments()).isInstanceOf(Observed.Present.class);
        List<LiveDeployment> deployments = ((Observed.Present<List<LiveDeployment>>) state.deployments()).value();
        assertThat(deployments).singleElement().satisfies(live -> {
            assertThat(live.version()).isEqualTo(1);
            assertThat(live.state()).isEqualTo(LiveDeployment.State.ACTIVATING);
            assertThat(live.content()).isEqualTo(deploy.release().digested());
        });
    }

    @Test
    void aSecondDeploymentWhileOneRunsIsAConflict() {
        world.service("api");
        apply(deploy("nginx:1.27"));

        assertThat(refused(apply(deploy("nginx:1.28"))))
                .isInstanceOfSatisfying(
                        Failure.Conflict.class, it -> assertThat(it.code()).isEqualTo("InProgress"));
    }

    @Test
    void aDeploymentToADisabledServiceIsAConflictOfItsOwn() {
        world.service("api");
        world.lightsail().disable("api");
        world.aws.clock().advance(Duration.ofMinutes(10));

        assertThat(refused(apply(deploy("nginx:1.27"))))
                .isInstanceOfSatisfying(
                        Failure.Conflict.class, it -> assertThat(it.code()).isEqualTo("Disabled"));
    }

    @Test
    void aTakenNameAndAFullQuotaAreToldApart() {
        world.lightsail().reserveName("api");
        assertThat(refused(create()))
                .isInstanceOfSatisfying(
                        Failure.Terminal.class, it -> assertThat(it.code()).isEqualTo("NameExists"));

        for (int i = 0; i < 100; i++) {
            world.service("other-" + i);
        }
        assertThat(refused(apply(new Action.CreateService("more", "nano", 1, Map.of(), false))))
                .isInstanceOfSatisfying(
                        Failure.Terminal.class, it -> assertThat(it.code()).isEqualTo("QuotaExceeded"));
    }

    @Test
    void aRefusedImageIsTerminalAndItsMessageHoldsNoValue() {
        world.service("api");

        Failure failure = refused(apply(deploy("Not An Image " + SECRET)));

        assertThat(failure).isInstanceOf(Failure.Terminal.class);
        assertThat(failure.message()).contains("app").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultKind.class,
            names = {"LOST_AFTER", "LOST_BEFORE", "SERVER_ERROR", "UNAVAILABLE_HTML", "TRUNCATED"})
    void anUnansweredChangeIsSentOnceAndItsEffectIsUnknown(FaultKind fault) {
        isSentOnceAndItsEffectIsUnknown(world, fault);
    }

    @Test
    void aChangeThatHangsIsSentOnceAndItsEffectIsUnknown() {
        try (AwsWorld impatient = AwsWorld.impatient()) {
            isSentOnceAndItsEffectIsUnknown(impatient, FaultKind.HANG_AFTER);
        }
    }

    private static void isSentOnceAndItsEffectIsUnknown(AwsWorld place, FaultKind fault) {
        place.service("api");
        place.aws.faults().add(Fault.of(fault, "CreateContainerServiceDeployment"));

        assertThat(refused(place.writer.apply(place.desired("api"), deploy("nginx:1.27"))))
                .isInstanceOfSatisfying(
                        Failure.Transient.class,
                        failure -> assertThat(failure.effectUnknown()).isTrue());
        assertThat(place.aws.audit().of("CreateContainerServiceDeployment")).hasSize(1);
    }

    @Test
    void aThrottledChangeIsSentOnce() {
        world.service("api");
        world.aws.faults().add(Fault.of(FaultKind.THROTTLE, "CreateContainerServiceDeployment"));

        assertThat(refused(apply(deploy("nginx:1.27")))).isInstanceOf(Failure.Throttled.class);
        assertThat(world.aws.audit().of("CreateContainerServiceDeployment")).hasSize(1);
    }

    @Test
    void aDeniedChangeNamesTheAction() {
        world.service("api");
        world.aws.faults().add(Fault.of(FaultKind.DENIED, "CreateContainerServiceDeployment"));

        assertThat(refused(apply(deploy("nginx:1.27"))))
                .isInstanceOfSatisfying(
                        Failure.Denied.class,
                        denied -> assertThat(denied.action()).isEqualTo("lightsail:CreateContainerServiceDeployment"));
    }

    /** A key that was rotated between the look and the change. */
    @Test
    void aChangeWithRejectedKeysIsToldAsThatAndNotAsAMissingPermission() {
        world.service("api");
        world.aws
                .faults()
                .add(Fault.of(FaultKind.UNKNOWN_KEY, "UpdateContainerService").times(1));
        Action raise = new Action.UpdateCapacity("api", "nano", 3, "nano × 2", Reason.Capacity, false);

        assertThat(refused(apply(raise))).isInstanceOfSatisfying(Failure.Denied.class, denied -> {
            assertThat(denied.code()).isEqualTo("CredentialsInvalid");
            assertThat(denied.message()).contains("does not accept the account's credentials");
        });
        accepted(apply(raise));
    }

    @Test
    void capacityAndTagsAreChanged() {
        world.lightsail().create("api", Power.NANO, 2, Map.of("team", "core"));
        String arn = world.lightsail().service("api").arn();

        accepted(apply(new Action.ChangeTags("api", arn, Map.of("new", "1"), Set.of("team"), Reason.TagMismatch)));
        accepted(apply(new Action.UpdateCapacity("api", "micro", 4, "nano × 2", Reason.ScaleMismatch, false)));

        assertThat(world.lightsail().service("api").tags()).isEqualTo(Map.of("new", "1"));
        assertThat(world.lightsail().service("api").scale()).isEqualTo(4);
        assertThat(world.lightsail().service("api").power()).isEqualTo("micro");
    }

    @Test
    void domainsAreAttachedAndAnEmptyListDetachesThem() {
        world.service("api");
        world.lightsail().certificate("cert", "api.example.com");

        accepted(apply(new Action.UpdateAccess("api", Map.of("cert", List.of("api.example.com")), null)));
        world.aws.clock().advance(Duration.ofMinutes(30));
        LiveState attached = world.observer.look(new Look(world.desired("api"), null, null, true, false));
        accepted(apply(new Action.UpdateAccess("api", Map.of("cert", List.of()), null)));
        LiveState detached = world.observer.look(new Look(world.desired("api"), null, null, true, false));

        assertThat(attached.service()).asString().contains("api.example.com");
        assertThat(detached.service()).asString().doesNotContain("api.example.com");
    }

    @Test
    void anUnknownCertificateIsTold() {
        world.service("api");

        assertThat(refused(apply(new Action.UpdateAccess("api", Map.of("new", List.of("api.example.com")), null))))
                .isInstanceOfSatisfying(
                        Failure.Terminal.class, it -> assertThat(it.code()).isEqualTo("CertificateNotFound"));
    }

    @Test
    void deletionNeedsTheAccountsPermission() {
        world.service("api");
        Action.DeleteService delete =
                new Action.DeleteService("api", world.lightsail().service("api").arn());
        world.declare(
                "default",
                AwsSimulator.DEFAULT_ACCOUNT,
                AwsWorld.AMBIENT,
                "{namespaces: {}, serviceNamePatterns: [\"*\"]}");
        assertThat(refused(apply(delete))).isInstanceOf(Failure.Denied.class);
        assertThat(world.calls()).doesNotContain("DeleteContainerService");

        world.declare("default", AwsSimulator.DEFAULT_ACCOUNT, AwsWorld.AMBIENT);
        accepted(apply(delete));
        assertThat(world.calls()).contains("DeleteContainerService");
    }

    @Test
    void accessNarrowedLaterStopsEveryChange() {
        world.service("api");
        world.gate.check("default", null, "production", "api");
        world.aws.audit().clear();
        world.declare("default", AwsSimulator.DEFAULT_ACCOUNT, AwsWorld.AMBIENT, "{}");

        assertThat(refused(apply(deploy("nginx:1.27"))))
                .isInstanceOfSatisfying(
                        Failure.Denied.class,
                        denied -> assertThat(denied.code()).isEqualTo("AccessNotAllowed"));
        assertThat(world.calls()).isEmpty();
    }

    @Test
    void whereAwsCannotBeReachedNothingHappened() {
        try (AwsWorld unreachable = new AwsWorld(URI.create("http://127.0.0.1:1"))) {
            Answer answer = unreachable.writer.apply(unreachable.desired("api"), deploy("nginx:1.27"));

            assertThat(refused(answer)).isInstanceOfSatisfying(Failure.Transient.class, failure -> {
                assertThat(failure.code()).isEqualTo("Unreachable");
                assertThat(failure.effectUnknown()).isFalse();
            });
        }
    }

    private Answer create() {
        return apply(new Action.CreateService("api", "nano", 1, Map.of(), false));
    }

    private Answer apply(Action action) {
        return world.writer.apply(world.desired("api"), action);
    }

    private static Action.Deploy deploy(String image) {
        Content content = new Content(
                new TreeMap<>(Map.of(
                        "app",
                        new ContainerContent(
                                image,
                                List.of(),
                                new TreeMap<>(Map.of("PASSWORD", SecretText.of(SECRET))),
                                new TreeMap<>(Map.of(8080, "HTTP"))))),
                new EndpointContent("app", 8080, "/health/live", "200", 10, 5, 2, 2));
        Release release = new Release(
                content,
                content.digested(new Digester("0123456789abcdef".getBytes(UTF_8))),
                "nano",
                "fingerprint",
                "declared");
        return new Action.Deploy("api", "1", release, Reason.Deploying, List.of(), null, "failure");
    }

    private static Answer.Accepted accepted(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Accepted.class);
        return (Answer.Accepted) answer;
    }

    private static Failure refused(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return ((Answer.Refused) answer).failure();
    }
}
