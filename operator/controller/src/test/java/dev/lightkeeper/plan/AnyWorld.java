package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.AutomaticAct;
import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.ForeignDeployment;
import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.LightsailStatus;
import dev.lightkeeper.api.v1alpha1.OperationStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RevisionResult;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import dev.lightkeeper.desired.DigestedContent;
import dev.lightkeeper.desired.ProbeHeaders;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.Costs;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.ServiceState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;

/** Anything that a planner may be given, sensible or not: parts of a few values each, in any combination, nulls included. */
@NullUnmarked
public final class AnyWorld {
    public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final List<String> NUMBERS = List.of("1", "2", "baseline");
    private static final List<String> ARNS = List.of("arn:1", "arn:2");

    private static final Content NO_VALUES = new Content(new TreeMap<>(), null);

    private final Random random;

    /** For what was added later: worlds of a seed stay what they were. */
    private final Random further;

    /** The same seed makes the same world. */
    public AnyWorld(long seed) {
        random = new Random(seed);
        further = new Random(~seed);
    }

    @SafeVarargs
    public final <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T maybe(T value) {
        return random.nextInt(5) == 0 ? null : value;
    }

    public boolean flip() {
        return random.nextBoolean();
    }

    private Instant some() {
        return maybe(NOW.minusSeconds(oneOf(0, 10, 100, 1000, 10_000)));
    }

    private Content content() {
        TreeMap<String, Content.ContainerContent> containers = new TreeMap<>();
        for (String name : oneOf(List.of("api"), List.of("api"), List.of("api", "sidecar"), List.of("other"))) {
            containers.put(
                    name,
                    new Content.ContainerContent(
                            oneOf("a:1", "a:2", ":api.x.1"),
                            List.of(),
                            random.nextInt(4) == 0 ? new TreeMap<>(Map.of("A", SecretText.of("b"))) : new TreeMap<>(),
                            new TreeMap<>()));
        }
        return new Content(containers, null);
    }

    private DigestedContent digested() {
        return digested(content());
    }

    private static DigestedContent digested(Content content) {
        TreeMap<String, DigestedContent.DigestedContainer> containers = new TreeMap<>();
        content.containers()
                .forEach((name, its) -> containers.put(
                        name,
                        new DigestedContent.DigestedContainer(
                                its.image(),
                                its.command(),
                                its.environment().isEmpty() ? new TreeMap<>() : new TreeMap<>(Map.of("A", "digest")),
                                its.ports())));
        return new DigestedContent(containers, null);
    }

    public DesiredState desired(SpecFixture specs) {
        Content content = content();
        String power = oneOf("nano", "micro");
        boolean absent = random.nextInt(6) == 0;
        List<Problem> problems = random.nextInt(4) != 0 || absent
                ? List.of()
                : List.of(oneOf(
                        new Problem(Problem.Kind.INVALID, Reason.InvalidSpec, "invalid"),
                        new Problem(Problem.Kind.MISSING, Reason.ReferenceNotFound, "missing"),
                        new Problem(Problem.Kind.MISSING, Reason.EnvironmentInvalid, "empty"),
                        new Problem(Problem.Kind.UNKNOWN, Reason.ReferenceNotFound, "unreadable")));
        Release release = problems.isEmpty() && !absent
                ? new Release(
                        content, digested(content), power, digested(content).fingerprint(power), "declared")
                : null;
        return new DesiredState(
                new ResourceIdentity("shop", "api", "uid", oneOf(1L, 2L)),
                specs.any(this),
                release,
                oneOf("c1", "c2"),
                ProbeHeaders.NONE,
                problems,
                absent);
    }

    public LiveState live() {
        AccountCheck account = oneOf(
                new AccountCheck.Verified("1", "r", true, true),
                new AccountCheck.Verified("1", "r", true, true),
                new AccountCheck.Verified("1", "r", false, false),
                new AccountCheck.Verified("1", "other", true, true),
                new AccountCheck.Verified("2", "r", true, true),
                new AccountCheck.Refused(oneOf(Reason.WrongAccount, Reason.AccessNotAllowed), "refused"),
                new AccountCheck.Unavailable(new Failure.Throttled("later"), null));
        if (!(account instanceof AccountCheck.Verified)) {
            return new LiveState(account, Observed.notLooked(), Observed.notLooked(), Observed.notLooked());
        }
        return new LiveState(
                account,
                oneOf(
                        new Observed.Present<>(service()),
                        new Observed.Present<>(service()),
                        new Observed.Present<>(service()),
                        new Observed.Present<>(service()),
                        new Observed.Absent<>(),
                        Observed.notLooked()),
                oneOf(
                        new Observed.Present<>(List.of(deployment(2), deployment(1))),
                        new Observed.Present<>(List.of(deployment(1))),
                        Observed.notLooked(),
                        new Observed.Absent<>()),
                oneOf(
                        new Observed.Present<>(Set.of(":api.x.1")),
                        new Observed.Present<>(Set.of()),
                        Observed.notLooked(),
                        new Observed.Absent<>()),
                costs());
    }

    private Costs costs() {
        return new Costs(
                oneOf(
                        new Observed.Present<>(Map.of("nano", BigDecimal.valueOf(7), "micro", BigDecimal.TEN)),
                        new Observed.Present<>(Map.of("nano", BigDecimal.valueOf(7), "micro", BigDecimal.TEN)),
                        new Observed.Present<>(Map.of("nano", BigDecimal.valueOf(7))),
                        Observed.notLooked()),
                oneOf(null, null, 20, 40),
                oneOf(
                        new Observed.Present<>(BigDecimal.TEN),
                        new Observed.Present<>(BigDecimal.TEN),
                        new Observed.Absent<>(),
                        Observed.notLooked()));
    }

    private LiveDeployment deployment(int version) {
        return new LiveDeployment(
                version,
                oneOf(LiveDeployment.State.values()),
                digested(),
                version == 1 ? null : NO_VALUES,
                Set.of(),
                NOW.minusSeconds(oneOf(0, 60, 5000)));
    }

    private LiveService service() {
        Map<String, String> tags = new HashMap<>();
        if (random.nextInt(8) != 0) {
            tags.put(Ownership.CLUSTER_TAG, oneOf("cluster", "cluster", "cluster", "cluster", "another"));
        }
        if (random.nextInt(8) != 0) {
            tags.put(Ownership.OWNER_TAG, oneOf("shop/api", "shop/api", "shop/api", "shop/api", "x/y"));
        }
        if (random.nextInt(6) == 0) {
            tags.put(Ownership.RELEASED_TAG, "true");
        }
        return new LiveService(
                oneOf(ARNS.get(0), ARNS.get(0), ARNS.get(0), ARNS.get(1)),
                oneOf(ServiceState.RUNNING, ServiceState.RUNNING, ServiceState.RUNNING, oneOf(ServiceState.values())),
                oneOf(null, "CREATING"),
                oneOf("nano", "micro"),
                oneOf(1, 2, 3),
                "https://x/",
                maybe(deployment(oneOf(1, 2))),
                oneOf(null, deployment(2)),
                tags,
                oneOf(Map.of(), Map.of("c", List.of("a.example.com"))),
                flip(),
                null);
    }

    public History history() {
        List<RevisionRecord> revisions = new ArrayList<>();
        for (String number : NUMBERS) {
            if (flip()) {
                DigestedContent content = digested();
                String power = oneOf("nano", "micro");
                revisions.add(new RevisionRecord(
                        number,
                        content.fingerprint(power),
                        "declared",
                        content,
                        power,
                        oneOf("c1", "c2"),
                        new Contract(null, null, new TreeMap<>()),
                        maybe(1L),
                        maybe(oneOf(
                                RevisionRecord.Result.Verified,
                                RevisionRecord.Result.Verified,
                                RevisionRecord.Result.Failed)),
                        some()));
            }
        }
        Map<String, String> requests = new HashMap<>();
        Annotations.TRIGGERS.stream()
                .filter(name -> random.nextInt(5) == 0)
                .forEach(name -> requests.put(name, oneOf("true", "monday")));
        ServiceDeploymentStatus status = status(revisions);
        return new History(
                status,
                Memory.of(status),
                revisions,
                requests,
                some(),
                some(),
                some(),
                flip() ? ProbeRecord.NONE : new ProbeRecord(NOW.minusSeconds(3600), flip() ? List.of(NOW) : List.of()),
                maybe(NOW.plusSeconds(60)),
                new Automation(
                        further.nextInt(5) == 0 ? NOW.plusSeconds(600) : null,
                        further.nextInt(5) == 0 ? NOW.plusSeconds(60) : null));
    }

    private String number() {
        return maybe(oneOf("1", "1", "2", "3"));
    }

    private ServiceDeploymentStatus status(List<RevisionRecord> revisions) {
        List<String> keys = new ArrayList<>(List.of("other"));
        revisions.forEach(revision -> {
            keys.add(revision.fingerprint() + "-c1");
            keys.add(revision.fingerprint() + "-c2");
        });
        return new ServiceDeploymentStatus(
                oneOf(null, -1L, 1L, 2L),
                conditions(),
                maybe("https://x/"),
                null,
                null,
                null,
                number(),
                number(),
                number(),
                flip()
                        ? null
                        : new FailedRevision(
                                number(),
                                maybe(keys.get(random.nextInt(keys.size()))),
                                Map.of(),
                                maybe(oneOf(
                                        Reason.DeploymentFailed.name(),
                                        Reason.VerificationFailed.name(),
                                        Reason.DriftReturned.name(),
                                        Reason.TooManyFailures.name(),
                                        Reason.RequestRefused.name(),
                                        Reason.RolledBack.name(),
                                        Reason.RollbackFailed.name(),
                                        Reason.ManualRollback.name())),
                                maybe("failed")),
                maybe(new TargetStatus(maybe("1"), maybe("r"), maybe(ARNS.get(0)), oneOf(null, true, true))),
                maybe(new LightsailStatus(
                        "RUNNING",
                        maybe(oneOf("nano", "small")),
                        maybe(oneOf(1, 2, 3)),
                        maybe(oneOf(1, 2, 3)),
                        oneOf(null, some()),
                        maybe("digest"),
                        oneOf(null, "left"),
                        oneOf(null, 1, 2, 3),
                        maybe(oneOf(1L, 2L)),
                        some(),
                        List.of(),
                        List.of(),
                        null)),
                null,
                List.of(),
                oneOf(null, new ForeignDeployment(oneOf(1L, 2L), flip())),
                flip() ? null : rollout(),
                flip() ? null : operation(),
                acts(),
                checks(),
                entries(),
                List.of(),
                null,
                null,
                random.nextInt(4) == 0
                        ? Map.of(oneOf(Annotations.TRIGGERS.toArray(String[]::new)), "monday")
                        : Map.of());
    }

    private RolloutStatus rollout() {
        return new RolloutStatus(
                number(),
                maybe(oneOf(RolloutPhase.values())),
                some(),
                some(),
                oneOf(null, null, NOW.minusSeconds(60)),
                number(),
                null,
                maybe(1));
    }

    private OperationStatus operation() {
        return new OperationStatus(
                oneOf(Operations.CREATE, Operations.DEPLOY, Operations.REPAIR),
                number(),
                maybe(oneOf(1, 2, 9)),
                some(),
                maybe(oneOf("1", "2", "7")),
                List.of());
    }

    private List<AutomaticAct> acts() {
        int size = oneOf(0, 0, 1, 2, 10);
        return Stream.generate(() -> new AutomaticAct(
                        NOW.minusSeconds(oneOf(10, 1000, 10_000, 100_000)), maybe(AutomaticActKind.Repair), number()))
                .limit(size)
                .toList();
    }

    private List<HistoryEntry> entries() {
        List<HistoryEntry> entries = new ArrayList<>();
        int size = oneOf(0, 1, 10);
        for (int i = 0; i < size; i++) {
            entries.add(new HistoryEntry(
                    String.valueOf(i + 1), List.of("a:1"), RevisionResult.Verified, some(), some(), List.of(), null));
        }
        return entries;
    }

    private List<Condition> conditions() {
        List<Condition> conditions = new ArrayList<>();
        for (String type : List.of(
                "Ready",
                "Available",
                "Degraded",
                "Synced",
                "EnvironmentValid",
                "Stalled",
                "Reconciling",
                "Suspended")) {
            if (flip()) {
                Reason reason = oneOf(
                        Reason.ObservationStale,
                        Reason.ScaleRaisedByHand,
                        Reason.ReferenceNotFound,
                        Reason.QuotaExceeded,
                        Reason.AccessDenied,
                        Reason.WrongAccount,
                        Reason.Verified);
                ConditionStatus status = type.equals("Stalled") || type.equals("Reconciling")
                        ? ConditionStatus.True
                        : oneOf(ConditionStatus.values());
                Instant since = NOW.minusSeconds(oneOf(0, 200, 400, 4000));
                conditions.add(new Condition(type, status, 1L, since, reason.name(), "as before"));
            }
        }
        return conditions;
    }

    public List<CheckStatus> checks() {
        List<CheckStatus> checks = new ArrayList<>();
        CheckType[] types = {CheckType.Image, CheckType.Environment, CheckType.Readiness};
        for (CheckType type : types) {
            if (random.nextInt(4) != 0) {
                checks.add(new CheckStatus(
                        type.name().toLowerCase(java.util.Locale.ROOT),
                        type,
                        maybe(oneOf(Enforcement.Required, Enforcement.Required, Enforcement.Advisory)),
                        maybe(oneOf(
                                CheckResult.Passing,
                                CheckResult.Passing,
                                CheckResult.Passing,
                                CheckResult.Failing,
                                CheckResult.Unknown)),
                        maybe("seen"),
                        maybe(oneOf(1L, 1L, 2L)),
                        some()));
            }
        }
        if (further.nextInt(3) == 0) {
            // All well is rare by chance, and much is done only then.
            checks.replaceAll(check -> new CheckStatus(
                    check.name(), check.type(), null, CheckResult.Passing, "seen", 1L, check.lastTransitionTime()));
        }
        if (further.nextInt(4) == 0) {
            CheckType type = further.nextBoolean() ? CheckType.Endpoint : CheckType.ForbiddenLogPattern;
            CheckResult result = List.of(CheckResult.Passing, CheckResult.Failing, CheckResult.Unknown)
                    .get(further.nextInt(3));
            Long version = further.nextBoolean() ? null : Long.valueOf(1 + further.nextInt(2));
            checks.add(new CheckStatus("further", type, Enforcement.Required, result, "seen", version, NOW));
        }
        return checks;
    }
}
