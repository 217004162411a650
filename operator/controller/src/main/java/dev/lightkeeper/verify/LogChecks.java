package dev.lightkeeper.verify;

import com.google.re2j.Pattern;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.ForbiddenLogPattern;
import dev.lightkeeper.api.v1alpha1.LogMilestone;
import dev.lightkeeper.api.v1alpha1.Verification;
import dev.lightkeeper.desired.Canonical;
import dev.lightkeeper.desired.RegularExpression;
import dev.lightkeeper.plan.Timings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The checks of what the service writes into its log. */
final class LogChecks {
    /** Where others had to go first, it is asked again after this part of the time between two readings. */
    private static final int SHARE_OF_WAIT = 4;

    /** Commands to hosts cost more where their load balancer tells how they are. */
    private static final int SLOWER_BEHIND_A_BALANCER = 2;

    /** AWS drops older lines. */
    static final Duration KEPT = Duration.ofDays(3);

    private final LogSource source;
    private final Excerpts excerpts;
    private final Timings timings;
    private final InstantSource clock;
    private final Map<String, Watched> watches = new ConcurrentHashMap<>();

    LogChecks(LogSource source, Excerpts excerpts, Timings timings, InstantSource clock) {
        this.source = source;
        this.excerpts = excerpts;
        this.timings = timings;
        this.clock = clock;
    }

    private record Watched(String key, LogWatch watch) {}

    /**
     * What a run found.
     *
     * @param lines one for each declared check
     * @param nextRead when the log is to be read again, null while it is not
     * @param triedSince when it was last tried to read it, null where it was not
     * @param missing whether there is no such log, or none that may be read; null while that was not found out
     */
    record Found(
            List<CheckStatus> lines,
            @Nullable Instant nextRead,
            @Nullable Instant triedSince,
            @Nullable Boolean missing) {}

    static boolean areDeclared(Verification verification) {
        return !verification.logMilestones().isEmpty()
                || !verification.forbiddenLogPatterns().isEmpty();
    }

    Found make(Situation situation) {
        Verification verification = situation.desired().spec().verification();
        LogScene scene = LogScene.of(situation);
        if (scene == null || !canBeMatched(verification)) {
            return new Found(
                    Stream.concat(
                                    verification.logMilestones().stream()
                                            .map(it -> unread(
                                                    situation, CheckType.LogMilestone, it.name(), it.enforcement())),
                                    verification.forbiddenLogPatterns().stream()
                                            .map(it -> unread(
                                                    situation,
                                                    CheckType.ForbiddenLogPattern,
                                                    it.name(),
                                                    it.enforcement())))
                            .toList(),
                    null,
                    null,
                    null);
        }
        LogWatch watch = watch(situation, scene);
        Instant now = clock.instant();
        Duration pace = pace(situation, scene);
        if (watch.lastTry() == null || !now.isBefore(watch.lastTry().plus(pace))) {
            watch.read(source, situation.desired(), scene, situation.verifying(), now);
        }
        LogVerdicts verdicts = new LogVerdicts(situation, scene, watch, timings, excerpts, now);
        List<CheckStatus> lines = new ArrayList<>();
        verification.logMilestones().forEach(milestone -> lines.add(verdicts.of(milestone)));
        verification.forbiddenLogPatterns().forEach(pattern -> lines.add(verdicts.of(pattern)));
        Instant tried = watch.lastTry();
        Instant soon = now.plus(pace.dividedBy(SHARE_OF_WAIT));
        Instant due = tried == null ? soon : tried.plus(pace);
        return new Found(
                lines,
                due.isBefore(soon) ? soon : due,
                tried,
                tried == null ? null : Boolean.valueOf(watch.isMissing()));
    }

    /** Hosts are asked for their logs as often as they are looked at. */
    private Duration pace(Situation situation, LogScene scene) {
        if (scene.kind() != LogScene.Kind.HOSTS) {
            return timings.logRead();
        }
        Ec2Target target = situation.desired().spec().ec2();
        boolean balanced = target != null && target.publicUrl() != null;
        return situation.verifying()
                ? timings.transitionLook()
                : balanced ? timings.logRead().multipliedBy(SLOWER_BEHIND_A_BALANCER) : timings.logRead();
    }

    void forget(String uid) {
        watches.remove(uid);
    }

    /** A stored contract may be older than the limit of an expression. */
    private static boolean canBeMatched(Verification verification) {
        return Stream.concat(
                        verification.logMilestones().stream().flatMap(it -> Stream.of(it.pattern(), it.after())),
                        verification.forbiddenLogPatterns().stream().map(ForbiddenLogPattern::pattern))
                .filter(Objects::nonNull)
                .allMatch(pattern -> RegularExpression.refusal(pattern) == null);
    }

    private static CheckStatus unread(
            Situation situation, CheckType type, String name, @Nullable Enforcement enforcement) {
        return situation
                .before(type, name)
                .orElseGet(() -> situation.line(
                        type,
                        name,
                        Objects.requireNonNullElse(enforcement, Enforcement.Required),
                        CheckResult.Unknown,
                        "the log was not read yet",
                        null));
    }

    private LogWatch watch(Situation situation, LogScene scene) {
        Verification verification = situation.desired().spec().verification();
        String key = "%d %s %s"
                .formatted(
                        scene.version(),
                        scene.kind() == LogScene.Kind.STREAM ? scene.places() : scene.kind(),
                        Canonical.hash(verification.logMilestones(), verification.forbiddenLogPatterns()));
        return watches.compute(
                        situation.uid(),
                        (uid, known) -> known != null && known.key().equals(key)
                                ? known
                                : new Watched(key, begin(situation, scene, verification)))
                .watch();
    }

    private LogWatch begin(Situation situation, LogScene scene, Verification verification) {
        Instant now = clock.instant();
        Map<String, Pattern> patterns = new HashMap<>();
        // Where a verdict was reached before, what happened since is enough; it may have begun a little earlier.
        Instant since = now.minus(timings.logLag()).minus(timings.logRead());
        boolean onHosts = scene.kind() == LogScene.Kind.HOSTS;
        // A host's clock need not be ours.
        Instant created = onHosts ? scene.createdAt().minus(timings.logLag()) : scene.createdAt();
        for (LogMilestone milestone : verification.logMilestones()) {
            patterns.put(LogVerdicts.key(milestone), RegularExpression.compile(milestone.pattern()));
            if (milestone.after() != null) {
                patterns.put(LogVerdicts.afterKey(milestone), RegularExpression.compile(milestone.after()));
            }
            boolean latched = situation.proved(CheckType.LogMilestone, milestone.name()) == CheckResult.Passing;
            since = earlier(
                    since, latched ? now.minus(timings.logLag()).minusSeconds(milestone.withinSeconds()) : created);
        }
        for (ForbiddenLogPattern pattern : verification.forbiddenLogPatterns()) {
            patterns.put(LogVerdicts.key(pattern), RegularExpression.compile(pattern.pattern()));
            since = earlier(
                    since,
                    scene.onTrial()
                            ? onHosts ? created : scene.began().minus(timings.logMemory())
                            : now.minus(timings.logLag()).minusSeconds(pattern.windowSeconds()));
        }
        Instant oldest = now.minus(KEPT);
        return new LogWatch(
                patterns,
                scene.kind() == LogScene.Kind.CONTAINERS ? scene.version() : null,
                since.isBefore(oldest) ? oldest : since,
                onHosts ? timings.transitionLook() : timings.logLag(),
                now);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
