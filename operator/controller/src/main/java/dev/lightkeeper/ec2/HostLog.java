package dev.lightkeeper.ec2;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.verify.LogLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The log of one service as a host told it. Whatever a host sends is taken for foreign: at most {@value #MOST_BYTES} bytes
 * of it are unpacked, and the newest {@value #MOST_LINES} lines kept.
 *
 * @param kind the runtime's log driver, of a few plain characters
 * @param readable whether the runtime gives its log out
 * @param cut whether older lines were left out
 * @param activated when the release was started there, by the host's clock; null where it does not know
 * @param lines the oldest first
 */
record HostLog(
        String service,
        String kind,
        boolean readable,
        boolean cut,
        @Nullable Instant activated,
        List<LogLine> lines) {
    /** The host script packs no more. */
    private static final int MOST_BYTES = 300_000;

    /** More than so many bytes hold where each line has its time. */
    private static final int MOST_LINES = 20_000;

    /** What a host's answer holds; a log that cannot be unpacked is taken for one that was cut. */
    static HostLog of(JsonNode told) {
        long activated = told.path("activatedAt").asLong();
        boolean cut = told.path("cut").asBoolean();
        byte[] text = unpacked(told.path("log").asText());
        boolean whole = text != null && text.length <= MOST_BYTES;
        List<LogLine> lines = text == null
                ? List.of()
                : lines(new String(text, 0, Math.min(text.length, MOST_BYTES), StandardCharsets.UTF_8));
        boolean tooMany = lines.size() > MOST_LINES;
        return new HostLog(
                told.path("service").asText(),
                told.path("kind").asText().replaceAll("[^a-z0-9-]", ""),
                told.path("readable").asBoolean(),
                cut || !whole || tooMany,
                activated <= 0 ? null : Instant.ofEpochSecond(activated),
                tooMany ? List.copyOf(lines.subList(lines.size() - MOST_LINES, lines.size())) : lines);
    }

    private static byte @Nullable [] unpacked(String packed) {
        try (InputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
            return in.readNBytes(MOST_BYTES + 1);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    /** A line without a time follows one that has it; what comes before the first time is the rest of a cut line. */
    private static List<LogLine> lines(String text) {
        List<LogLine> lines = new ArrayList<>();
        Instant at = null;
        for (String line : text.split("\n", -1)) {
            int space = line.indexOf(' ');
            Instant own = space < 0 ? null : time(line.substring(0, space));
            at = own == null ? at : own;
            if (at != null && !line.isEmpty()) {
                String rest = own == null ? line : line.substring(space + 1);
                lines.add(LogLine.of(at, rest));
            }
        }
        lines.sort(Comparator.comparing(LogLine::at));
        return lines;
    }

    private static @Nullable Instant time(String word) {
        try {
            return OffsetDateTime.parse(word).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Lines may hold secrets. */
    @Override
    public String toString() {
        return "log of " + service;
    }
}
