package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.Ec2Runtime;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.DigestedContent;
import dev.lightkeeper.desired.DigestedContent.DigestedContainer;
import dev.lightkeeper.desired.HostTemplate;
import dev.lightkeeper.desired.Template;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.plan.RevisionRecord;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How what runs on a host differs from a revision.
 *
 * @param container what differs, null when it is the release as a whole
 * @param image that runs instead of the declared one, null when it is not about that
 * @param message what is wrong, without the host's name
 */
record HostDrift(
        Reason reason, @Nullable String container, @Nullable String image, String message) {
    /** The first difference; empty when the host runs the revision, all of it and nothing else. */
    static Optional<HostDrift> of(HostReport.Installed installed, RevisionRecord wanted) {
        if (!wanted.number().equals(installed.revision())
                || !wanted.fingerprint().equals(installed.fingerprint())) {
            return whole("runs revision %s, not %s".formatted(installed.revision(), wanted.number()));
        }
        if (installed.dirty()) {
            return whole("files of the release were changed by hand, or a command was cut off there");
        }
        for (Map.Entry<String, DigestedContainer> entry :
                wanted.content().containers().entrySet()) {
            Optional<HostDrift> found = of(entry.getKey(), entry.getValue(), installed, wanted);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<HostDrift> of(
            String name, DigestedContainer container, HostReport.Installed installed, RevisionRecord wanted) {
        HostReport.Workload process = installed.processes().stream()
                .filter(running -> running.name().equals(name))
                .findFirst()
                .orElse(null);
        if (process == null
                || process.state() == HostReport.State.MISSING
                || process.state() == HostReport.State.EXITED) {
            return part(Reason.ContentMismatch, name, "\"%s\" does not run".formatted(name));
        }
        if (process.state() == HostReport.State.RESTARTING) {
            return part(Reason.ContentMismatch, name, "\"%s\" ends again and again".formatted(name));
        }
        HostTemplate template = template(wanted);
        boolean hasImage = template == null || template.runtime() != Ec2Runtime.Pm2;
        if (hasImage && !process.image().isEmpty() && !isSameImage(process.image(), container.image())) {
            return Optional.of(new HostDrift(
                    Reason.ImageMismatch,
                    name,
                    process.image(),
                    "\"%s\" runs %s, declared is %s".formatted(name, process.image(), container.image())));
        }
        if (process.environment() == HostReport.Environment.DIFFERS) {
            return part(
                    Reason.EnvironmentMismatch,
                    name,
                    "the environment of \"%s\" is not that of its release".formatted(name));
        }
        if (process.loggingDiffers()) {
            return part(
                    Reason.ContentMismatch,
                    name,
                    "the log driver or a log option of \"%s\" is not that of its release".formatted(name));
        }
        return template != null && !process.user().isEmpty() && !process.user().equals(template.runAs())
                ? part(
                        Reason.ContentMismatch,
                        name,
                        "\"%s\" runs as %s, declared is %s".formatted(name, process.user(), template.runAs()))
                : Optional.empty();
    }

    /** Podman puts the registry before a name that was given without. */
    private static boolean isSameImage(String running, String declared) {
        return running.equals(declared) || running.endsWith("/" + declared);
    }

    private static @Nullable HostTemplate template(RevisionRecord record) {
        Template template = record.template();
        return template == null ? null : template.ec2();
    }

    private static Optional<HostDrift> whole(String message) {
        return Optional.of(new HostDrift(Reason.ContentMismatch, null, null, message));
    }

    private static Optional<HostDrift> part(Reason reason, String container, String message) {
        return Optional.of(new HostDrift(reason, container, null, message));
    }

    /** The same for a host; empty too while nothing is known of it, or no revision was ever started there. */
    static Optional<HostDrift> of(LiveHost host, RevisionRecord wanted) {
        return Roster.serving(host).flatMap(installed -> of(installed, wanted));
    }

    /** What runs, as far as that is to be told from the revision: never equal to it. */
    DigestedContent seen(DigestedContent wanted) {
        SortedMap<String, DigestedContainer> containers = new TreeMap<>(wanted.containers());
        String name = container == null ? containers.firstKey() : container;
        DigestedContainer whole = containers.get(name);
        if (whole == null || container == null || reason == Reason.ContentMismatch) {
            containers.remove(name);
        } else if (image != null) {
            containers.put(name, new DigestedContainer(image, whole.command(), whole.environment(), whole.ports()));
        } else {
            containers.put(name, new DigestedContainer(whole.image(), whole.command(), unlike(whole), whole.ports()));
        }
        return new DigestedContent(containers, wanted.endpoint());
    }

    private static SortedMap<String, String> unlike(DigestedContainer whole) {
        SortedMap<String, String> environment = new TreeMap<>(whole.environment());
        environment.put("?", "");
        return environment;
    }
}
