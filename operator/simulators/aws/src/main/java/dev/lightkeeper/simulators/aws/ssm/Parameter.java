package dev.lightkeeper.simulators.aws.ssm;

import dev.lightkeeper.simulators.aws.http.ApiError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parameter with the versions that are kept, oldest first. */
final class Parameter {
    private static final int MOST_VERSIONS = 100;

    final String name;
    final List<ParameterVersion> versions = new ArrayList<>();

    Parameter(String name) {
        this.name = name;
    }

    ParameterVersion latest() {
        return versions.getLast();
    }

    /** The newest version at a time; null when there was none. */
    @Nullable
    ParameterVersion latest(@Nullable Instant asOf) {
        return asOf == null
                ? latest()
                : versions.reversed().stream()
                        .filter(version -> !version.modifiedAt().isAfter(asOf))
                        .findFirst()
                        .orElse(null);
    }

    /** The version that a number or a label selects; null when there is none. */
    @Nullable
    ParameterVersion select(String selector) {
        return versions.stream()
                .filter(version -> Long.toString(version.number()).equals(selector)
                        || version.labels().contains(selector))
                .findFirst()
                .orElse(null);
    }

    void add(ParameterVersion version) {
        if (versions.size() == MOST_VERSIONS) {
            if (!versions.getFirst().labels().isEmpty()) {
                throw new ApiError(
                        400,
                        "ParameterMaxVersionLimitExceeded",
                        "You attempted to create a new version of " + name
                                + ", but its oldest version has a label and cannot be removed.");
            }
            versions.removeFirst();
        }
        versions.add(version);
    }
}
