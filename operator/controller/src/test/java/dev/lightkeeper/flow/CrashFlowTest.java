package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The operator dies at every single call that it makes to the outside, before the effect and before the answer, and a new
 * one starts with the resource, its revisions and AWS alone: each story ends as if nothing had been.
 */
@Execution(ExecutionMode.CONCURRENT)
class CrashFlowTest {
    @TestFactory
    Stream<DynamicNode> everyStoryEndsTheSameWhereverTheOperatorDies() {
        return Story.all().stream().map(CrashFlowTest::everywhere);
    }

    private static DynamicNode everywhere(Story story) {
        Story.Told undisturbed = story.begin();
        Deaths deaths = new Deaths(undisturbed.flow());
        undisturbed.flow().outside.watch(deaths);
        undisturbed.goOn();
        undisturbed.flow().outside.watchNoMore();
        undisturbed.rest();
        assertThat(undisturbed.mutations()).as(story.name()).isEqualTo(story.calls());
        assertThat(undisturbed.flow().offences()).isEmpty();
        List<List<String>> ends = new ArrayList<>(List.of(EndState.of(undisturbed.flow())));
        if (story.isSeenOtherwiseByANewProcess()) {
            Story.Told seenByANewProcess = story.begin();
            seenByANewProcess.flow().restart();
            seenByANewProcess.goOn();
            seenByANewProcess.rest();
            ends.add(EndState.of(seenByANewProcess.flow()));
        }
        List<DynamicTest> tests = deaths.worlds.values().stream()
                .map(same -> DynamicTest.dynamicTest(
                        "%s, killed %s".formatted(story.name(), named(same)),
                        () -> killed(story, same.getLast(), ends)))
                .toList();
        return DynamicContainer.dynamicContainer(
                "%s: %d calls, %d worlds".formatted(story.name(), deaths.calls, tests.size()), tests);
    }

    private static String named(List<Death> same) {
        return same.getLast()
                + (same.size() == 1
                        ? ""
                        : " (the same as at %d more, from %s on)".formatted(same.size() - 1, same.getFirst()));
    }

    private static void killed(Story story, Death death, List<List<String>> ends) {
        Story.Told told = story.begin();
        Flow flow = told.flow();
        flow.outside.watch(death);
        try {
            told.goOn();
            throw new AssertionError("it has not died");
        } catch (Killed e) {
            flow.outside.watchNoMore();
            flow.restart();
            told.goOn();
            told.rest();
        }
        List<String> end = EndState.of(flow);
        if (ends.stream().noneMatch(end::equals)) {
            assertThat(String.join("\n", end)).isEqualTo(String.join("\n", ends.getFirst()));
        }
        assertThat(flow.offences()).isEmpty();
    }

    /**
     * Every place to die. What dies leaves nothing but the world behind, and time: of the places between two changes of
     * the world in one run, those after reads and before the next write, one is as good as all.
     */
    private static final class Deaths implements Outside.Watcher {
        private final Flow flow;
        private final Map<World, List<Death>> worlds = new LinkedHashMap<>();
        private int calls;

        /** What is left behind. */
        private record World(Instant at, int written, int mutations, int faultsLeft, boolean released) {}

        private Deaths(Flow flow) {
            this.flow = flow;
        }

        @Override
        public void before(int number, String call) {
            calls = number;
            note(new Death(number, call, false));
        }

        @Override
        public void after(int number, String call) {
            note(new Death(number, call, true));
        }

        private void note(Death death) {
            World world = new World(
                    flow.clock.instant(),
                    flow.store.changes(),
                    flow.calls().size(),
                    flow.faultsLeft(),
                    flow.isReleased());
            worlds.computeIfAbsent(world, none -> new ArrayList<>()).add(death);
        }
    }
}
