package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.ForbiddenLogPattern;
import dev.lightkeeper.api.v1alpha1.LogMilestone;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.verify.LogJournal.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the log of a version says about each check. A log that is silent or cannot be read never passes a check. */
final class LogVerdicts {
    private static final String SILENT = "the log holds no line of the application, so that nothing can be said";

    private final Situation situation;
    private final LogScene scene;
    private final LogWatch watch;
    private final Timings timings;
    private final Excerpts excerpts;
    private final Instant now;
    private final @Nullable Failure unreadable;

    LogVerdicts(Situation situation, LogScene scene, LogWatch watch, Timings timings, Excerpts excerpts, Instant now) {
        this.situation = situation;
        this.scene = scene;
        this.watch = watch;
        this.timings = timings;
        this.excerpts = excerpts;
        this.now = now;
        unreadable = watch.unreadable(timings.observationStale(), now);
    }

    static String key(LogMilestone milestone) {
        return "milestone/" + milestone.name();
    }

    static String afterKey(LogMilestone milestone) {
        return "after/" + milestone.name();
    }

    static String key(ForbiddenLogPattern pattern) {
        return "forbidden/" + pattern.name();
    }

    CheckStatus of(LogMilestone milestone) {
        CheckResult before = situation.proved(CheckType.LogMilestone, milestone.name());
        boolean latched = before == CheckResult.Passing;
        Instant read = watch.lastRead();
        CheckResult result;
        String message;
        MilestoneRule.Finding finding = read == null ? MilestoneRule.Finding.NOTHING : find(milestone, latched, read);
        if (unreadable != null && !latched) {
            result = CheckResult.Unknown;
            message = "the log cannot be read: " + unreadable.message();
        } else if (watch.journal().newestLine() == null && !latched) {
            result = read == null && before == CheckResult.Failing ? before : CheckResult.Unknown;
            message = read == null ? "the log was not read yet" : SILENT;
        } else if (finding == MilestoneRule.Finding.MISSING) {
            result = CheckResult.Failing;
            message = "the line was not found within %d s after a start".formatted(milestone.withinSeconds());
        } else if (finding == MilestoneRule.Finding.REACHED || latched) {
            result = CheckResult.Passing;
            message = "the line was found after each start";
        } else if (before == CheckResult.Failing) {
            result = CheckResult.Failing;
            message = "the line was not found within %d s after a start".formatted(milestone.withinSeconds());
        } else {
            result = CheckResult.Unknown;
            message = finding == MilestoneRule.Finding.WAITING
                    ? "waiting for the line"
                    : "the start of this version is not in the log any more; a restart of the release writes it again";
        }
        return tell(
                CheckType.LogMilestone,
                milestone.name(),
                key(milestone),
                milestone.enforcement(),
                result,
                message,
                scene.version());
    }

    private MilestoneRule.Finding find(LogMilestone milestone, boolean latched, Instant read) {
        Duration within = Duration.ofSeconds(milestone.withinSeconds());
        List<Sight> matches = since(watch.journal().all(key(milestone)));
        List<Sight> nodes = since(watch.journal().most(LogWatch.STARTED));
        MilestoneRule rule = new MilestoneRule(within, timings.logLag(), scene.nodes(), latched, read);
        MilestoneRule.Finding byNodes;
        if (!nodes.isEmpty()) {
            byNodes = rule.judge(nodes, matches);
        } else if (latched) {
            byNodes = MilestoneRule.Finding.REACHED;
        } else if (scene.createdAt().isBefore(now.minus(LogChecks.KEPT))) {
            byNodes = MilestoneRule.Finding.NOTHING;
        } else {
            // AWS does not say when the nodes began: they were there when the version became active.
            Sight active = new Sight(scene.createdAt(), scene.activeTime());
            Duration activation = Duration.between(scene.createdAt(), scene.activeTime());
            Duration longer = activation.isNegative() ? within : within.plus(activation);
            byNodes = new MilestoneRule(
                            longer, timings.logLag().minus(longer.minus(within)), scene.nodes(), false, read)
                    .judge(Collections.nCopies(scene.nodes(), active), matches);
        }
        List<Sight> again = since(watch.journal().all(afterKey(milestone)));
        MilestoneRule.Finding byLines = again.isEmpty() ? byNodes : rule.judge(again, matches);
        return worse(byNodes, byLines);
    }

    private static MilestoneRule.Finding worse(MilestoneRule.Finding one, MilestoneRule.Finding other) {
        for (MilestoneRule.Finding bad : List.of(MilestoneRule.Finding.MISSING, MilestoneRule.Finding.WAITING)) {
            if (one == bad || other == bad) {
                return bad;
            }
        }
        return one == MilestoneRule.Finding.NOTHING ? other : one;
    }

    private List<Sight> since(List<Sight> sights) {
        return sights.stream()
                .filter(sight -> !sight.at().isBefore(scene.createdAt()))
                .toList();
    }

    CheckStatus of(ForbiddenLogPattern pattern) {
        CheckResult before = situation.proved(CheckType.ForbiddenLogPattern, pattern.name());
        Instant read = watch.lastRead();
        Instant from = scene.activeTime().plus(timings.logSettle());
        List<Sight> matches = watch.journal().all(key(pattern));
        Duration window = Duration.ofSeconds(pattern.windowSeconds());
        boolean broken = new ForbiddenRule(
                        pattern.maxMatches(), window, timings.logLag(), from, Objects.requireNonNullElse(read, now))
                .isBroken(since(matches));
        // What was so before the release came is no fault of it.
        boolean old = scene.onTrial() && matches.stream().anyMatch(this::isBefore);
        Sight newest = watch.journal().newestLine();
        CheckResult result;
        String message;
        if (unreadable != null) {
            result = CheckResult.Unknown;
            message = "the log cannot be read: " + unreadable.message();
        } else if (broken) {
            result = CheckResult.Failing;
            message = old
                    ? "the pattern was found more often than maxMatches allows, but also in the hour before the rollout: it is not held against this release"
                    : "the pattern was found more often than maxMatches allows within %d s"
                            .formatted(pattern.windowSeconds());
        } else if (read == null || read.isBefore(from)) {
            result = before;
            message = before == CheckResult.Unknown
                    ? "not counted yet: the start of a version may be noisy"
                    : told(CheckType.ForbiddenLogPattern, pattern.name());
        } else if (newest == null) {
            result = before == CheckResult.Passing ? before : CheckResult.Unknown;
            message = before == CheckResult.Passing ? told(CheckType.ForbiddenLogPattern, pattern.name()) : SILENT;
        } else if (before == CheckResult.Failing && newest.seen().isBefore(read.minus(window))) {
            result = CheckResult.Unknown;
            message = "the pattern was found too often before, and no line at all came after it";
        } else {
            result = CheckResult.Passing;
            message = "the pattern was not found more often than maxMatches allows";
        }
        return tell(
                CheckType.ForbiddenLogPattern,
                pattern.name(),
                key(pattern),
                pattern.enforcement(),
                result,
                message,
                broken && old ? null : Long.valueOf(scene.version()));
    }

    private boolean isBefore(Sight sight) {
        return sight.at().isBefore(scene.began())
                && !sight.at().isBefore(scene.began().minus(timings.logMemory()));
    }

    private String told(CheckType type, String name) {
        return situation.before(type, name).map(CheckStatus::message).orElse("as before");
    }

    private CheckStatus tell(
            CheckType type,
            String name,
            String key,
            @Nullable Enforcement enforcement,
            CheckResult result,
            String message,
            @Nullable Long version) {
        boolean fresh = situation
                .before(type, name)
                .filter(before -> before.status() == CheckResult.Failing)
                .isEmpty();
        String text = watch.journal().text(key);
        if (result == CheckResult.Failing && fresh && text != null) {
            situation
                    .redacted(text)
                    .ifPresent(
                            safe -> excerpts.note(situation.desired().resource().qualifiedName(), name, safe));
        }
        return situation.line(
                type, name, Objects.requireNonNullElse(enforcement, Enforcement.Required), result, message, version);
    }
}
