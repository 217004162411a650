package dev.lightkeeper.simulators.aws;

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

/** What keeps the simulator a program of its own. */
@AnalyzeClasses(packages = "dev.lightkeeper.simulators.aws", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsNothingOfTheProduct = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("dev.lightkeeper..")
                    .and(resideOutsideOfPackage("dev.lightkeeper.simulators.aws..")))
            .because("a simulator that knows its client would be right whenever the client is wrong");

    @ArchTest
    static final ArchRule doesNotUseTheSdkItIsTestedWith = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("software.amazon.."))
            .because("a misunderstanding that both ends share would never show");

    @ArchTest
    static final ArchRule listensOnLoopbackOnly = noClasses()
            .should()
            .callConstructor(InetSocketAddress.class, int.class)
            .orShould()
            .callConstructor(ServerSocket.class, int.class)
            .orShould()
            .callConstructor(ServerSocket.class, int.class, int.class)
            .orShould()
            .callMethod(InetAddress.class, "getByName", String.class)
            .orShould()
            .callMethod(InetAddress.class, "getLocalHost")
            .because("without an address a socket listens to the whole network, and the simulator believes any key");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
            .because("such a name says nothing, so everything ends up in it");

    @ArchTest
    static final ArchRule packagesFormNoCycle = slices().matching("dev.lightkeeper.simulators.aws.(*)..")
            .should()
            .beFreeOfCycles()
            .because("packages that need each other can be neither understood nor tested alone");
}
