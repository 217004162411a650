package dev.lightkeeper.simulators.aws.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of a stand-in.
 *
 * @param tool the command's name
 * @param user who calls
 * @param arguments after the command's name
 * @param input standard input, where the command reads it
 */
record Invocation(String tool, String user, List<String> arguments, String input) {
    /** What the command writes, and how it ends. */
    record Answer(int exitCode, String output, String error) {
        static Answer ok(String output) {
            return new Answer(0, output, "");
        }

        static Answer failed(String error) {
            return failed(1, error);
        }

        static Answer failed(int exitCode, String error) {
            return new Answer(exitCode, "", error + "\n");
        }
    }

    /**
     * Arguments as options and operands.
     *
     * @param pairs options in order, each with its value, or an empty one for a switch
     * @param operands what is left; everything from the first operand on where the command passes arguments on
     */
    record Options(List<String[]> pairs, List<String> operands) {
        @Nullable
        String value(String... names) {
            List<String> values = values(names);
            return values.isEmpty() ? null : values.getLast();
        }

        List<String> values(String... names) {
            return pairs.stream()
                    .filter(pair -> Arrays.asList(names).contains(pair[0]))
                    .map(pair -> pair[1])
                    .toList();
        }

        boolean has(String... names) {
            return !values(names).isEmpty();
        }
    }

    /**
     * Splits arguments.
     *
     * @param from index of the first
     * @param switches options without a value; all others have one
     * @param stopsAtOperand whether options after the first operand belong to the operand
     */
    Options options(int from, Set<String> switches, boolean stopsAtOperand) {
        List<String[]> pairs = new ArrayList<>();
        List<String> operands = new ArrayList<>();
        for (int i = from; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-") || argument.equals("-")) {
                operands.add(argument);
                if (stopsAtOperand) {
                    operands.addAll(arguments.subList(i + 1, arguments.size()));
                    break;
                }
            } else if (switches.contains(argument)) {
                pairs.add(new String[] {argument, ""});
            } else if (argument.startsWith("--") && argument.contains("=")) {
                pairs.add(argument.split("=", 2));
            } else if (i + 1 < arguments.size()) {
                pairs.add(new String[] {argument, arguments.get(++i)});
            } else {
                throw new IllegalArgumentException("flag needs an argument: " + argument);
            }
        }
        return new Options(pairs, operands);
    }
}
