package dev.lightkeeper.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.ProbeHeaders;
import dev.lightkeeper.kube.KubernetesClients;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked
class ContractsTest {
    private static final String HOSTS = """
            accountRef: {name: a}
            ec2: {hosts: {select: {tags: {Service: api}}}, runtime: Docker, runAs: ubuntu}
            readiness: {path: /%s%s}
            """;
    private static final DesiredState ASKABLE = desired(HOSTS.formatted("serving", ", port: 80"));
    private static final DesiredState ASKABLE_ROLLED = desired(HOSTS.formatted("rolled", ", port: 80"));
    private static final DesiredState OUTSIDE = desired(HOSTS.formatted("serving", ""));
    private static final DesiredState OUTSIDE_ROLLED = desired(HOSTS.formatted("rolled", ""));

    private static DesiredState desired(String spec) {
        return new DesiredState(
                new DesiredState.ResourceIdentity("production", "api", "uid", 1),
                KubernetesClients.lenient().unmarshal(spec, ServiceDeploymentSpec.class),
                null,
                "contract",
                ProbeHeaders.NONE,
                List.of(),
                false);
    }

    @Test
    void hostsThatCanBeAskedAreJudgedByTheRevisionThatEachOughtToRun() {
        assertThat(Contracts.of(ASKABLE, ASKABLE_ROLLED, true)).isEqualTo(new Contracts(ASKABLE, ASKABLE_ROLLED));
    }

    @Test
    void whatAnswersFromTheOutsideDuringARollIsJudgedByTheRevisionThatIsRolled() {
        assertThat(Contracts.of(OUTSIDE, OUTSIDE_ROLLED, true))
                .isEqualTo(new Contracts(OUTSIDE_ROLLED, OUTSIDE_ROLLED));
        assertThat(Contracts.of(OUTSIDE, OUTSIDE_ROLLED, false)).isEqualTo(new Contracts(OUTSIDE, OUTSIDE));
    }

    @Test
    void hostsAreProvedAsTheyWereBeforeWhereTheRolledRevisionDoesNotSayHow() {
        assertThat(Contracts.of(ASKABLE, OUTSIDE_ROLLED, true)).isEqualTo(new Contracts(ASKABLE, ASKABLE));
    }
}
