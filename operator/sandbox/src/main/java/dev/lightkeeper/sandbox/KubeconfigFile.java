package dev.lightkeeper.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The file that tells kubectl where to go, and the operator's log beside it. It goes with the server that it names. */
final class KubeconfigFile {
    private static final String LOG_PROPERTY = "sandbox.log";

    private final Path path;
    private final boolean somebodyElses;

    /** @param somebodyElses whether the cluster has a kubeconfig already, so that none is written */
    KubeconfigFile(Path path, boolean somebodyElses) {
        this.path = path;
        this.somebodyElses = somebodyElses;
    }

    Path path() {
        return path;
    }

    Path log() {
        return path.resolveSibling("operator.log");
    }

    /** Makes the folder, and from here on the log goes into it. */
    void check() {
        try {
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(log(), "");
            if (!somebodyElses) {
                Files.delete(owned());
            }
        } catch (IOException e) {
            throw new CannotStart("--kubeconfig: %s cannot be written".formatted(path), e);
        }
        System.setProperty(LOG_PROPERTY, log().toString());
        System.setProperty("logback.configurationFile", "dev/lightkeeper/sandbox/logback.xml");
    }

    /** For those that only look on: no log, neither in a file nor on the screen. */
    static void logNothing() {
        System.setProperty("logback.configurationFile", "dev/lightkeeper/sandbox/logback-off.xml");
    }

    AutoCloseable write(String content) {
        if (somebodyElses) {
            return () -> {};
        }
        try {
            // Whoever waits for the file must not find half of it.
            Files.move(Files.writeString(owned(), content), path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CannotStart("--kubeconfig: %s cannot be written".formatted(path), e);
        }
        return () -> {
            // Another sandbox may have written its own in the meantime.
            if (Files.exists(path) && Files.readString(path).equals(content)) {
                Files.delete(path);
            }
        };
    }

    /** A file beside it, empty: the key of cluster-admin is for its owner's eyes. */
    private Path owned() throws IOException {
        Path file = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(file);
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                : Files.createFile(file);
    }
}
