package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.lightsail.Certificate;
import dev.lightkeeper.simulators.aws.lightsail.Quotas;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.lightsail.model.Container;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceHealthCheckConfig;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceProtocol;
import software.amazon.awssdk.services.lightsail.model.LightsailException;

class RefusalsTest extends ManualWorld {
    RefusalsTest() {
        super(Quotas.defaults().withServices(3));
    }

    private void refused(String code, String text, ThrowingCallable call) {
        int changes = aws.audit().mutations().size();
        LightsailException thrown = catchThrowableOfType(LightsailException.class, call);
        assertThat(thrown).isNotNull();
        assertThat(thrown.statusCode()).isEqualTo(400);
        assertThat(thrown.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(thrown.awsErrorDetails().errorMessage()).containsIgnoringCase(text);
        assertThat(aws.audit().mutations()).hasSize(changes);
        assertThat(aws.audit().entries().getLast().outcome()).isEqualTo(code);
        assertThat(aws.audit().entries().getLast().effect()).isEqualTo(Effect.NONE);
    }

    private void refused(String text, ThrowingCallable call) {
        refused("InvalidInputException", text, call);
    }

    private void deploy(Map<String, Container> containers) {
        client.createContainerServiceDeployment(r -> r.serviceName("web").containers(containers));
    }

    @Test
    void deploymentWhileOneIsInProgressUsesNoVersion() {
        running("web");
        Sdk.deploy(client, "web", GOOD);

        refused("Deployment 2 is in progress for service \"web\"", () -> Sdk.deploy(client, "web", GOOD));
        refused("Please wait for it to complete before trying again", () -> Sdk.deploy(client, "web", GOOD));
        settle();
        assertThat(Sdk.deploy(client, "web", GOOD)).isEqualTo(3);
    }

    @Test
    void everythingButReadsAndTagsIsRefusedInTransition() {
        Sdk.create(client, "web");
        refused("try again in a few minutes", () -> Sdk.deploy(client, "web", GOOD));
        refused(
                "try again in a few minutes",
                () -> client.updateContainerService(r -> r.serviceName("web").scale(2)));
        refused("try again in a few minutes", () -> client.deleteContainerService(r -> r.serviceName("web")));
        client.tagResource(r -> r.resourceName("web").tags(Sdk.tag("a", "b")));
        settle();
        client.updateContainerService(r -> r.serviceName("web").scale(2));
        refused("try again in a few minutes", () -> Sdk.deploy(client, "web", GOOD));
        settle();
        Sdk.deploy(client, "web", GOOD);
        refused(
                "try again in a few minutes",
                () -> client.updateContainerService(r -> r.serviceName("web").scale(1)));
        refused(
                "wait for it to complete before trying again",
                () -> client.deleteContainerService(r -> r.serviceName("web")));
        settle();
        client.deleteContainerService(r -> r.serviceName("web"));
        refused("try again in a few minutes", () -> client.deleteContainerService(r -> r.serviceName("web")));
        refused("in use", () -> Sdk.create(client, "web"));
    }

    @Test
    void deploymentToADisabledServiceUsesNoVersion() {
        running("web");
        client.updateContainerService(r -> r.serviceName("web").isDisabled(true));
        settle();

        refused("is disabled and cannot be deployed to", () -> Sdk.deploy(client, "web", GOOD));
        assertThat(region().service("web").lastVersion()).isEqualTo(1);
    }

    @Test
    void whatIsUnknownIsNotFound() {
        refused("NotFoundException", "web", () -> service("web"));
        refused("NotFoundException", "web", () -> Sdk.deploy(client, "web", GOOD));
        refused("NotFoundException", "web", () -> client.deleteContainerService(r -> r.serviceName("web")));
        refused("NotFoundException", "web", () -> client.getContainerServiceDeployments(r -> r.serviceName("web")));
        refused(
                "NotFoundException",
                "web",
                () -> client.getContainerLog(r -> r.serviceName("web").containerName("app")));
        refused(
                "NotFoundException",
                "web",
                () -> client.tagResource(r -> r.resourceName("web").tags(Sdk.tag("a", "b"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-web",
                "web-",
                "Web",
                "a_b",
                "a.b",
                "a-very-long-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-x"
            })
    void badServiceNames(String name) {
        refused("invalid", () -> Sdk.create(client, name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ab", "0", "a-b", "web1"})
    void goodServiceNames(String name) {
        Sdk.create(client, name);
        assertThat(region().names()).containsExactly(name);
    }

    @Test
    void badSizes() {
        refused(
                "power",
                () -> client.createContainerService(
                        r -> r.serviceName("web").power("tiny").scale(1)));
        refused(
                "scale",
                () -> client.createContainerService(
                        r -> r.serviceName("web").power("nano").scale(0)));
        refused(
                "scale",
                () -> client.createContainerService(
                        r -> r.serviceName("web").power("nano").scale(21)));
        refused(
                "scale",
                () -> client.createContainerService(r -> r.serviceName("web").power("nano")));
    }

    @Test
    void namesInUseCarryTheFinerCode() {
        Sdk.create(client, "web");
        region().reserveName("instance-1");

        refused("Some names are already in use", () -> Sdk.create(client, "web"));
        refused("Some names are already in use", () -> Sdk.create(client, "instance-1"));
    }

    @Test
    void theQuotaOfServices() {
        Sdk.create(client, "a1");
        Sdk.create(client, "a2");
        Sdk.create(client, "a3");

        refused("maximum limit of Lightsail Container Services", () -> Sdk.create(client, "a4"));
    }

    @Test
    void badContainers() {
        ready("web");
        refused("at least one container", () -> deploy(Map.of()));
        refused("Bad_Name", () -> deploy(Map.of("Bad_Name", Sdk.container(GOOD))));
        refused("invalid image", () -> deploy(Map.of("app", Sdk.container(":web.api.LATEST"))));
        refused("invalid image", () -> deploy(Map.of("app", Sdk.container("Upper/Case:1"))));
        refused("invalid image", () -> deploy(Map.of("app", Container.builder().build())));
        refused(
                "Invalid port",
                () -> deploy(Map.of(
                        "app",
                        Container.builder()
                                .image(GOOD)
                                .ports(Map.of("70000", ContainerServiceProtocol.HTTP))
                                .build())));
        Map<String, Container> eleven = new HashMap<>();
        for (int i = 0; i < 11; i++) {
            eleven.put("c" + i, Container.builder().image(GOOD).build());
        }
        refused("at most 10 containers", () -> deploy(eleven));
        assertThat(region().service("web").lastVersion()).isZero();
    }

    @Test
    void badEndpoints() {
        ready("web");
        refused(
                "Invalid port specified",
                () -> client.createContainerServiceDeployment(r -> r.serviceName("web")
                        .containers(Map.of("app", Sdk.container(GOOD)))
                        .publicEndpoint(e -> e.containerName("app").containerPort(81))));
        refused(
                "Invalid container specified",
                () -> client.createContainerServiceDeployment(r -> r.serviceName("web")
                        .containers(Map.of("app", Sdk.container(GOOD)))
                        .publicEndpoint(e -> e.containerName("other").containerPort(8080))));
        refused(
                "HTTP or HTTPS",
                () -> client.createContainerServiceDeployment(r -> r.serviceName("web")
                        .containers(Map.of(
                                "app",
                                Container.builder()
                                        .image(GOOD)
                                        .ports(Map.of("53", ContainerServiceProtocol.UDP))
                                        .build()))
                        .publicEndpoint(e -> e.containerName("app").containerPort(53))));
    }

    @Test
    void badHealthChecks() {
        ready("web");
        refusedCheck("timeoutSeconds", c -> c.timeoutSeconds(1));
        refusedCheck("timeoutSeconds", c -> c.timeoutSeconds(61));
        refusedCheck("intervalSeconds", c -> c.intervalSeconds(4));
        refusedCheck("intervalSeconds", c -> c.intervalSeconds(301));
        refusedCheck("shorter than", c -> c.timeoutSeconds(10).intervalSeconds(10));
        refusedCheck("success codes", c -> c.successCodes("200-500"));
        refusedCheck("success codes", c -> c.successCodes("abc"));
        refusedCheck("slash", c -> c.path("health"));
    }

    private void refusedCheck(String text, Consumer<ContainerServiceHealthCheckConfig.Builder> check) {
        refused(
                text,
                () -> client.createContainerServiceDeployment(r -> r.serviceName("web")
                        .containers(Map.of("app", Sdk.container(GOOD)))
                        .publicEndpoint(
                                e -> e.containerName("app").containerPort(8080).healthCheck(check))));
    }

    @Test
    void domainsNeedAValidCertificateAndAnEmptyListDetaches() {
        ready("web");
        ready("other");
        region().certificate("cert", "a.example", "b.example", "c.example", "d.example", "e.example");
        region().certificate(new Certificate("pending", List.of("p.example"), false));

        refused("do not exist", () -> attach("web", "unknown", "a.example"));
        refused("not validated", () -> attach("web", "pending", "p.example"));
        refused("not valid for", () -> attach("web", "cert", "z.example"));
        refused(
                "at most 4",
                () -> attach("web", "cert", "a.example", "b.example", "c.example", "d.example", "e.example"));
        attach("web", "cert", "a.example");
        settle();
        refused("another container service", () -> attach("other", "cert", "a.example"));
        client.updateContainerService(r -> r.serviceName("web").scale(2));
        settle();
        assertThat(service("web").publicDomainNames()).containsEntry("cert", List.of("a.example"));
        attach("web", "cert");
        settle();
        assertThat(service("web").publicDomainNames()).isEmpty();
    }

    private void attach(String service, String certificate, String... domains) {
        client.updateContainerService(
                r -> r.serviceName(service).publicDomainNames(Map.of(certificate, List.of(domains))));
    }

    @Test
    void anImageInUseCannotBeDeleted() {
        ready("web");
        String digest = "sha256:" + "ab".repeat(32);
        client.registerContainerImage(r -> r.serviceName("web").label("api").digest(digest));
        client.registerContainerImage(r -> r.serviceName("web").label("api").digest(digest));
        Sdk.deploy(client, "web", ":web.api.latest");
        settle();

        refused(
                "used by a deployment",
                () -> client.deleteContainerImage(r -> r.serviceName("web").image(":web.api.2")));
        client.deleteContainerImage(r -> r.serviceName("web").image(":web.api.1"));
        refused(
                "NotFoundException",
                ":web.api.1",
                () -> client.deleteContainerImage(r -> r.serviceName("web").image(":web.api.1")));
        refused(
                "digest",
                () -> client.registerContainerImage(
                        r -> r.serviceName("web").label("api").digest("latest")));
        assertThat(client.getContainerImages(r -> r.serviceName("web")).containerImages())
                .extracting("image")
                .containsExactly(":web.api.2");
    }

    @Test
    void registryLoginNeedsAService() {
        refused("must create a container service", () -> client.createContainerServiceRegistryLogin(r -> {}));
        Sdk.create(client, "web");
        assertThat(client.createContainerServiceRegistryLogin(r -> {})
                        .registryLogin()
                        .expiresAt())
                .isEqualTo(START.plus(Duration.ofHours(12)));
    }

    @Test
    void badTags() {
        ready("web");
        refused("tag key", () -> client.tagResource(r -> r.resourceName("web").tags(Sdk.tag("aws:mine", "b"))));
        refused("too long", () -> client.tagResource(r -> r.resourceName("web").tags(Sdk.tag("a", "b".repeat(257)))));
        refused(
                "NotFoundException",
                "arn:",
                () -> client.tagResource(r -> r.resourceName("web")
                        .resourceArn("arn:aws:lightsail:eu-central-1:123456789012:ContainerService/other")
                        .tags(Sdk.tag("a", "b"))));
        client.untagResource(r -> r.resourceName("web").tagKeys("owner"));
        assertThat(service("web").tags()).isEmpty();
    }
}
