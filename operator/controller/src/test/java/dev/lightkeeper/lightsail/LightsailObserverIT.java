package dev.lightkeeper.lightsail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.aws.AwsWorld;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.ServiceState;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.lightsail.Power;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LightsailObserverIT {
    private static final String ARN = "arn:aws:lightsail:eu-central-1:123456789012:ContainerService/gone";

    private final AwsWorld world = new AwsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aSteadyLookOfFiftyResourcesCostsTwoCallsAndOnceADayThePriceList() throws Exception {
        for (int i = 0; i < 50; i++) {
            world.service("api-" + i);
        }
        lookAtAll(50);

        assertThat(world.calls())
                .containsExactlyInAnyOrder("GetCallerIdentity", "GetContainerServices", "GetContainerServicePowers");
        world.aws.audit().clear();
        world.clock.advance(Duration.ofSeconds(30));
        lookAtAll(50);
        assertThat(world.calls()).containsExactly("GetContainerServices");
    }

    @Test
    void fiftyResourcesDoNotMakeFiftyFailingCalls() throws Exception {
        world.gate.check("default", null, "production", "api");
        world.aws.audit().clear();
        world.aws.faults().add(Fault.of(FaultKind.THROTTLE, "GetContainerServices"));
        try (ExecutorService runs = Executors.newFixedThreadPool(10)) {
            List<Future<LiveState>> looks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String name = "api-" + i;
                looks.add(runs.submit(() -> world.observer.look(world.look(name))));
            }
            for (Future<LiveState> look : looks) {
                assertThat(look.get().service()).isInstanceOf(Observed.Unknown.class);
            }
        }
        assertThat(world.calls()).hasSize(2).containsOnly("GetContainerServices");

        world.aws.faults().clear();
        world.service("api-0");
        world.clock.advance(Duration.ofSeconds(3));
        assertThat(world.observer.look(world.look("api-0")).service()).isInstanceOf(Observed.Present.class);
    }

    @Test
    void aListReadBeforeOurLastChangeIsNotBelievedAndNotReadAnewForOneService() {
        world.service("api");
        world.observer.look(world.look("api"));
        world.lightsail().scale("api", 5);
        Instant changed = world.clock.instant();
        world.clock.advance(Duration.ofSeconds(1));
        world.aws.audit().clear();

        LiveState state = world.observer.look(new Look(world.desired("api"), null, changed, false, false));

        assertThat(service(state).scale()).isEqualTo(5);
        assertThat(world.aws.audit().forService("api")).hasSize(1);
        assertThat(world.calls()).hasSize(1);
    }

    @Test
    void aServiceThatNobodyOwnsIsNotJudgedByAListThatMayBeOlderThanWhatSomebodyDidToIt() {
        world.lightsail().create("api", Power.NANO, 2, Map.of());
        world.observer.look(world.look("other"));
        world.lightsail().scale("api", 5);

        assertThat(service(world.observer.look(world.look("api"))).scale()).isEqualTo(5);
        assertThat(world.aws.audit().forService("api")).hasSize(1);
    }

    @Test
    void aNameThatNeverWasOursIsAbsentAtTheNamedCallsNotFound() {
        assertThat(world.observer.look(world.look("api")).service()).isInstanceOf(Observed.Absent.class);
        assertThat(world.aws.audit().forService("api")).hasSize(1);
    }

    @Test
    void aRecordedServiceIsAbsentOnlyAfterTwoNotFoundsAMinuteApart() {
        Look look = pinnedTo(AwsSimulator.DEFAULT_ACCOUNT, AwsWorld.REGION);

        assertThat(code(world.observer.look(look).service())).isEqualTo("AbsenceNotConfirmed");
        world.clock.advance(Duration.ofSeconds(30));
        assertThat(code(world.observer.look(look).service())).isEqualTo("AbsenceNotConfirmed");
        world.clock.advance(Duration.ofSeconds(30));
        assertThat(world.observer.look(look).service()).isInstanceOf(Observed.Absent.class);
    }

    @ParameterizedTest
    @CsvSource({"999988887777, eu-central-1", "123456789012, us-east-2"})
    void nothingIsAskedInAnotherAccountOrRegionThanTheOneOfTheFirstContact(String account, String region) {
        world.service("api");

        LiveState state = world.observer.look(pinnedTo(account, region));

        assertThat(state.account()).isInstanceOf(AccountCheck.Verified.class);
        assertThat(state.service()).isInstanceOf(Observed.Unknown.class);
        assertThat(world.calls()).allMatch("GetCallerIdentity"::equals);
    }

    private Look pinnedTo(String account, String region) {
        return new Look(world.desired("api"), new TargetStatus(account, region, ARN, true), null, false, false);
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultKind.class,
            names = {
                "THROTTLE",
                "SERVER_ERROR",
                "UNAVAILABLE_HTML",
                "DENIED",
                "EXPIRED_TOKEN",
                "LOST_BEFORE",
                "TRUNCATED"
            })
    void noFaultIsEverTakenForAbsence(FaultKind fault) {
        world.service("api");
        world.aws.faults().add(Fault.of(fault, "GetContainerServices"));

        LiveState state = world.observer.look(new Look(world.desired("api"), null, null, true, true));

        assertThat(state.service()).isInstanceOf(Observed.Unknown.class);
        assertThat(state.deployments()).isInstanceOf(Observed.Unknown.class);
        assertThat(state.storedImages()).isInstanceOf(Observed.Unknown.class);
    }

    @Test
    void aStateOfTheFutureIsUnrecognizedAndChangesAreNotAccepted() {
        world.service("api");
        world.aws.faults().add(Fault.of(FaultKind.UNKNOWN_VALUE, "GetContainerServices"));

        ServiceState state = service(world.observer.look(world.look("api"))).state();

        assertThat(state).isEqualTo(ServiceState.UNRECOGNIZED);
        assertThat(state.acceptsChanges()).isFalse();
    }

    @Test
    void deploymentsAndImagesAreAskedForOnlyWhenNeeded() {
        world.service("api");
        String image = world.lightsail().registerImage("api", "release", null);
        world.observer.look(world.look("api"));
        assertThat(world.calls()).doesNotContain("GetContainerServiceDeployments", "GetContainerImages");

        LiveState state = world.observer.look(new Look(world.desired("api"), null, null, true, true));

        assertThat(state.deployments()).isEqualTo(new Observed.Present<>(List.of()));
        assertThat(state.storedImages()).isEqualTo(new Observed.Present<>(java.util.Set.of(image)));
    }

    @Test
    void aDisabledServiceIsSeenAsSuch() {
        world.service("api");
        world.lightsail().disable("api");
        world.aws.clock().advance(Duration.ofMinutes(10));

        assertThat(service(world.observer.look(world.look("api"))).state()).isEqualTo(ServiceState.DISABLED);
    }

    @Test
    void rejectedKeysAreReadAgainFromTheirSecretBeforeTheUsualTime() {
        world.declare("other", AwsWorld.OTHER_ACCOUNT, "secretRef: {namespace: ops, name: keys}");
        world.secrets.put("ops/keys", keys(AwsWorld.OTHER_KEY));
        Look look = new Look(world.desired("other", "api"), null, null, false, false);
        assertThat(world.observer.look(look).service()).isInstanceOf(Observed.Absent.class);

        world.aws.credentials().removeKey(AwsWorld.OTHER_KEY);
        world.aws.credentials().addKey(AwsWorld.OTHER_ACCOUNT, "AKIASIMULATOR0000010");
        world.secrets.put("ops/keys", keys("AKIASIMULATOR0000010"));
        world.clock.advance(Duration.ofSeconds(31));

        assertThat(world.observer.look(look).service()).isInstanceOf(Observed.Unknown.class);
        assertThat(world.observer.look(look).service()).isInstanceOf(Observed.Absent.class);
    }

    private static Map<String, SecretText> keys(String keyId) {
        return Map.of(
                "aws_access_key_id", SecretText.of(keyId),
                "aws_secret_access_key", SecretText.of("simulated-secret-key"));
    }

    private void lookAtAll(int count) throws Exception {
        try (ExecutorService runs = Executors.newFixedThreadPool(10)) {
            List<Future<LiveState>> looks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String name = "api-" + i;
                looks.add(runs.submit(() -> world.observer.look(world.look(name))));
            }
            for (Future<LiveState> look : looks) {
                assertThat(service(look.get()).state()).isEqualTo(ServiceState.READY);
            }
        }
    }

    private static LiveService service(LiveState state) {
        assertThat(state.service()).isInstanceOf(Observed.Present.class);
        return ((Observed.Present<LiveService>) state.service()).value();
    }

    private static String code(Observed<LiveService> service) {
        assertThat(service).isInstanceOf(Observed.Unknown.class);
        return ((Failure.Transient) ((Observed.Unknown<LiveService>) service).failure()).code();
    }
}
