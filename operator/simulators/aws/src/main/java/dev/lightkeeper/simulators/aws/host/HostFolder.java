package dev.lightkeeper.simulators.aws.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that a host's scripts see as their root.
 *
 * @param root where it is
 */
record HostFolder(Path root) {
    /** Makes the folders that are on every host. */
    void fill() {
        try {
            for (String folder : List.of(
                    "usr/bin",
                    "etc",
                    "proc/net",
                    "run/systemd/system",
                    "tmp",
                    "home",
                    "root",
                    "var/lib",
                    "repositories")) {
                Files.createDirectories(root.resolve(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a folder where there is none. */
    void make(String name) {
        try {
            Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The home folder of a user. */
    Path home(String user) {
        return root.resolve(user.equals("root") ? "root" : "home/" + user);
    }

    void write(String name, CharSequence text) {
        try {
            Files.writeString(root.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what {@code /proc/net/tcp} shows of listening sockets. */
    void listening(List<Integer> ports) {
        StringBuilder table = new StringBuilder("  sl  local_address rem_address   st\n");
        for (int port : ports) {
            table.append("   0: 00000000:%04X 00000000:0000 0A\n".formatted(port));
        }
        write("proc/net/tcp", table);
    }

    /** The user that {@code chown} named last for a file or a folder around it; root when none. */
    String owner(Path file) {
        String owner = "root";
        for (String line : read(root.resolve(".owners")).lines().toList()) {
            // A folder that is moved keeps its number.
            String[] parts = line.split(" +", 3);
            for (Path each = file; each != null && each.startsWith(root); each = each.getParent()) {
                if (parts[1].equals(number(each))) {
                    owner = parts[0];
                }
            }
        }
        return owner;
    }

    private static String number(Path file) {
        try {
            return String.valueOf(Files.getAttribute(file, "unix:ino"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void deleteAll() {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder()).forEach(HostFolder::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a file, empty where there is none. */
    static String read(Path file) {
        try {
            return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
