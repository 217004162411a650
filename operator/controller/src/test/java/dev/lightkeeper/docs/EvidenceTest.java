package dev.lightkeeper.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.docs.EvidenceReference.Row;
import dev.lightkeeper.flow.BadReleases;
import dev.lightkeeper.flow.GoodReleases;
import dev.lightkeeper.flow.Measured;
import dev.lightkeeper.flow.ReleaseCase;
import dev.lightkeeper.flow.ReleaseCase.Expected;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every release of the catalogue is played; what has to come of it comes of it, and docs/evidence.md shows what was measured. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvidenceTest {
    private final List<Play> bad = plays(BadReleases.all());
    private final List<Play> good = plays(GoodReleases.all());
    private final Map<Play, Measured> measured = new HashMap<>();

    /** A case, played in one of the two ways that it can be played in. */
    record Play(ReleaseCase release, boolean update, Expected expected) {
        @Override
        public String toString() {
            return "%s, as %s".formatted(release, update ? "an update" : "the first");
        }
    }

    private static List<Play> plays(List<ReleaseCase> cases) {
        return cases.stream()
                .flatMap(release -> Stream.concat(
                        release.first().map(expected -> new Play(release, false, expected)).stream(),
                        release.update().map(expected -> new Play(release, true, expected)).stream()))
                .toList();
    }

    Stream<Play> badReleases() {
        return bad.stream();
    }

    Stream<Play> goodReleases() {
        return good.stream();
    }

    private Measured measured(Play play) {
        return measured.computeIfAbsent(play, unplayed -> unplayed.release().play(unplayed.update()));
    }

    private List<Row> rows(List<Play> plays) {
        return plays.stream()
                .map(play -> new Row(
                        play.release().section(),
                        play.release().title(),
                        play.update() ? "update" : "first",
                        measured(play)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("badReleases")
    void aBadReleaseIsToldAndTakenBackWhereThatIsRight(Play play) {
        Measured seen = measured(play);
        assertThat(seen.told()).as("first told as").isEqualTo(play.expected().told());
        assertThat(seen.detected()).as("told").isPresent();
        assertThat(seen.rollbackOrdered().isPresent())
                .as("taken back")
                .isEqualTo(play.expected().takenBack());
        endsWell(play, seen);
        seen.assertCalm();
    }

    @ParameterizedTest
    @MethodSource("goodReleases")
    void aGoodReleaseIsNeitherTakenBackNorCalledDegraded(Play play) {
        Measured seen = measured(play);
        assertThat(seen.rollbackOrdered()).as("taken back").isEmpty();
        assertThat(seen.everDegraded()).as("Degraded").isFalse();
        assertThat(seen.verified()).as("Ready").isPresent();
        endsWell(play, seen);
        seen.assertCalm();
    }

    private static void endsWell(Play play, Measured seen) {
        assertThat(seen.conditions()).as("at the end").isEqualTo(play.expected().conditions());
        assertThat(seen.serving()).as("serving").isEqualTo(play.expected().serving());
        assertThat(seen.message()).as("message").contains(play.expected().naming());
    }

    @Test
    void theDocumentShowsWhatWasMeasured() {
        Documents.assertGeneratedPart(
                EvidenceReference.FILE, "Lightsail", EvidenceReference.atLightsail(rows(bad), rows(good)));
    }
}
