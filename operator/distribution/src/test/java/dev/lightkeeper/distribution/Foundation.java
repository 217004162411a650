package dev.lightkeeper.distribution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the image has below its Java runtime: where the base has nothing, the C library that this machine has, and the files
 * that it reads. A program of the build.
 */
final class Foundation {
    /** A line of ldd, with or without the name that was asked for; the kernel's own library has no file. */
    private static final Pattern LIBRARY = Pattern.compile("(?m)^\\s+(?:\\S+ => )?(/\\S+) \\(0x");

    private static final String USERS = """
            root:x:0:0:root:/:/sbin/nologin
            nonroot:x:65532:65532:nonroot:/nonexistent:/sbin/nologin
            """;
    private static final String GROUPS = "root:x:0:\nnonroot:x:65532:\n";
    private static final String NAMES = "passwd: files\ngroup: files\nhosts: files dns\n";

    private Foundation() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path runtime = Path.of(arguments[0]).toAbsolutePath();
        Path folder = Path.of(arguments[1]);
        Path _ = Files.createDirectories(folder.resolve("tmp"));
        if (!arguments[2].equals("scratch")) {
            return;
        }
        for (String library : libraries(runtime)) {
            Path copy = folder.resolve(library.substring(1));
            Path _ = Files.createDirectories(copy.getParent());
            if (Files.notExists(copy)) {
                Path _ = Files.copy(Path.of(library).toRealPath(), copy);
            }
        }
        Path etc = Files.createDirectories(folder.resolve("etc"));
        Path _ = Files.writeString(etc.resolve("passwd"), USERS);
        Path _ = Files.writeString(etc.resolve("group"), GROUPS);
        Path _ = Files.writeString(etc.resolve("nsswitch.conf"), NAMES);
    }

    private static Set<String> libraries(Path runtime) throws IOException, InterruptedException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(runtime)) {
            for (Path file : files.filter(Foundation::isBinary).toList()) {
                for (String library : needed(file, runtime)) {
                    if (!library.startsWith(runtime.toString())) {
                        found.add(library);
                    }
                }
            }
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("ldd finds no library that " + runtime + " needs");
        }
        return found;
    }

    private static boolean isBinary(Path file) {
        return file.endsWith("bin/java") || file.toString().endsWith(".so");
    }

    private static List<String> needed(Path file, Path runtime) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("ldd", file.toString()).redirectErrorStream(true);
        // As the launcher does it.
        builder.environment()
                .put("LD_LIBRARY_PATH", runtime.resolve("lib").resolve("server").toString());
        Process ldd = builder.start();
        String said = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ldd.waitFor() != 0 || said.contains("not found")) {
            throw new IllegalStateException("ldd " + file + ": " + said);
        }
        return LIBRARY.matcher(said).results().map(line -> line.group(1)).toList();
    }
}
