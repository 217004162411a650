package dev.lightkeeper.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.verify.LogLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What a host says of a log, which is foreign text. */
class HostLogTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    private static String packed(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }

    private static ObjectNode told(String log) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("service", "team.api")
                .put("kind", "json-file")
                .put("readable", true)
                .put("cut", false)
                .put("activatedAt", NOON.getEpochSecond())
                .put("log", log);
    }

    private static HostLog of(String text) {
        return HostLog.of(told(packed(text)));
    }

    @Test
    void linesHaveTheTimesThatEachRuntimeWrites() {
        assertThat(of("""
                2026-11-27T12:00:00.123456789Z docker says
                2026-11-27T13:00:01+01:00 podman and pm2 say
                2026-11-27T12:00:02Z\s
                """).lines())
                .containsExactly(
                        new LogLine(NOON.plusNanos(123_456_789), "docker says"),
                        new LogLine(NOON.plusSeconds(1), "podman and pm2 say"),
                        new LogLine(NOON.plusSeconds(2), ""));
    }

    @Test
    void lineWithoutATimeFollowsTheOneBeforeAndTheRestOfACutLineIsDropped() {
        assertThat(of("""
                of a line that was cut
                2026-11-27T12:00:05Z Error: down
                    at main.js:1
                2026-11-27T12:00:04Z earlier
                """).lines())
                .containsExactly(
                        new LogLine(NOON.plusSeconds(4), "earlier"),
                        new LogLine(NOON.plusSeconds(5), "Error: down"),
                        new LogLine(NOON.plusSeconds(5), "    at main.js:1"));
    }

    @Test
    void whatCannotBeUnpackedIsALogOfWhichNothingIsKnown() {
        for (String broken : new String[] {"%%%", "", Base64.getEncoder().encodeToString("no zip".getBytes(UTF_8))}) {
            HostLog log = HostLog.of(told(broken));
            assertThat(log.cut()).isTrue();
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void neitherAnEndlessLogNorAnEndlessLineIsTakenWhole() {
        String line = "2026-11-27T12:00:00Z " + "x".repeat(10_000) + "\n";
        HostLog log = of(line.repeat(1_000));
        assertThat(log.cut()).isTrue();
        assertThat(log.lines())
                .hasSizeLessThan(31)
                .allSatisfy(each -> assertThat(each.text()).hasSize(4096));
    }

    @Test
    void ofMoreLinesThanARuntimeWritesTheNewestAreKept() {
        HostLog log = of("2026-11-27T12:00:00Z first\n" + "x\n".repeat(50_000) + "2026-11-27T12:00:01Z last\n");
        assertThat(log.cut()).isTrue();
        assertThat(log.lines()).hasSize(20_000);
        assertThat(log.lines().getLast()).isEqualTo(new LogLine(NOON.plusSeconds(1), "last"));
    }

    @Test
    void hostThatDoesNotKnowItsStartTellsNone() {
        assertThat(HostLog.of(told(packed("")).put("activatedAt", 0)).activated())
                .isNull();
        assertThat(of("").activated()).isEqualTo(NOON);
    }

    @Test
    void wordsOfAHostAreNotTakenIntoMessages() {
        HostLog log = HostLog.of(told(packed("")).put("kind", "none\"; <script>"));
        assertThat(log.kind()).isEqualTo("nonescript");
        assertThat(of("2026-11-27T12:00:00Z t0p-secret")).hasToString("log of team.api");
    }
}
