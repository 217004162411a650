package dev.lightkeeper.docs;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.flow.Scene;
import dev.lightkeeper.flow.Scene.Seen;
import java.util.Locale;
import java.util.Map;

/** Writes the states that were played: one table of all, then the conditions of each. */
final class ConditionsReference {
    private ConditionsReference() {}

    /** The first state is the healthy one: of the others only what differs from it is listed. */
    static String of(Map<Scene, Seen> played) {
        StringBuilder text = new StringBuilder("### All states at a glance\n");
        String section = "";
        for (Map.Entry<Scene, Seen> entry : played.entrySet()) {
            if (!section.equals(entry.getKey().section())) {
                section = entry.getKey().section();
                text.append("\n**[%s](#%s)**\n\n".formatted(section, anchor(section)))
                        .append("| State | Ready | Reconciling | Stalled | Degraded | Available | kstatus |\n")
                        .append("|---|---|---|---|---|---|---|\n");
            }
            text.append(row(entry.getKey(), entry.getValue()));
        }
        Seen healthy = played.values().iterator().next();
        section = "";
        for (Map.Entry<Scene, Seen> entry : played.entrySet()) {
            if (!section.equals(entry.getKey().section())) {
                section = entry.getKey().section();
                text.append("\n### %s\n".formatted(section));
            }
            text.append(listing(entry.getKey(), entry.getValue(), healthy));
        }
        return text.toString();
    }

    private static String row(Scene scene, Seen seen) {
        String told = seen.condition("Ready").map(Condition::reason).orElse("");
        StringBuilder row = new StringBuilder("| " + scene.title() + " |");
        seen.columns().stream().limit(5).forEach(column -> {
            String[] parts = column.split(" ", -1);
            boolean again = row.chars().filter(character -> character == '|').count() > 2;
            row.append(
                    parts.length == 1 || (again && parts[1].equals(told))
                            ? " %s |".formatted(parts[0])
                            : " %s `%s` |".formatted(parts[0], parts[1]));
        });
        return row.append(" %s |\n".formatted(seen.kstatus())).toString();
    }

    private static String listing(Scene scene, Seen seen, Seen healthy) {
        String title = scene.title();
        StringBuilder text = new StringBuilder("\n#### %s\n\n%s\n"
                .formatted(title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1), scene.when()));
        StringBuilder rows = new StringBuilder();
        for (Condition condition : seen.conditions()) {
            if (seen.equals(healthy) || !isAsUsual(condition, healthy)) {
                rows.append("| `%s` | %s | `%s` | %s |\n"
                        .formatted(
                                condition.type(),
                                condition.status(),
                                condition.reason(),
                                message(condition, seen).replace("|", "\\|")));
            }
        }
        if (!rows.isEmpty()) {
            text.append("\n| Type | Status | Reason | Message |\n|---|---|---|---|\n")
                    .append(rows);
        } else {
            text.append(
                    seen.conditions().isEmpty()
                            ? "\nThere are no conditions yet.\n"
                            : "\nAll conditions are as above.\n");
        }
        return text.toString();
    }

    private static String message(Condition condition, Seen seen) {
        boolean again = !condition.type().equals("Ready")
                && seen.condition("Ready")
                        .filter(ready -> ready.message().equals(condition.message()))
                        .isPresent();
        return again ? "(as `Ready`)" : condition.message();
    }

    private static boolean isAsUsual(Condition condition, Seen healthy) {
        return healthy.condition(condition.type())
                .filter(usual -> usual.status() == condition.status()
                        && usual.reason().equals(condition.reason())
                        && usual.message().equals(condition.message()))
                .isPresent();
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }
}
