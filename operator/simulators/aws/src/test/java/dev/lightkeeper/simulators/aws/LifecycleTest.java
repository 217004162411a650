package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lightkeeper.simulators.aws.lightsail.StateDetailCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lightsail.model.Container;
import software.amazon.awssdk.services.lightsail.model.ContainerService;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceDeployment;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceDeploymentState;
import software.amazon.awssdk.services.lightsail.model.ContainerServicePowerName;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceState;
import software.amazon.awssdk.services.lightsail.model.NotFoundException;

class LifecycleTest extends ManualWorld {

    private List<String> watch(String name, Duration time, Duration step) {
        Set<String> seen = new LinkedHashSet<>();
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            ContainerService service = service(name);
            seen.add(service.stateAsString()
                    + (service.stateDetail() == null
                            ? ""
                            : " " + service.stateDetail().codeAsString()));
            pass(step);
        }
        return new ArrayList<>(seen);
    }

    private int status(String name) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI url = URI.create(region().service(name).url());
            return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private List<ContainerServiceDeployment> deployments(String name) {
        return client.getContainerServiceDeployments(r -> r.serviceName(name)).deployments();
    }

    private static Container app(ContainerServiceDeployment deployment) {
        return Objects.requireNonNull(deployment.containers().get("app"));
    }

    @Test
    void creationPassesItsDetailsInOrder() {
        Sdk.create(client, "web");

        assertThat(watch("web", Duration.ofMinutes(3), Duration.ofSeconds(10)))
                .containsExactly(
                        "PENDING CREATING_SYSTEM_RESOURCES",
                        "PENDING CREATING_NETWORK_INFRASTRUCTURE",
                        "PENDING PROVISIONING_CERTIFICATE",
                        "PENDING PROVISIONING_SERVICE",
                        "READY");
    }

    @Test
    void aServiceLooksLikeAwsSendsIt() {
        Sdk.create(client, "web");
        assertThat(service("web").principalArn()).isEmpty();
        pass(Duration.ofMinutes(3));

        ContainerService service = service("web");
        assertThat(service.arn()).matches("arn:aws:lightsail:eu-central-1:123456789012:ContainerService/[0-9a-f-]{36}");
        assertThat(service.location().availabilityZone()).isEqualTo("all");
        assertThat(service.location().regionNameAsString()).isEqualTo("eu-central-1");
        assertThat(service.resourceTypeAsString()).isEqualTo("ContainerService");
        assertThat(service.power()).isEqualTo(ContainerServicePowerName.NANO);
        assertThat(service.powerId()).isEqualTo("nano-1");
        assertThat(service.createdAt()).isEqualTo(START);
        assertThat(service.url()).endsWith("/");
        assertThat(service.privateDomainName()).isEqualTo("web.service.local");
        assertThat(service.principalArn()).startsWith("arn:aws:iam::");
        assertThat(service.tags()).extracting("key").containsExactly("owner");
        assertThat(service.isDisabled()).isFalse();
        assertThat(service.currentDeployment()).isNull();
        assertThat(service.nextDeployment()).isNull();
    }

    @Test
    void aGoodDeploymentBecomesActiveAndServes() throws IOException, InterruptedException {
        ready("web");
        assertThat(status("web")).isEqualTo(404);
        assertThat(Sdk.deploy(client, "web", GOOD)).isEqualTo(1);
        assertThat(service("web").nextDeployment().state()).isEqualTo(ContainerServiceDeploymentState.ACTIVATING);
        assertThat(service("web").currentDeployment()).isNull();

        assertThat(watch("web", Duration.ofMinutes(10), Duration.ofSeconds(5)))
                .containsExactly(
                        "DEPLOYING CREATING_DEPLOYMENT",
                        "DEPLOYING EVALUATING_HEALTH_CHECK",
                        "DEPLOYING ACTIVATING_DEPLOYMENT",
                        "RUNNING");
        assertThat(service("web").currentDeployment().state()).isEqualTo(ContainerServiceDeploymentState.ACTIVE);
        assertThat(service("web").nextDeployment()).isNull();
        assertThat(status("web")).isEqualTo(200);
    }

    @Test
    void aServiceCreatedWithADeploymentGoesOnToRunning() {
        client.createContainerService(r -> r.serviceName("web")
                .power("micro")
                .scale(2)
                .deployment(
                        d -> d.containers(Map.of("app", Sdk.container(GOOD))).publicEndpoint(Sdk.endpoint())));

        List<String> seen = watch("web", Duration.ofMinutes(12), Duration.ofSeconds(5));
        assertThat(seen)
                .startsWith("PENDING CREATING_SYSTEM_RESOURCES")
                .contains("DEPLOYING EVALUATING_HEALTH_CHECK")
                .endsWith("RUNNING");
    }

    @Test
    void defaultsComeBackFilledIn() {
        ready("web");
        Sdk.deploy(client, "web", GOOD);

        ContainerServiceDeployment deployment = deployments("web").getFirst();
        assertThat(app(deployment).hasCommand()).isTrue();
        assertThat(app(deployment).command()).isEmpty();
        assertThat(app(deployment).environment()).containsEntry("PASSWORD", "hunter2-is-secret");
        assertThat(deployment.publicEndpoint().healthCheck().path()).isEqualTo("/");
        assertThat(deployment.publicEndpoint().healthCheck().successCodes()).isEqualTo("200-499");
        assertThat(deployment.publicEndpoint().healthCheck().intervalSeconds()).isEqualTo(5);
        assertThat(deployment.publicEndpoint().healthCheck().timeoutSeconds()).isEqualTo(2);
        assertThat(deployment.publicEndpoint().healthCheck().healthyThreshold()).isEqualTo(2);
        assertThat(deployment.publicEndpoint().healthCheck().unhealthyThreshold())
                .isEqualTo(2);
    }

    @Test
    void afterAFailedDeploymentTheOldOneServesAndTheServiceStateTellsNothing()
            throws IOException, InterruptedException {
        running("web");
        Sdk.deploy(client, "web", BAD);
        pass(Duration.ofMinutes(2));
        assertThat(status("web")).isEqualTo(200);
        settle();

        assertThat(service("web").state()).isEqualTo(ContainerServiceState.RUNNING);
        assertThat(service("web").currentDeployment().version()).isEqualTo(1);
        assertThat(deployments("web")).extracting("version").containsExactly(2, 1);
        assertThat(deployments("web"))
                .extracting(d -> d.state())
                .containsExactly(ContainerServiceDeploymentState.FAILED, ContainerServiceDeploymentState.ACTIVE);
        assertThat(status("web")).isEqualTo(200);
    }

    @Test
    void aFailedFirstDeploymentEndsInReady() {
        ready("web");
        Sdk.deploy(client, "web", BAD);
        settle();

        assertThat(service("web").state()).isEqualTo(ContainerServiceState.READY);
        assertThat(service("web").currentDeployment()).isNull();
        assertThat(deployments("web").getFirst().state()).isEqualTo(ContainerServiceDeploymentState.FAILED);
    }

    @Test
    void aNewVersionReplacesTheOldOneAsAWhole() {
        running("web");
        client.createContainerServiceDeployment(r -> r.serviceName("web")
                .containers(Map.of(
                        "app",
                        Sdk.container(GOOD).toBuilder().environment(Map.of()).build())));
        settle();

        ContainerServiceDeployment current = service("web").currentDeployment();
        assertThat(current.version()).isEqualTo(2);
        assertThat(current.publicEndpoint()).isNull();
        assertThat(app(current).environment()).isEmpty();
        assertThat(deployments("web"))
                .extracting(d -> d.state())
                .containsExactly(ContainerServiceDeploymentState.ACTIVE, ContainerServiceDeploymentState.INACTIVE);
    }

    @Test
    void onlyTheLastFiftyVersionsAreKept() {
        ready("web");
        for (int i = 0; i < 55; i++) {
            client.createContainerServiceDeployment(
                    r -> r.serviceName("web").containers(Map.of("app", Sdk.container(":web.nothing.1"))));
            pass(Duration.ofMinutes(15));
        }

        assertThat(deployments("web")).hasSize(50);
        assertThat(deployments("web").getFirst().version()).isEqualTo(55);
        assertThat(deployments("web").getLast().version()).isEqualTo(6);
    }

    @Test
    void anUnknownStoredImageFailsAfterThreeNodeStarts() {
        ready("web");
        Sdk.deploy(client, "web", ":web.api.7");
        settle();

        assertThat(deployments("web").getFirst().state()).isEqualTo(ContainerServiceDeploymentState.FAILED);
        List<String> lines =
                client
                        .getContainerLog(
                                r -> r.serviceName("web").containerName("app").startTime(START))
                        .logEvents()
                        .stream()
                        .map(e -> e.message())
                        .toList();
        assertThat(lines).filteredOn(l -> l.contains("Started 1 new node")).hasSize(3);
        assertThat(lines).last().asString().contains("Canceled");
    }

    @Test
    void updatesPassThroughUpdatingAndShowTheNewValuesAtOnce() {
        running("web");
        client.updateContainerService(r -> r.serviceName("web").scale(2).power("small"));

        assertThat(service("web").scale()).isEqualTo(2);
        assertThat(watch("web", Duration.ofMinutes(5), Duration.ofSeconds(10)))
                .containsExactly("UPDATING PROVISIONING_SERVICE", "RUNNING");
        assertThat(service("web").currentDeployment().version()).isEqualTo(1);
        assertThat(service("web").powerId()).isEqualTo("small-1");
    }

    @Test
    void aDisabledServiceAnswers503AndComesBackWithItsLastDeployment() throws IOException, InterruptedException {
        running("web");
        client.updateContainerService(r -> r.serviceName("web").isDisabled(true));
        pass(Duration.ofMinutes(2));
        assertThat(service("web").state()).isEqualTo(ContainerServiceState.DISABLED);
        assertThat(service("web").isDisabled()).isTrue();
        assertThat(status("web")).isEqualTo(503);

        client.updateContainerService(r -> r.serviceName("web").isDisabled(false));
        settle();
        assertThat(service("web").state()).isEqualTo(ContainerServiceState.RUNNING);
        assertThat(status("web")).isEqualTo(200);
    }

    @Test
    void deletionPassesThroughDeletingAndLeavesNothing() {
        running("web");
        ContainerService before = service("web");
        client.deleteContainerService(r -> r.serviceName("web"));
        assertThat(service("web").state()).isEqualTo(ContainerServiceState.DELETING);
        pass(Duration.ofMinutes(1));

        assertThatThrownBy(() -> service("web")).isInstanceOf(NotFoundException.class);
        assertThat(client.getContainerServices(r -> {}).containerServices()).isEmpty();

        running("web");
        assertThat(service("web").arn()).isNotEqualTo(before.arn());
        assertThat(service("web").currentDeployment().version()).isEqualTo(1);
    }

    @Test
    void theImagePullerHasNoArnUntilTheUpdateIsThrough() {
        ready("web");
        client.updateContainerService(
                r -> r.serviceName("web").privateRegistryAccess(p -> p.ecrImagePullerRole(e -> e.isActive(true))));
        assertThat(service("web").privateRegistryAccess().ecrImagePullerRole().principalArn())
                .isEmpty();
        pass(Duration.ofMinutes(3));
        assertThat(service("web").privateRegistryAccess().ecrImagePullerRole().principalArn())
                .startsWith("arn:aws:iam::");

        String image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/app:1";
        Sdk.deploy(client, "web", image);
        settle();
        assertThat(service("web").state()).isEqualTo(ContainerServiceState.RUNNING);

        region().closeRepository("team/app");
        Sdk.deploy(client, "web", image);
        settle();
        assertThat(service("web").currentDeployment().version()).isEqualTo(1);
    }

    @Test
    void aFrozenDeploymentStaysActivating() {
        ready("web");
        region().freeze("web");
        Sdk.deploy(client, "web", GOOD);
        pass(Duration.ofHours(3));
        assertThat(service("web").nextDeployment().state()).isEqualTo(ContainerServiceDeploymentState.ACTIVATING);

        region().unfreeze("web");
        settle();
        assertThat(service("web").state()).isEqualTo(ContainerServiceState.RUNNING);
    }

    @Test
    void aStuckCreationNeverEndsButCanBeDeleted() {
        Sdk.create(client, "web");
        region().stick("web", StateDetailCode.CERTIFICATE_LIMIT_EXCEEDED);
        settle();
        assertThat(service("web").stateDetail().codeAsString()).isEqualTo("CERTIFICATE_LIMIT_EXCEEDED");

        client.deleteContainerService(r -> r.serviceName("web"));
        settle();
        assertThat(region().find("web")).isEmpty();
    }

    @Test
    void moneyRunsUntilDeletionAlsoWhileDisabled() {
        Sdk.create(client, "web");
        client.getContainerServicePowers(r -> {});
        pass(Duration.ofHours(372));
        assertThat(aws.lightsail().totalCost()).isCloseTo(3.5, within(0.01));
        client.updateContainerService(r -> r.serviceName("web").isDisabled(true));
        pass(Duration.ofHours(372));
        assertThat(aws.lightsail().totalCost()).isCloseTo(7, within(0.01));
        client.deleteContainerService(r -> r.serviceName("web"));
        pass(Duration.ofHours(372));
        assertThat(aws.lightsail().totalCost()).isCloseTo(7, within(0.01));
    }

    @Test
    void accountsAndRegionsAreApart() {
        Sdk.create(client, "web");

        assertThat(aws.in("us-east-1").names()).isEmpty();
        assertThat(aws.lightsail().in("999999999999", Sdk.REGION).names()).isEmpty();
        assertThat(region().names()).containsExactly("web");
    }

    @Test
    void aPersonCanDoEverythingPastTheApi() {
        running("web");
        ContainerService before = service("web");
        assertThat(region().redeploy("web", c -> c.withImage("app", "acme/app:2")))
                .isEqualTo(2);
        settle();
        region().scale("web", 3);
        settle();
        region().tag("web", "team", "core");
        region().untag("web", "owner", "team");
        assertThat(service("web").scale()).isEqualTo(3);
        assertThat(service("web").tags()).isEmpty();
        assertThat(app(service("web").currentDeployment()).image()).isEqualTo("acme/app:2");

        region().recreate("web");
        assertThat(service("web").arn()).isNotEqualTo(before.arn());
        assertThat(service("web").state()).isEqualTo(ContainerServiceState.READY);
        assertThat(deployments("web")).isEmpty();
        assertThat(aws.audit().mutations()).hasSize(2);
    }
}
