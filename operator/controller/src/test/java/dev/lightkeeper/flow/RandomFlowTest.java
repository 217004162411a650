package dev.lightkeeper.flow;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * Random sequences of edits, other hands, faults and crashes. A sequence that fails is printed as it is and as short as it
 * still fails, with its seed: {@code -Dlightkeeper.random.seed=…} plays the same ones again, {@code
 * -Dlightkeeper.random.tries=…} others too. Many more of them: {@code mvn -Plong-random}.
 */
class RandomFlowTest {
    @Property(tries = 200, seed = "20261127", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    @AddLifecycleHook(AsTold.class)
    void whateverHappensTheRulesHold(@ForAll("sequences") List<Deed<Sequence>> deeds) {
        new Sequence().play(deeds);
    }

    @Property(tries = 150, seed = "20261128", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    @AddLifecycleHook(AsTold.class)
    void whateverHappensOnHostsTheRulesHold(@ForAll("sequencesOnHosts") List<Deed<HostSequence>> deeds) {
        new HostSequence().play(deeds);
    }

    @Provide
    Arbitrary<List<Deed<HostSequence>>> sequencesOnHosts() {
        return HostDeeds.sequences();
    }

    @Provide
    Arbitrary<List<Deed<Sequence>>> sequences() {
        return Deed.sequences();
    }
}
