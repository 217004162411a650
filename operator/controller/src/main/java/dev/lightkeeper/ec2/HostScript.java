package dev.lightkeeper.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lightkeeper.failure.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The one script that runs on hosts, and how a request is put before it. Only the request differs from command to command,
 * and it is one word of base64.
 */
public final class HostScript {
    static final String RESOURCE = "/dev/lightkeeper/ec2/lightkeeper-host.sh";

    /** AWS tells no limit for what a command carries; a document's is 64 KiB, of JSON. */
    static final int MOST_BYTES = 60_000;

    private static final String VARIABLE = "LIGHTKEEPER_REQUEST=";

    private final Supplier<String> text;
    private volatile @Nullable Shipped shipped;

    HostScript(Supplier<String> text) {
        this.text = text;
    }

    /** What of the script is sent, and its bytes. */
    private record Shipped(List<String> lines, int size) {
        /**
         * Comments, empty lines and what lines begin with are for people; a host does without them. Packed it leaves two
         * thirds of a command to the request.
         */
        static Shipped of(String text) {
            String script = Arrays.stream(text.split("\n", -1))
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.joining("\n"));
            List<String> lines = """
                LIGHTKEEPER_SCRIPT=$(printf %%s '%s' | base64 -d | gzip -dc) || { echo '{"version":1,"verb":"","operation":"","result":"Failed","code":"ToolMissing","message":"base64 or gzip is missing, or does not work."}'; exit 10; }
                eval "$LIGHTKEEPER_SCRIPT"\
                """.formatted(Base64.getEncoder().encodeToString(packed(script)))
                    .lines()
                    .toList();
            return new Shipped(lines, lines.stream().mapToInt(HostScript::bytes).sum());
        }

        private static byte[] packed(String script) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                out.write(script.getBytes(UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return packed.toByteArray();
        }
    }

    private Shipped script() {
        Shipped known = shipped;
        if (known == null) {
            known = Shipped.of(text.get());
            shipped = known;
        }
        return known;
    }

    /** The script that is shipped with this version, read when it is needed first. */
    public static HostScript shipped() {
        return new HostScript(HostScript::resource);
    }

    private static String resource() {
        try (InputStream in = HostScript.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + RESOURCE);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is to be sent, or why it cannot be. */
    sealed interface Commands {
        /** The lines of the command. */
        record Fitting(List<String> lines) implements Commands {}

        /** They are more than AWS is known to carry. */
        record TooLong(Failure.Terminal failure) implements Commands {}
    }

    /** The lines of the command that has a host do what the request says. */
    Commands commands(ScriptRequest request) {
        Shipped script = script();
        List<String> commands = new ArrayList<>(script.lines().size() + 1);
        commands.add(VARIABLE + request.encoded());
        commands.addAll(script.lines());
        int asked = bytes(commands.getFirst());
        return script.size() + asked <= MOST_BYTES
                ? new Commands.Fitting(commands)
                : new Commands.TooLong(new Failure.Terminal(
                        "RequestTooLong",
                        "what the hosts are to be told has %d bytes and the script %d, together more than the %d that a command carries; declare fewer or shorter values, or move them to SSM Parameter Store"
                                .formatted(asked, script.size(), MOST_BYTES)));
    }

    private static int bytes(String line) {
        return line.getBytes(UTF_8).length + 1;
    }
}
