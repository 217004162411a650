package dev.lightkeeper.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.kube.KubernetesClients;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class OverviewTest {
    private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");

    private static final ServiceDeployment READY = resource("shop", ":production-shop.soft-launch-32.165", """
            - {type: Ready, status: "True", reason: Verified, message: revision 1 is live and verified,
               lastTransitionTime: "2026-01-02T11:58:30Z"}
            - {type: Available, status: "True", reason: Passing, message: the public endpoint answers readiness,
               lastTransitionTime: "2026-01-02T11:58:20Z"}
            - {type: Degraded, status: "False", reason: AsExpected, message: nothing is wrong}
            """);
    private static final ServiceDeployment BROKEN = resource("api", ":api.soft-launch-32.162", """
            - {type: Ready, status: "False", reason: ReadinessFailed, message: "GET /health/ready: answered 503",
               lastTransitionTime: "2026-01-02T11:59:55Z"}
            - {type: Available, status: Unknown, reason: NotObserved, message: readiness was not probed yet,
               lastTransitionTime: "2026-01-02T09:00:00Z"}
            - {type: Degraded, status: "True", reason: ReadinessFailed, message: "GET /health/ready: answered 503",
               lastTransitionTime: "2026-01-02T11:59:55Z"}
            """);

    @Test
    void aWideScreenShowsEverything() {
        assertThat(screen(List.of(READY, BROKEN), 130, 40)).isEqualTo("""
                Lightkeeper  1 of 2 ready  q ends

                NAME                      READY      AVAILABLE  SYNCED     ENV        DEGRADED   STALLED    AGE    IMAGE
                production/api            False      Unknown    -          -          True       -          3h     :api.soft-launch-32.162
                production/shop           True       True       -          -          False      -          3h     …uction-shop.soft-launch-32.165

                Not ready
                production/api            ReadinessFailed  GET /health/ready: answered 503

                Last transitions
                5s ago     production/api            Ready=False  ReadinessFailed  GET /health/ready: answered 503
                5s ago     production/api            Degraded=True  ReadinessFailed  GET /health/ready: answered 503
                90s ago    production/shop           Ready=True  Verified  revision 1 is live and verified
                100s ago   production/shop           Available=True  Passing  the public endpoint answers readiness
                3h ago     production/api            Available=Unknown  NotObserved  readiness was not probed yet""");
    }

    @Test
    void aNarrowScreenCutsLinesAndNeverWraps() {
        List<AttributedString> lines = Overview.of(List.of(READY, BROKEN), NOW, 60, 40);

        assertThat(lines).allSatisfy(line -> assertThat(line.columnLength()).isLessThanOrEqualTo(60));
        assertThat(lines.get(3).toString()).isEqualTo("production/api            False      Unknown    -          …");
    }

    @Test
    void aLowScreenKeepsTheTableAndTheLatestTransition() {
        List<ServiceDeployment> many = Stream.generate(() -> READY).limit(50).toList();

        String screen = screen(many, 130, 12);

        assertThat(screen.lines()).hasSizeLessThanOrEqualTo(12);
        assertThat(screen).contains("and 46 more", "Last transitions", "90s ago");
    }

    @Test
    void withNothingDeclaredItSaysSo() {
        assertThat(screen(List.of(), 80, 24)).contains("0 of 0 ready", "no ServiceDeployment yet");
    }

    @Test
    void whatIsBadIsRedWhicheverWayTheConditionPoints() {
        String row = Overview.of(List.of(BROKEN), NOW, 130, 40).get(3).toAnsi();

        assertThat(row).contains("\u001b[31mFalse", "\u001b[31mTrue", "\u001b[33mUnknown");
    }

    private static String screen(List<ServiceDeployment> resources, int width, int height) {
        return Overview.of(resources, NOW, width, height).stream()
                .map(line -> line.toString().stripTrailing())
                .collect(Collectors.joining("\n"));
    }

    private static ServiceDeployment resource(String name, String image, String conditions) {
        return KubernetesClients.lenient()
                .unmarshal("""
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata:
                  {name: %s, namespace: production, generation: 1, creationTimestamp: "2026-01-02T08:30:00Z"}
                spec: {containers: [{name: app, image: "%s"}]}
                status:
                  observedGeneration: 1
                  conditions:
                %s""".formatted(name, image, conditions.indent(4)), ServiceDeployment.class);
    }
}
