package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.faults.Faults;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lightsail.LightsailClient;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceState;
import software.amazon.awssdk.services.lightsail.model.LightsailException;

class FaultsTest extends ManualWorld {

    private AuditEntry last() {
        return aws.audit().entries().getLast();
    }

    @ParameterizedTest
    @CsvSource({
        "THROTTLE,ThrottlingException,400",
        "SERVER_ERROR,ServiceException,500",
        "TOO_MANY_REQUESTS,TooManyRequestsException,429",
        "DENIED,AccessDeniedException,400",
        "EXPIRED_TOKEN,ExpiredTokenException,400",
        "UNKNOWN_KEY,UnrecognizedClientException,400",
        "TRY_AGAIN,InvalidInputException,400"
    })
    void refusalsOfEveryKind(FaultKind kind, String code, int status) {
        aws.faults().add(Fault.of(kind, "CreateContainerService").times(1));

        LightsailException thrown = catchThrowableOfType(LightsailException.class, () -> Sdk.create(client, "web"));
        assertThat(thrown.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(thrown.statusCode()).isEqualTo(status);
        assertThat(last().effect()).isEqualTo(Effect.NONE);
        assertThat(last().outcome()).isEqualTo(code);
        assertThat(last().fault()).isEqualTo(kind.name());
        assertThat(region().names()).isEmpty();

        Sdk.create(client, "web");
        assertThat(region().names()).containsExactly("web");
    }

    @Test
    void anHtmlPageHasNoCode() {
        aws.faults().add(Fault.of(FaultKind.UNAVAILABLE_HTML));

        LightsailException thrown = catchThrowableOfType(LightsailException.class, () -> Sdk.create(client, "web"));
        assertThat(thrown.statusCode()).isEqualTo(503);
        assertThat(thrown.awsErrorDetails().errorCode()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "LOST_BEFORE,false",
        "LOST_AFTER,true",
        "HANG_BEFORE,false",
        "HANG_AFTER,true",
        "TRUNCATED,true",
        "SLOW,true"
    })
    void ambiguousAnswers(FaultKind kind, boolean takesEffect) {
        aws.faults().add(Fault.of(kind, "CreateContainerService").delayed(Duration.ofSeconds(20)));

        try (LightsailClient impatient = Sdk.impatientLightsail(aws)) {
            assertThatThrownBy(() -> Sdk.create(impatient, "web")).isInstanceOf(SdkClientException.class);
        }

        // Who gives up may do so before the request was looked at.
        await().until(() -> !aws.audit().of("CreateContainerService").isEmpty());
        assertThat(region().names()).hasSize(takesEffect ? 1 : 0);
        assertThat(last().effect()).isEqualTo(takesEffect ? Effect.CREATED : Effect.NONE);
    }

    @Test
    void theSdkRepeatsALostDeploymentAndMeetsItsOwnFirstAttempt() {
        ready("web");
        aws.faults()
                .add(Fault.of(FaultKind.LOST_AFTER, "CreateContainerServiceDeployment")
                        .times(1));
        try (LightsailClient retrying = Sdk.retryingLightsail(aws)) {
            assertThatThrownBy(() -> Sdk.deploy(retrying, "web", GOOD))
                    .isInstanceOf(LightsailException.class)
                    .hasMessageContaining("is in progress");
        }

        List<AuditEntry> attempts = aws.audit().of("CreateContainerServiceDeployment");
        assertThat(attempts).extracting(AuditEntry::attempt).containsExactly(1, 2);
        assertThat(attempts).extracting(AuditEntry::effect).containsExactly(Effect.DEPLOYED, Effect.NONE);
        assertThat(attempts).extracting(AuditEntry::invocationId).doesNotContainNull();
        assertThat(attempts.get(0).invocationId()).isEqualTo(attempts.get(1).invocationId());
        assertThat(attempts.get(0).requestHash()).isEqualTo(attempts.get(1).requestHash());
    }

    @Test
    void theSdkGetsThroughThrottlingAndServerErrors() {
        aws.faults().add(Fault.of(FaultKind.THROTTLE).times(1));
        aws.faults().add(Fault.of(FaultKind.SERVER_ERROR).times(1));
        try (LightsailClient retrying = Sdk.retryingLightsail(aws)) {
            Sdk.create(retrying, "web");
        }
        assertThat(aws.audit().of("CreateContainerService"))
                .extracting(AuditEntry::outcome)
                .containsExactly("ThrottlingException", "ServiceException", "OK");
    }

    @Test
    void staleReadsAnswerAsThingsStood() {
        ready("web");
        pass(Duration.ofMinutes(10));
        Sdk.deploy(client, "web", GOOD);
        aws.faults().add(Fault.of(FaultKind.STALE_READ).delayed(Duration.ofMinutes(5)));

        assertThat(service("web").state()).isEqualTo(ContainerServiceState.READY);
        assertThat(client.getContainerServiceDeployments(r -> r.serviceName("web"))
                        .deployments())
                .isEmpty();
        pass(Duration.ofMinutes(5));
        assertThat(service("web").state()).isEqualTo(ContainerServiceState.DEPLOYING);
    }

    @Test
    void unknownValuesReachTheClientAsSuch() {
        ready("web");
        aws.faults().add(Fault.of(FaultKind.UNKNOWN_VALUE));

        assertThat(service("web").state()).isEqualTo(ContainerServiceState.UNKNOWN_TO_SDK_VERSION);
        assertThat(service("web").stateAsString()).isEqualTo("SIMULATED_FUTURE_STATE");
    }

    @Test
    void theWrongAccountHasOtherServices() {
        Sdk.create(client, "web");
        aws.faults().add(Fault.of(FaultKind.WRONG_ACCOUNT).leadingTo("555555555555"));

        assertThat(client.getContainerServices(r -> {}).containerServices()).isEmpty();
        try (var sts = Sdk.sts(aws, Sdk.defaultCredentials())) {
            assertThat(sts.getCallerIdentity().account()).isEqualTo("555555555555");
        }
    }

    @Test
    void conditionsNarrowAFault() {
        Faults.Injected injected = aws.faults()
                .add(Fault.of(FaultKind.THROTTLE, "GetContainerServices")
                        .onService("lightsail")
                        .inRegion(Sdk.REGION)
                        .inAccount(AwsSimulator.DEFAULT_ACCOUNT)
                        .onTarget("web")
                        .startingAt(2)
                        .times(1));
        Sdk.create(client, "web");
        client.getContainerServices(r -> {});
        service("web");
        assertThatThrownBy(() -> service("web")).isInstanceOf(LightsailException.class);
        service("web");
        try (LightsailClient elsewhere = Sdk.lightsail(aws, "us-east-1", Sdk.defaultCredentials())) {
            elsewhere.getContainerServices(r -> {});
        }
        assertThat(injected.hits()).isEqualTo(1);
    }

    @Test
    void probabilityIsDrawnFromTheSeed() {
        Faults.Injected injected = aws.faults()
                .add(Fault.of(FaultKind.THROTTLE, "GetContainerServices").withProbability(0.5));
        int failures = 0;
        for (int i = 0; i < 100; i++) {
            try {
                client.getContainerServices(r -> {});
            } catch (LightsailException e) {
                failures++;
            }
        }
        assertThat(injected.hits()).isEqualTo(failures).isBetween(30, 70);
    }

    @Test
    void aHangingEndpointLetsGoWhenTheFaultIsRemoved() {
        Faults.Injected injected = aws.faults().add(Fault.of(FaultKind.HANG_BEFORE));
        try (LightsailClient impatient = Sdk.impatientLightsail(aws)) {
            assertThatThrownBy(() -> impatient.getContainerServices(r -> {})).isInstanceOf(SdkClientException.class);
        }
        injected.remove();
        assertThat(client.getContainerServices(r -> {}).containerServices()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(FaultKind.class)
    void noFaultPutsEnvironmentValuesIntoTheAudit(FaultKind kind) {
        ready("web");
        aws.faults().add(Fault.of(kind).delayed(Duration.ofMillis(1)));
        try (LightsailClient impatient = Sdk.impatientLightsail(aws)) {
            Sdk.deploy(impatient, "web", GOOD);
        } catch (SdkClientException | LightsailException e) {
            assertThat(e).hasMessageNotContaining("hunter2");
        }
        assertThat(aws.audit().entries().toString()).doesNotContain("hunter2");
        assertThat(aws.lightsail().services().toString()).doesNotContain("hunter2");
    }
}
