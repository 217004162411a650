package dev.lightkeeper.simulators.aws;

import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The standalone program. */
final class CommandLine {
    static final String USAGE = """
            Simulates AWS Lightsail container services, EC2, SSM, CloudWatch Logs and STS on 127.0.0.1.

              --port N              port to listen on (default 4600; 0 for any free one)
              --speed X             simulated seconds in a real one (default 60)
              --images FILE         catalogue of simulated applications (default: the built-in one)
              --account ID          the account (default 123456789012)
              --access-key ID       its access key; any secret goes with it
              --help                this text
            """;

    private CommandLine() {}

    /** Runs until the process ends; returns early, with an exit code, when there is nothing to run. */
    static void run(String[] args) {
        AwsSimulator.Builder builder;
        try {
            builder = parse(args);
        } catch (IllegalArgumentException | IOException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        if (builder == null) {
            System.out.print(USAGE);
            return;
        }
        AwsSimulator simulator = builder.start();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            simulator.close();
            ended.countDown();
        }));
        announce(simulator, System.out);
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A world as the options describe it, or null when only help is asked for. */
    static AwsSimulator.@Nullable Builder parse(String[] args) throws IOException {
        AwsSimulator.Builder builder = AwsSimulator.builder().port(4600).speed(60);
        String account = AwsSimulator.DEFAULT_ACCOUNT;
        String accessKey = AwsSimulator.DEFAULT_ACCESS_KEY;
        Deque<String> left = new ArrayDeque<>(Arrays.asList(args));
        while (!left.isEmpty()) {
            String option = left.remove();
            if (option.equals("--help")) {
                return null;
            }
            String value = left.poll();
            if (value == null) {
                throw new IllegalArgumentException(option + " is no option, or lacks its value");
            }
            switch (option) {
                case "--port" -> builder.port(Integer.parseInt(value));
                case "--speed" -> builder.speed(Double.parseDouble(value));
                case "--images" -> builder.catalogue(ImageCatalogue.load(Path.of(value)));
                case "--account" -> account = value;
                case "--access-key" -> accessKey = value;
                default -> throw new IllegalArgumentException(option + " is no option");
            }
        }
        return builder.accessKey(account, accessKey);
    }

    private static void announce(AwsSimulator simulator, PrintStream out) {
        out.println("The simulated AWS listens. To use it:");
        out.println("  export AWS_ENDPOINT_URL=" + simulator.endpoint());
        out.println("  export AWS_ACCESS_KEY_ID=" + simulator.credentials().anyKey());
        out.println("  export AWS_SECRET_ACCESS_KEY=" + AwsSimulator.DEFAULT_SECRET_KEY);
        out.println("  export AWS_REGION=eu-central-1 AWS_EC2_METADATA_DISABLED=true");
        out.println("Control: " + simulator.endpoint() + "/_simulator/");
        out.flush();
    }
}
