package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The operator dies after every single thing that it does, and a new one starts with the resource and AWS alone. */
class CrashFlowTest {
    /** Not caught by anything in the operator. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Dies at the n-th deed. */
    private static final class Tripwire implements Runnable {
        private final int last;
        private int deeds;

        Tripwire(int last) {
            this.last = last;
        }

        @Override
        public void run() {
            deeds++;
            if (deeds == last) {
                throw new Killed();
            }
        }
    }

    @TestFactory
    List<DynamicTest> firstRolloutEndsTheSameWherever() {
        return everywhere("create", flow -> {}, List.of("create", "deploy"));
    }

    @TestFactory
    List<DynamicTest> changeOfImageAndCapacityEndsTheSameWherever() {
        return everywhere(
                "change",
                flow -> {
                    flow.untilSteady();
                    flow.set("/containers/0/image", "example.com/api:2").set("/scale", "3");
                },
                List.of("create", "deploy", "update", "deploy"));
    }

    @TestFactory
    List<DynamicTest> repairEndsTheSameWherever() {
        return everywhere(
                "repair",
                flow -> {
                    flow.untilSteady();
                    Contents.deployByHand(flow, "example.com/api:stale");
                },
                List.of("create", "deploy", "deploy"));
    }

    @TestFactory
    List<DynamicTest> lessPowerWithAnImageEndsTheSameWherever() {
        return everywhere(
                "less power",
                flow -> {
                    flow.manifest.initially("/lightsail/power", "medium");
                    flow.untilSteady();
                    flow.set("/containers/0/image", "example.com/api:2").set("/lightsail/power", "nano");
                },
                List.of("create", "deploy", "deploy", "update"));
    }

    @TestFactory
    List<DynamicTest> restartEndsTheSameWherever() {
        return everywhere(
                "restart",
                flow -> {
                    flow.untilSteady();
                    flow.annotate("lightkeeper.dev/restart-requested-at", "monday");
                },
                List.of("create", "deploy", "deploy"));
    }

    private static List<DynamicTest> everywhere(String story, Consumer<Flow> begin, List<String> calls) {
        int deeds = deeds(begin);
        assertThat(deeds).isGreaterThan(3);
        List<DynamicTest> tests = new ArrayList<>();
        for (int last = 1; last <= deeds; last++) {
            int deed = last;
            tests.add(DynamicTest.dynamicTest(
                    "%s, killed after deed %d of %d".formatted(story, deed, deeds), () -> killed(begin, deed, calls)));
        }
        return tests;
    }

    private static int deeds(Consumer<Flow> begin) {
        Flow flow = new Flow();
        begin.accept(flow);
        Tripwire wire = new Tripwire(Integer.MAX_VALUE);
        flow.afterEachDeed(wire);
        flow.step();
        flow.untilSteady();
        return wire.deeds;
    }

    private static void killed(Consumer<Flow> begin, int deed, List<String> calls) {
        Flow flow = new Flow();
        begin.accept(flow);
        flow.afterEachDeed(new Tripwire(deed));
        try {
            flow.step();
            flow.untilSteady();
        } catch (Killed e) {
            flow.afterEachDeed(() -> {});
            flow.restart();
            flow.step();
        }
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).isEqualTo(calls);
        assertThat(flow.cloud.offences()).isEmpty();
        assertThat(flow.told("Ready", "Degraded", "Synced", "Stalled"))
                .containsExactly(
                        "Ready=True/Verified", "Degraded=False/NotDegraded", "Synced=True/InSync", "Stalled=-");
        assertThat(flow.store.status().currentRevision())
                .isEqualTo(flow.store.status().lastVerifiedRevision());
    }
}
