package dev.lightkeeper.sandbox;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** All ServiceDeployments on one screen: what they are, what is wrong with them, and what changed last. */
final class Overview {
    private static final List<String> CONDITIONS =
            List.of("Ready", "Available", "Synced", "EnvironmentValid", "Degraded", "Stalled");
    private static final List<String> HEADINGS = List.of("READY", "AVAILABLE", "SYNCED", "ENV", "DEGRADED", "STALLED");
    private static final List<String> BAD_WHEN_TRUE = List.of("Degraded", "Stalled");
    private static final int NAME_WIDTH = 24;
    private static final int CELL_WIDTH = 9;
    private static final int AGE_WIDTH = 5;
    private static final int IMAGE_AT_LEAST = 8;
    private static final int SHORTEST_HISTORY = 3;
    private static final String GAP = "  ";

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle STRONG = PLAIN.bold();
    private static final AttributedStyle FAINT = PLAIN.faint();
    private static final AttributedStyle GOOD = PLAIN.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle BAD = PLAIN.foreground(AttributedStyle.RED);
    private static final AttributedStyle OPEN = PLAIN.foreground(AttributedStyle.YELLOW);

    private final Instant now;
    private final int width;
    private final List<AttributedString> lines = new ArrayList<>();

    private Overview(Instant now, int width) {
        this.now = now;
        this.width = width;
    }

    private record Transition(ServiceDeployment resource, Condition condition, Instant at) {}

    /** The screen, of at most so many lines and columns. */
    static List<AttributedString> of(List<ServiceDeployment> found, Instant now, int width, int height) {
        List<ServiceDeployment> resources =
                found.stream().sorted(Comparator.comparing(Sightings::key)).toList();
        Overview overview = new Overview(now, width);
        overview.title(resources);
        overview.table(resources, height);
        overview.problems(resources, height);
        overview.transitions(resources, height);
        return List.copyOf(overview.lines.subList(0, Math.min(height, overview.lines.size())));
    }

    private void title(List<ServiceDeployment> resources) {
        long ready = resources.stream().filter(Sightings::ready).count();
        add(new AttributedStringBuilder()
                .styled(STRONG, "Lightkeeper")
                .append(GAP)
                .styled(resources.size() == ready ? GOOD : OPEN, "%d of %d ready".formatted(ready, resources.size()))
                .styled(FAINT, GAP + "q ends"));
        add(new AttributedStringBuilder());
    }

    private void table(List<ServiceDeployment> resources, int height) {
        AttributedStringBuilder heading = new AttributedStringBuilder().styled(STRONG, cell("NAME", NAME_WIDTH));
        HEADINGS.forEach(word -> heading.append(GAP).styled(STRONG, cell(word, CELL_WIDTH)));
        heading.append(GAP).styled(STRONG, cell("AGE", AGE_WIDTH)).append(GAP).styled(STRONG, "IMAGE");
        add(heading);
        int room = Math.max(1, height - lines.size() - SHORTEST_HISTORY - 2);
        resources.stream().limit(room).forEach(this::row);
        if (resources.isEmpty()) {
            add(new AttributedStringBuilder().styled(FAINT, "no ServiceDeployment yet"));
        } else if (resources.size() > room) {
            add(new AttributedStringBuilder().styled(FAINT, "and %d more".formatted(resources.size() - room)));
        }
    }

    private void row(ServiceDeployment resource) {
        AttributedStringBuilder row = new AttributedStringBuilder().append(cell(Sightings.key(resource), NAME_WIDTH));
        for (String type : CONDITIONS) {
            row.append(GAP);
            Sightings.condition(resource, type)
                    .ifPresentOrElse(
                            condition ->
                                    row.styled(style(condition), cell(String.valueOf(condition.status()), CELL_WIDTH)),
                            () -> row.styled(FAINT, cell("-", CELL_WIDTH)));
        }
        Instant created = Instant.parse(resource.getMetadata().getCreationTimestamp());
        row.append(GAP).append(cell(age(created), AGE_WIDTH)).append(GAP);
        int left = Math.max(IMAGE_AT_LEAST, width - row.length());
        String images =
                resource.getSpec().containers().stream().map(Container::image).collect(Collectors.joining(" "));
        // The tag is what differs.
        add(row.append(images.length() <= left ? images : "…" + images.substring(images.length() - left + 1)));
    }

    private void problems(List<ServiceDeployment> resources, int height) {
        List<ServiceDeployment> wrong = resources.stream()
                .filter(resource -> Sightings.is(resource, "Ready", ConditionStatus.False))
                .limit(Math.max(0, height - lines.size() - SHORTEST_HISTORY - 3))
                .toList();
        if (wrong.isEmpty()) {
            return;
        }
        heading("Not ready");
        for (ServiceDeployment resource : wrong) {
            Condition ready = Sightings.condition(resource, "Ready").orElseThrow();
            add(new AttributedStringBuilder()
                    .append(cell(Sightings.key(resource), NAME_WIDTH))
                    .append(GAP)
                    .styled(BAD, ready.reason())
                    .append(GAP)
                    .append(ready.message()));
        }
    }

    private void transitions(List<ServiceDeployment> resources, int height) {
        heading("Last transitions");
        resources.stream()
                .filter(resource -> resource.getStatus() != null)
                .flatMap(resource -> resource.getStatus().conditions().stream()
                        .filter(condition -> condition.lastTransitionTime() != null)
                        .map(condition -> new Transition(resource, condition, condition.lastTransitionTime())))
                .sorted(Comparator.comparing(Transition::at).reversed())
                .limit(Math.max(0, height - lines.size()))
                .forEach(transition -> add(new AttributedStringBuilder()
                        .styled(FAINT, cell(age(transition.at()) + " ago", AGE_WIDTH + 4))
                        .append(GAP)
                        .append(cell(Sightings.key(transition.resource()), NAME_WIDTH))
                        .append(GAP)
                        .styled(
                                style(transition.condition()),
                                transition.condition().type() + "="
                                        + transition.condition().status())
                        .append(GAP)
                        .append(transition.condition().reason())
                        .append(GAP)
                        .styled(FAINT, transition.condition().message())));
    }

    private void heading(String words) {
        add(new AttributedStringBuilder());
        add(new AttributedStringBuilder().styled(STRONG, words));
    }

    private void add(AttributedStringBuilder line) {
        AttributedString whole = line.toAttributedString();
        lines.add(
                whole.columnLength() <= width
                        ? whole
                        : AttributedString.join(
                                AttributedString.EMPTY,
                                whole.columnSubSequence(0, width - 1),
                                new AttributedString("…")));
    }

    private static AttributedStyle style(Condition condition) {
        if (condition.status() == ConditionStatus.Unknown) {
            return OPEN;
        }
        boolean isTrue = condition.status() == ConditionStatus.True;
        return isTrue == BAD_WHEN_TRUE.contains(condition.type()) ? BAD : GOOD;
    }

    private String age(Instant since) {
        Duration age = Duration.between(since, now);
        if (age.toMinutes() < 2) {
            return Math.max(0, age.toSeconds()) + "s";
        }
        return age.toHours() < 2 ? age.toMinutes() + "m" : age.toHours() + "h";
    }

    private static String cell(String text, int size) {
        return text.length() <= size ? text + " ".repeat(size - text.length()) : text.substring(0, size - 1) + "…";
    }
}
