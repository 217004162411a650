package dev.lightkeeper.lightsail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.lightkeeper.desired.DigestedContent.DigestedContainer;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.ServiceState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lightsail.model.Container;
import software.amazon.awssdk.services.lightsail.model.ContainerService;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceDeployment;

class LiveServicesTest {
    private final Digester digester = new Digester("0123456789abcdef".getBytes(UTF_8));
    private final LiveServices live = new LiveServices(digester);

    @Test
    void aWordThatThisVersionDoesNotKnowIsUnrecognized() {
        LiveService service = present(live.service(service()
                .state("HIBERNATING")
                .currentDeployment(deployment(3).state("THAWING").build())
                .build()));

        assertThat(service.state()).isEqualTo(ServiceState.UNRECOGNIZED);
        assertThat(current(service).state()).isEqualTo(LiveDeployment.State.UNRECOGNIZED);
    }

    @Test
    void aMissingStateIsUnrecognizedToo() {
        assertThat(present(live.service(service().build())).state()).isEqualTo(ServiceState.UNRECOGNIZED);
    }

    @Test
    void everyStateOfTheApiIsKnown() {
        for (ServiceState state : ServiceState.values()) {
            assertThat(present(live.service(service().state(state.name()).build()))
                            .state())
                    .isEqualTo(state);
        }
    }

    @Test
    void environmentLeavesOnlyAsKeyedDigestsAndNamesOfEmptyVariables() {
        LiveService service = present(live.service(service()
                .state("RUNNING")
                .currentDeployment(deployment(1)
                        .state("ACTIVE")
                        .containers(Map.of(
                                "api",
                                Container.builder()
                                        .image("x")
                                        .environment(Map.of("TOKEN", "clear-text-value", "EMPTY", ""))
                                        .build()))
                        .build())
                .build()));

        assertThat(service.toString()).doesNotContain("clear-text-value");
        assertThat(current(service).content().containers().values())
                .singleElement()
                .extracting(DigestedContainer::environment, as(MAP))
                .containsEntry("TOKEN", digester.digest("api/TOKEN", "clear-text-value"));
        assertThat(current(service).emptyVariables()).containsExactly("api/EMPTY");
    }

    @Test
    void aDescriptionWithoutAMemberThatDecisionsNeedIsUnknown() {
        assertThat(live.service(service().arn(null).build())).isInstanceOf(Observed.Unknown.class);
        assertThat(live.service(service().scale(null).build())).isInstanceOf(Observed.Unknown.class);
        assertThat(live.service(service()
                        .currentDeployment(ContainerServiceDeployment.builder().build())
                        .build()))
                .isInstanceOf(Observed.Unknown.class);
        assertThat(live.service(service()
                        .currentDeployment(deployment(1)
                                .containers(Map.of(
                                        "api",
                                        Container.builder()
                                                .portsWithStrings(Map.of("http", "HTTP"))
                                                .build()))
                                .build())
                        .build()))
                .isInstanceOf(Observed.Unknown.class);
    }

    @Test
    void whatLightsailLeavesOutOfAServiceIsNothing() {
        LiveService service = present(live.service(service().build()));

        assertThat(service.current()).isNull();
        assertThat(service.next()).isNull();
        assertThat(service.stateDetail()).isNull();
        assertThat(service.tags()).isEmpty();
        assertThat(service.publicDomainNames()).isEmpty();
        assertThat(service.ecrImagePullerActive()).isFalse();
        assertThat(service.ecrImagePullerRoleArn()).isNull();
    }

    @Test
    void aRoleThatIsNotMadeYetHasNoArn() {
        LiveService service = present(live.service(service()
                .privateRegistryAccess(access ->
                        access.ecrImagePullerRole(role -> role.isActive(true).principalArn("")))
                .build()));

        assertThat(service.ecrImagePullerActive()).isTrue();
        assertThat(service.ecrImagePullerRoleArn()).isNull();
    }

    @Test
    void aDetachedCertificateIsNoDomain() {
        assertThat(present(live.service(service()
                                .publicDomainNames(Map.of("gone", List.of(), "kept", List.of("api.example.com")))
                                .build()))
                        .publicDomainNames())
                .isEqualTo(Map.of("kept", List.of("api.example.com")));
    }

    @Test
    void deploymentsComeNewestFirstWhateverAwsSends() {
        Observed<List<LiveDeployment>> deployments = live.deployments(List.of(
                deployment(9).build(), deployment(11).build(), deployment(10).build()));

        assertThat(present(deployments)).extracting(LiveDeployment::version).containsExactly(11, 10, 9);
    }

    private static ContainerService.Builder service() {
        return ContainerService.builder()
                .containerServiceName("api")
                .arn("arn:aws:lightsail:eu-central-1:111111111111:ContainerService/1")
                .power("nano")
                .scale(2);
    }

    private static ContainerServiceDeployment.Builder deployment(int version) {
        return ContainerServiceDeployment.builder().version(version).state("ACTIVE");
    }

    private static LiveDeployment current(LiveService service) {
        return Objects.requireNonNull(service.current());
    }

    private static <T> T present(Observed<T> observed) {
        assertThat(observed).isInstanceOf(Observed.Present.class);
        return ((Observed.Present<T>) observed).value();
    }
}
