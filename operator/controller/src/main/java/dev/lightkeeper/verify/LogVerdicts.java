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
import java.util.stream.Stream;
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
        Found found = read == null ? new Found(MilestoneRule.Finding.NOTHING, "") : find(milestone, latched, read);
        String silent = latched ? null : silent();
        if (unreadable != null && !latched) {
            result = CheckResult.Unknown;
            message = "the log cannot be read: " + unreadable.message();
        } else if (read == null && silent != null) {
            result = before == CheckResult.Failing ? before : CheckResult.Unknown;
            message = "the log was not read yet";
        } else if (found.finding() == MilestoneRule.Finding.MISSING) {
            result = CheckResult.Failing;
            message = found.of() + missed(milestone);
        } else if (silent != null) {
            result = CheckResult.Unknown;
            message = silent;
        } else if (found.finding() == MilestoneRule.Finding.REACHED || latched) {
            result = CheckResult.Passing;
            message = "the line was found after each start";
        } else if (before == CheckResult.Failing) {
            result = CheckResult.Failing;
            message = found.of() + missed(milestone);
        } else {
            result = CheckResult.Unknown;
            message = found.of()
                    + (found.finding() == MilestoneRule.Finding.WAITING
                            ? "waiting for the line"
                            : "the start of this version is not in the log any more; a restart of the release writes it again");
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

    private static String missed(LogMilestone milestone) {
        return "the line was not found within %d s after a start".formatted(milestone.withinSeconds());
    }

    /** Where nothing was written yet, so that nothing can be said; null where there is no such place. */
    private @Nullable String silent() {
        if (scene.kind() != LogScene.Kind.HOSTS) {
            return watch.journal().newestLine() == null ? SILENT : null;
        }
        return Stream.concat(
                        scene.places().stream()
                                .filter(host -> !scene.unchanged().contains(host)
                                        && watch.journal().newestLine(host) == null)
                                .map(host -> scene.of(host) + SILENT),
                        scene.away().stream().sorted().map(host -> scene.of(host) + "SSM does not reach it"))
                .findFirst()
                .orElse(scene.places().isEmpty() ? SILENT : null);
    }

    /**
     * What was found of a milestone.
     *
     * @param of whose log decides, as a message begins
     */
    private record Found(MilestoneRule.Finding finding, String of) {}

    private Found find(LogMilestone milestone, boolean latched, Instant read) {
        if (scene.kind() != LogScene.Kind.HOSTS) {
            boolean silent = !latched && watch.journal().newestLine() == null;
            return new Found(silent ? MilestoneRule.Finding.NOTHING : inOneLog(milestone, latched, read), "");
        }
        List<Found> found = scene.places().stream()
                .map(host -> new Found(onHost(milestone, host, latched, read), scene.of(host)))
                .toList();
        return Stream.of(
                        MilestoneRule.Finding.MISSING,
                        MilestoneRule.Finding.WAITING,
                        MilestoneRule.Finding.NOTHING,
                        MilestoneRule.Finding.REACHED)
                .flatMap(finding -> found.stream().filter(one -> one.finding() == finding))
                .findFirst()
                .orElse(new Found(MilestoneRule.Finding.NOTHING, ""));
    }

    /** Silence is no proof that the line is missing, and neither is a log of which a part was lost. */
    private MilestoneRule.Finding onHost(LogMilestone milestone, String host, boolean latched, Instant read) {
        LogSource.Start start = watch.start(host);
        if (scene.unchanged().contains(host)) {
            return MilestoneRule.Finding.REACHED;
        }
        MilestoneRule.Finding unread = latched ? MilestoneRule.Finding.REACHED : MilestoneRule.Finding.NOTHING;
        if (start == null || watch.journal().newestLine(host) == null) {
            return unread;
        }
        MilestoneRule rule = new MilestoneRule(
                Duration.ofSeconds(milestone.withinSeconds()), timings.transitionLook(), 1, latched, read);
        List<Sight> matches = since(watch.journal().at(host, key(milestone)), start.at());
        List<Sight> again = since(watch.journal().at(host, afterKey(milestone)), start.at());
        MilestoneRule.Finding byStart = start.at().isBefore(watch.since())
                ? unread
                : rule.judge(List.of(new Sight(start.at(), start.seen())), matches);
        MilestoneRule.Finding finding = again.isEmpty() ? byStart : worse(byStart, rule.judge(again, matches));
        return finding == MilestoneRule.Finding.MISSING && watch.isCutSince(host, start.seen())
                ? MilestoneRule.Finding.NOTHING
                : finding;
    }

    /** A deployment to hosts is dated by our own clock, and so its lines have to be. */
    private List<Sight> comparable(List<Sight> sights) {
        return scene.kind() == LogScene.Kind.CONTAINERS
                ? sights
                : sights.stream()
                        .map(sight -> new Sight(sight.seen(), sight.seen()))
                        .toList();
    }

    private MilestoneRule.Finding inOneLog(LogMilestone milestone, boolean latched, Instant read) {
        Duration within = Duration.ofSeconds(milestone.withinSeconds());
        List<Sight> matches = comparable(since(watch.journal().all(key(milestone)), scene.createdAt()));
        List<Sight> nodes = since(watch.journal().most(LogWatch.STARTED), scene.createdAt());
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
        List<Sight> again = comparable(since(watch.journal().all(afterKey(milestone)), scene.createdAt()));
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

    private static List<Sight> since(List<Sight> sights, Instant time) {
        return sights.stream().filter(sight -> !sight.at().isBefore(time)).toList();
    }

    CheckStatus of(ForbiddenLogPattern pattern) {
        // What was so before the release came is no fault of it.
        boolean old =
                scene.onTrial() && watch.journal().all(key(pattern)).stream().anyMatch(this::isBefore);
        Judged judged = unreadable != null
                ? new Judged(CheckResult.Unknown, "the log cannot be read: " + unreadable.message())
                : judge(pattern, old);
        return tell(
                CheckType.ForbiddenLogPattern,
                pattern.name(),
                key(pattern),
                pattern.enforcement(),
                judged.result(),
                judged.message(),
                judged.result() == CheckResult.Failing && old ? null : Long.valueOf(scene.version()));
    }

    private record Judged(CheckResult result, String message) {}

    /** Of hosts, the worst. */
    private Judged judge(ForbiddenLogPattern pattern, boolean old) {
        if (scene.kind() != LogScene.Kind.HOSTS) {
            return judge(
                    pattern,
                    since(watch.journal().all(key(pattern)), scene.createdAt()),
                    watch.journal().newestLine(),
                    false,
                    old,
                    "");
        }
        List<Judged> hosts =
                scene.places().stream().map(host -> judge(pattern, host, old)).toList();
        return Stream.of(CheckResult.Failing, CheckResult.Unknown, CheckResult.Passing)
                .flatMap(result -> hosts.stream().filter(judged -> judged.result() == result))
                .findFirst()
                .orElse(new Judged(CheckResult.Unknown, SILENT));
    }

    private Judged judge(ForbiddenLogPattern pattern, String host, boolean old) {
        LogSource.Start start = watch.start(host);
        Instant noisy = start == null ? Instant.EPOCH : start.at().plus(timings.logSettle());
        Instant since = Objects.requireNonNullElse(watch.lastRead(), now)
                .minusSeconds(pattern.windowSeconds())
                .minus(timings.logLag());
        return judge(
                pattern,
                since(watch.journal().at(host, key(pattern)), noisy),
                watch.journal().newestLine(host),
                watch.isCutSince(host, since),
                old,
                scene.of(host));
    }

    private Judged judge(
            ForbiddenLogPattern pattern,
            List<Sight> matches,
            @Nullable Sight newest,
            boolean cut,
            boolean old,
            String of) {
        CheckResult before = situation.proved(CheckType.ForbiddenLogPattern, pattern.name());
        Instant read = watch.lastRead();
        Instant from = scene.activeTime().plus(timings.logSettle());
        Duration window = Duration.ofSeconds(pattern.windowSeconds());
        boolean broken = new ForbiddenRule(
                        pattern.maxMatches(), window, timings.logLag(), from, Objects.requireNonNullElse(read, now))
                .isBroken(matches);
        if (broken) {
            return new Judged(
                    CheckResult.Failing,
                    of
                            + (old
                                    ? "the pattern was found more often than maxMatches allows, but also in the hour before the rollout: it is not held against this release"
                                    : "the pattern was found more often than maxMatches allows within %d s"
                                            .formatted(pattern.windowSeconds())));
        }
        if (read == null || read.isBefore(from)) {
            return new Judged(
                    before,
                    before == CheckResult.Unknown
                            ? "not counted yet: the start of a version may be noisy"
                            : told(CheckType.ForbiddenLogPattern, pattern.name()));
        }
        if (newest == null) {
            return before == CheckResult.Passing
                    ? new Judged(before, told(CheckType.ForbiddenLogPattern, pattern.name()))
                    : new Judged(CheckResult.Unknown, of + SILENT);
        }
        if (cut) {
            return new Judged(CheckResult.Unknown, of + "more is written than can be read, so that a part was missed");
        }
        if (before == CheckResult.Failing && newest.seen().isBefore(read.minus(window))) {
            return new Judged(
                    CheckResult.Unknown,
                    of + "the pattern was found too often before, and no line at all came after it");
        }
        return new Judged(CheckResult.Passing, "the pattern was not found more often than maxMatches allows");
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
