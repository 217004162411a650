package dev.lightkeeper.simulators.aws.host;

import dev.lightkeeper.simulators.aws.host.Invocation.Answer;
import java.util.HashSet;
import java.util.Set;

/** Which units of a host begin with it. Not safe for use by many threads. */
final class Systemd {
    private final Set<String> enabled = new HashSet<>();

    boolean isEnabled(String unit) {
        return enabled.contains(unit);
    }

    void enable(String unit) {
        enabled.add(unit);
    }

    /** Answers {@code systemctl}. */
    Answer answer(Invocation call) {
        String unit = call.arguments().getLast();
        String verb = call.arguments().stream()
                .filter(word -> !word.startsWith("-"))
                .findFirst()
                .orElse("");
        return switch (verb) {
            case "is-enabled" -> isEnabled(unit) ? Answer.ok("") : Answer.failed("disabled");
            case "enable" -> {
                enable(unit);
                yield Answer.ok("");
            }
            default -> Answer.failed("Unknown command verb " + verb);
        };
    }
}
