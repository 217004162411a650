package dev.lightkeeper.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fabric8.kubernetes.client.CustomResource;

/** Which library is used where. */
@AnalyzeClasses(packages = "dev.lightkeeper", importOptions = ProductOnly.class)
class LibrariesTest {
    private static final String ROOT = "dev.lightkeeper.";
    private static final String WIRING = "dev.lightkeeper";

    @ArchTest
    static final ArchRule theAwsSdkStaysInItsAdapters = onlyIn(
                    "software.amazon..", ROOT + "aws..", ROOT + "lightsail..", ROOT + "ec2..")
            .because("SDK objects print environments in clear and throw; what leaves the adapters is values of ours");

    @ArchTest
    static final ArchRule theKubernetesClientStaysInItsAdapters = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "kube..", ROOT + "reconcile..", WIRING)
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.fabric8.kubernetes.client..")
                    .and(DescribedPredicate.not(DescribedPredicate.describe(
                            "the base of a custom resource",
                            (JavaClass type) -> type.isEquivalentTo(CustomResource.class)))))
            .because("a step that can call the API server is no longer a function of its input");

    @ArchTest
    static final ArchRule kubernetesModelsStayAtTheEdge = onlyIn(
                    "io.fabric8.kubernetes.api.model..",
                    ROOT + "api..",
                    ROOT + "kube..",
                    ROOT + "reconcile..",
                    ROOT + "telemetry..",
                    WIRING)
            .because("steps decide on values of ours, which tests can write down in one line");

    @ArchTest
    static final ArchRule theFrameworkStaysInItsFace = onlyIn(
                    "io.javaoperatorsdk..", ROOT + "reconcile..", ROOT + "telemetry..", WIRING)
            .because("the framework can be replaced or upgraded by changing one thin package");

    @ArchTest
    static final ArchRule metricsStayInTelemetry = onlyIn("io.micrometer..", ROOT + "telemetry..")
            .because("who is told of something need not know how it is counted");

    @ArchTest
    static final ArchRule tracesStayInTelemetry =
            onlyIn("io.opentelemetry..", ROOT + "telemetry..").because("who is followed need not know by whom");

    @ArchTest
    static final ArchRule httpPartsStayInTheProber = onlyIn("org.apache.hc..", ROOT + "probe..")
            .because("probes are the only HTTP that the product itself speaks, on sockets that it checks and bounds");

    @ArchTest
    static final ArchRule jacksonStaysAtTheEdge = onlyIn(
                    "com.fasterxml.jackson.databind..", ROOT + "kube..", ROOT + "probe..", ROOT + "ec2..")
            .because("reading JSON is I/O; the records of the API carry annotations only");

    private static ArchRule onlyIn(String library, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat(resideInAnyPackage(library));
    }
}
