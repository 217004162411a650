package dev.lightkeeper.sandbox;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The program. */
public final class Sandbox {
    private static final int CANNOT_START = 2;
    private static final String PROPERTY_PREFIX = "sandbox.";

    private Sandbox() {}

    /** Runs until it is told to end, or until {@code --once} or {@code --story} have their answer. */
    public static void main(String[] args) {
        CommandLine command = new CommandLine(new Session());
        var _ = command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .type(boolean.class)
                        .description("This text.")
                        .build());
        command.setDefaultValueProvider(argument -> argument instanceof OptionSpec option
                ? property(option.longestName().substring(2))
                : null);
        command.setParameterExceptionHandler((problem, given) -> refuse(problem));
        command.setExecutionExceptionHandler((problem, line, parsed) -> {
            if (problem instanceof CannotStart) {
                System.err.println(problem.getMessage());
                return CANNOT_START;
            }
            throw problem;
        });
        System.exit(command.execute(args));
    }

    private static int refuse(ParameterException problem) {
        CommandSpec spec = problem.getCommandLine().getCommandSpec();
        System.err.printf("%s (%s --help lists all options)%n", problem.getMessage(), spec.name());
        return CANNOT_START;
    }

    /** Maven hands on all properties; those that nobody set are empty. */
    private static @Nullable String property(String option) {
        String value = System.getProperty(PROPERTY_PREFIX + option);
        return value == null || value.isBlank() ? null : value;
    }
}
