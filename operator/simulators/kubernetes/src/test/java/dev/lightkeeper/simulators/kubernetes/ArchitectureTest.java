package dev.lightkeeper.simulators.kubernetes;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** What keeps the embedded API a program of its own. */
@AnalyzeClasses(packages = "dev.lightkeeper.simulators.kubernetes", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsNothingOfTheProduct = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("dev.lightkeeper..")
                    .and(resideOutsideOfPackage("dev.lightkeeper.simulators.kubernetes..")))
            .because("a server that knows its client would be right whenever the client is wrong");

    @ArchTest
    static final ArchRule doesNotUseTheClientItIsTestedWith = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("io.fabric8.."))
            .because("a misunderstanding that both ends share would never show");

    @ArchTest
    static final ArchRule listensOnLoopbackOnly = noClasses()
            .should()
            .callConstructor(InetSocketAddress.class, int.class)
            .orShould()
            .callConstructor(ServerSocket.class, int.class)
            .orShould()
            .callMethod(InetAddress.class, "getByName", String.class)
            .orShould()
            .callMethod(InetAddress.class, "getLocalHost")
            .because("without an address a socket listens to the whole network");

    @ArchTest
    static final ArchRule packagesFormNoCycle = slices().matching("dev.lightkeeper.simulators.kubernetes.(*)..")
            .should()
            .beFreeOfCycles()
            .because("packages that need each other can be neither understood nor tested alone");
}
