package dev.lightkeeper.sandbox;

/**
 * What {@code java -jar} starts. It is compiled for very old JVMs, so that these can say that they are too old instead of
 * printing a stack trace about class file versions.
 */
public final class Launcher {
    private static final int NEEDED = 25;
    private static final int CANNOT_RUN = 2;

    private Launcher() {}

    /**
     * Hands over to the sandbox, or ends with exit code 2.
     *
     * @param args of the sandbox
     * @throws ReflectiveOperationException when the jar is broken
     */
    public static void main(String[] args) throws ReflectiveOperationException {
        String version = System.getProperty("java.specification.version", "unknown");
        if (feature(version) < NEEDED) {
            System.err.println("The sandbox needs Java " + NEEDED + " or newer; this is Java " + version + " in "
                    + System.getProperty("java.home") + ".");
            System.exit(CANNOT_RUN);
        }
        Class.forName("dev.lightkeeper.sandbox.Sandbox")
                .getMethod("main", String[].class)
                .invoke(null, (Object) args);
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
