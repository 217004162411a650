package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.DigestedContent;
import dev.lightkeeper.desired.DigestedContent.DigestedContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares what is wanted with what runs. Messages name variables, never values. */
public final class Differences {
    private static final int NAMES_SHOWN = 10;

    private Differences() {}

    /** How {@code live} differs from {@code wanted}; empty when they are the same release. */
    public static List<Difference> between(DigestedContent wanted, DigestedContent live) {
        List<Difference> differences = new ArrayList<>();
        Set<String> names = new TreeSet<>(wanted.containers().keySet());
        names.addAll(live.containers().keySet());
        for (String name : names) {
            DigestedContainer want = wanted.containers().get(name);
            DigestedContainer have = live.containers().get(name);
            if (want == null) {
                differences.add(new Difference(
                        Reason.ContentMismatch, "container \"%s\" runs but is not declared".formatted(name)));
            } else if (have == null) {
                differences.add(new Difference(
                        Reason.ContentMismatch, "container \"%s\" is declared but does not run".formatted(name)));
            } else {
                compare(name, want, have, differences);
            }
        }
        if (!Objects.equals(wanted.endpoint(), live.endpoint())) {
            differences.add(new Difference(
                    Reason.EndpointMismatch, "the public endpoint or its health check is not the declared one"));
        }
        return differences;
    }

    private static void compare(
            String name, DigestedContainer want, DigestedContainer have, List<Difference> differences) {
        if (!want.image().equals(have.image())) {
            differences.add(new Difference(
                    Reason.ImageMismatch,
                    "container \"%s\" runs %s, declared is %s".formatted(name, have.image(), want.image())));
        }
        if (!want.environment().equals(have.environment())) {
            differences.add(new Difference(
                    Reason.EnvironmentMismatch,
                    "the environment of container \"%s\" differs in %s"
                            .formatted(name, variables(want.environment(), have.environment()))));
        }
        if (!want.command().equals(have.command())) {
            differences.add(new Difference(
                    Reason.ContentMismatch, "the command of container \"%s\" is not the declared one".formatted(name)));
        }
        if (!want.ports().equals(have.ports())) {
            differences.add(new Difference(
                    Reason.ContentMismatch, "the ports of container \"%s\" are not the declared ones".formatted(name)));
        }
    }

    private static String variables(Map<String, String> want, Map<String, String> have) {
        Set<String> names = new TreeSet<>(want.keySet());
        names.addAll(have.keySet());
        names.removeIf(name -> Objects.equals(want.get(name), have.get(name)));
        String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        return names.size() > NAMES_SHOWN ? shown + " and %d more".formatted(names.size() - NAMES_SHOWN) : shown;
    }
}
