package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A new leader begins while the old one is in the middle of a run, and the old one then ends that run by what it knew:
 * nothing is done twice, and each story ends as if nothing had been.
 */
@Execution(ExecutionMode.CONCURRENT)
class TwoLeadersFlowTest {
    /** What must not happen twice. AWS takes all else only once, or it changes nothing the second time. */
    private static final List<String> INTENDED = List.of(": deploy ", ": create ");

    /** The first may be spent on a look, the second acts. */
    private static final int RUNS_OF_THE_NEW = 2;

    @TestFactory
    Stream<DynamicNode> everyStoryEndsTheSameWhereverAnotherLeaderTakesOver() {
        return Story.all().stream()
                .filter(story -> !story.isOnHostsLikeAnother())
                .map(TwoLeadersFlowTest::everywhere);
    }

    private static DynamicNode everywhere(Story story) {
        Story.Told undisturbed = story.begin();
        Places places = new Places(undisturbed.flow());
        undisturbed.flow().outside.watch(places);
        undisturbed.goOn();
        undisturbed.flow().outside.watchNoMore();
        undisturbed.rest();
        List<List<String>> ends = new ArrayList<>(List.of(end(undisturbed)));
        if (story.isSeenOtherwiseByANewProcess()) {
            Story.Told seenByANewProcess = story.begin();
            seenByANewProcess.flow().restart();
            seenByANewProcess.goOn();
            seenByANewProcess.rest();
            ends.add(end(seenByANewProcess));
        }
        List<DynamicTest> tests = places.found.stream()
                .map(place -> DynamicTest.dynamicTest(
                        "%s, taken over %s".formatted(story.name(), place), () -> takenOver(story, place, ends)))
                .toList();
        return DynamicContainer.dynamicContainer("%s: %d places".formatted(story.name(), tests.size()), tests);
    }

    private static void takenOver(Story story, Death place, List<List<String>> ends) {
        Story.Told told = story.begin();
        Flow flow = told.flow();
        flow.outside.watch(new Outside.Watcher() {
            @Override
            public void before(int number, String call) {
                if (number == place.number()) {
                    flow.outside.watchNoMore();
                    flow.takeOver(RUNS_OF_THE_NEW);
                }
            }
        });
        told.goOn();
        told.rest();
        assertThat(flow.offences())
                .as("what AWS has refused, since the other leader was first")
                .noneMatch(offence -> INTENDED.stream().anyMatch(offence::contains));
        List<String> end = end(told);
        if (ends.stream().noneMatch(end::equals)) {
            assertThat(String.join("\n", end)).isEqualTo(String.join("\n", ends.getFirst()));
        }
    }

    /** What may be repeated is counted once. */
    private static List<String> end(Story.Told told) {
        return EndState.of(told.flow()).stream().distinct().toList();
    }

    /**
     * Where the old leader may be overtaken: before each read of AWS and each write of a run that changes something. A run
     * that changes nothing after a place leaves no trace of the old leader, nor does the status of what is gone.
     */
    private static final class Places implements Outside.Watcher {
        private final Flow flow;
        private final List<Death> found = new ArrayList<>();
        private final List<Death> open = new ArrayList<>();
        private int changes;

        private Places(Flow flow) {
            this.flow = flow;
        }

        @Override
        public void before(int number, String call) {
            if (call.equals("read resource")) {
                open.clear();
            }
            changes = changes();
            boolean matters = !call.startsWith("ask of")
                    && !call.startsWith("read of")
                    && !call.startsWith("list")
                    && !call.equals("remove finalizer");
            if (matters) {
                open.add(new Death(number, call, false));
            }
        }

        @Override
        public void after(int number, String call) {
            if (changes() != changes) {
                found.addAll(open);
                open.clear();
            }
        }

        private int changes() {
            return flow.store.changes() + flow.calls().size() + (flow.isReleased() ? 1 : 0);
        }
    }
}
