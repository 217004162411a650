package dev.lightkeeper.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The six steps, the arrows between them, and where their adapters are. */
@AnalyzeClasses(packages = "dev.lightkeeper", importOptions = ProductOnly.class)
class StepsTest {
    private static final String ROOT = "dev.lightkeeper.";
    private static final List<String> STEPS = List.of("desired", "observe", "plan", "act", "verify", "status");

    @ArchTest
    static final ArchRule desiredKnowsNoOtherStep = knowsOnlyStepsBefore("desired");

    @ArchTest
    static final ArchRule observeKnowsOnlyStepsBeforeIt = knowsOnlyStepsBefore("observe");

    @ArchTest
    static final ArchRule planKnowsOnlyStepsBeforeIt = knowsOnlyStepsBefore("plan");

    @ArchTest
    static final ArchRule actKnowsOnlyStepsBeforeIt = knowsOnlyStepsBefore("act");

    @ArchTest
    static final ArchRule verifyKnowsOnlyStepsBeforeIt = knowsOnlyStepsBefore("verify");

    @ArchTest
    static final ArchRule statusKnowsOnlyStepsBeforeIt = knowsOnlyStepsBefore("status");

    @ArchTest
    static final ArchRule failuresKnowNothing = classes()
            .that()
            .resideInAPackage(ROOT + "failure..")
            .should()
            .onlyDependOnClassesThat(pureLibraries().or(resideInAnyPackage(ROOT + "failure..")))
            .because("a failure is a value that every part of the product passes on; it must drag nothing along");

    @ArchTest
    static final ArchRule theApiKnowsNothingOfTheProduct = noClasses()
            .that()
            .resideInAPackage(ROOT + "api..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.lightkeeper..").and(notIn(ROOT + "api..")))
            .because("the records are the contract with users: they hold no logic and outlive what reads them");

    @ArchTest
    static final ArchRule onlyWiringKnowsTheAdapters = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.lightkeeper",
                    ROOT + "lightsail..",
                    ROOT + "ec2..",
                    ROOT + "aws..",
                    ROOT + "kube..",
                    ROOT + "probe..",
                    ROOT + "reconcile..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    ROOT + "lightsail..", ROOT + "ec2..", ROOT + "aws..", ROOT + "kube..", ROOT + "probe.."))
            .because("a step speaks to the outside through a port of its own, so that it can be tested without it");

    @ArchTest
    static final ArchRule reconcileReachesAwsOnlyThroughPorts = noClasses()
            .that()
            .resideInAPackage(ROOT + "reconcile..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    ROOT + "lightsail..",
                    ROOT + "ec2..",
                    ROOT + "aws..",
                    ROOT + "probe..",
                    ROOT + "telemetry..",
                    ROOT + "config.."))
            .because("the face of the framework is the same whatever the target is");

    @ArchTest
    static final ArchRule adaptersDoNotKnowEachOther = slices().matching(ROOT + "(probe|kube|aws|lightsail|ec2)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    resideInAnyPackage(ROOT + "lightsail..", ROOT + "ec2.."), resideInAnyPackage(ROOT + "aws.."))
            .because("each back end can be changed alone; only a target uses the account it lives in");

    @ArchTest
    static final ArchRule nothingKnowsTheWiring = noClasses()
            .that()
            .resideOutsideOfPackage("dev.lightkeeper")
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.lightkeeper"))
            .because("Main, Lightkeeper and Assembly put the parts together; a part that asked them for another would"
                    + " hide a dependency");

    @ArchTest
    static final ArchRule packagesFormNoCycle = slices().matching(ROOT + "(*)..")
            .should()
            .beFreeOfCycles()
            .because("packages that need each other can be neither understood nor tested alone");

    private static ArchRule knowsOnlyStepsBefore(String step) {
        String[] allowed = STEPS.subList(0, STEPS.indexOf(step) + 1).stream()
                .map(name -> ROOT + name + "..")
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(ROOT + step + "..")
                .should()
                .onlyDependOnClassesThat(pureLibraries()
                        .or(resideInAnyPackage(ROOT + "api..", ROOT + "failure.."))
                        .or(resideInAnyPackage(allowed)))
                .because(
                        "data flows one way through %s, and a step without I/O and frameworks is tested by values alone"
                                .formatted(String.join(" < ", STEPS)));
    }

    /** What a pure step may use; primitives and arrays of them have no package. */
    private static DescribedPredicate<JavaClass> pureLibraries() {
        return resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", "com.google.re2j..")
                .or(DescribedPredicate.describe(
                        "primitives", type -> type.getBaseComponentType().isPrimitive()))
                .as("the JDK's values, jspecify, RE2/J");
    }

    private static DescribedPredicate<JavaClass> notIn(String packages) {
        return DescribedPredicate.not(resideInAnyPackage(packages));
    }
}
