package dev.lightkeeper.sandbox;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What {@code java -jar} starts: the sandbox, in a JVM with the options that make it start fast and stay small, which a jar
 * cannot ask for. It is compiled for very old JVMs, so that these can say that they are too old instead of printing a stack
 * trace about class file versions.
 */
public final class Launcher {
    private static final int NEEDED = 25;
    private static final int CANNOT_RUN = 2;
    private static final String PROPERTY_PREFIX = "sandbox.";
    /** An argument file of {@code java}, which Maven's profile gives to it as it is. */
    private static final String OPTIONS = "jvm.options";

    private Launcher() {}

    /**
     * Runs the sandbox and ends with its exit code.
     *
     * @param args of the sandbox
     * @throws IOException when the JVM cannot be started once more
     * @throws InterruptedException never, since nobody interrupts it
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        String version = System.getProperty("java.specification.version", "unknown");
        if (feature(version) < NEEDED) {
            System.err.println("The sandbox needs Java " + NEEDED + " or newer; this is Java " + version + " in "
                    + System.getProperty("java.home") + ".");
            System.exit(CANNOT_RUN);
        }
        final Process sandbox = new ProcessBuilder(command(args)).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread("end") {
            @Override
            public void run() {
                sandbox.destroy();
                Runtime.getRuntime().halt(exitCode(sandbox));
            }
        });
        System.exit(sandbox.waitFor());
    }

    private static int exitCode(Process ending) {
        try {
            return ending.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CANNOT_RUN;
        }
    }

    static List<String> options() throws IOException {
        List<String> options = new ArrayList<>();
        InputStream file = Objects.requireNonNull(Launcher.class.getResourceAsStream(OPTIONS));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                options.add(line);
            }
        }
        return options;
    }

    private static List<String> command(String[] args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(options());
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith(PROPERTY_PREFIX)) {
                command.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        command.add("-D" + PROPERTY_PREFIX + "end-with-parent=true");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("dev.lightkeeper.sandbox.Sandbox");
        command.addAll(Arrays.asList(args));
        return command;
    }

    /** 8 of "1.8", 25 of "25"; 0 of what is not understood. */
    static int feature(String version) {
        String number = version.startsWith("1.") ? version.substring(2) : version;
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
