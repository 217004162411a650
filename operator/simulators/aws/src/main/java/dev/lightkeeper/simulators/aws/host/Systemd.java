package dev.lightkeeper.simulators.aws.host;

import dev.lightkeeper.simulators.aws.host.Invocation.Answer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which units of a host begin with it, and which users have a manager. Not safe for use by many threads. */
final class Systemd {
    private static final Pattern MANAGER = Pattern.compile("user@(\\d+)\\.service");

    private final HostFolder folder;
    private final ToIntFunction<String> uid;
    private final Set<String> enabled = new HashSet<>();
    private final Set<String> started = new HashSet<>();

    /** {@code uid} tells the number of a user. */
    Systemd(HostFolder folder, ToIntFunction<String> uid) {
        this.folder = folder;
        this.uid = uid;
    }

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
        if (call.arguments().contains("--user")
                && !started.contains("user@%d.service".formatted(uid.applyAsInt(call.user())))) {
            return Answer.failed("Failed to connect to bus: No medium found");
        }
        return switch (verb) {
            case "start" -> {
                Matcher manager = MANAGER.matcher(unit);
                if (manager.matches()) {
                    folder.make("run/user/" + manager.group(1));
                }
                started.add(unit);
                yield Answer.ok("");
            }
            case "is-enabled" -> isEnabled(unit) ? Answer.ok("") : Answer.failed("disabled");
            case "enable" -> {
                enable(unit);
                yield Answer.ok("");
            }
            default -> Answer.failed("Unknown command verb " + verb);
        };
    }
}
