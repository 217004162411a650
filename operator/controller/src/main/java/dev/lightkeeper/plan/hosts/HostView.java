package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Content.ContainerContent;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.DigestedContent;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.ServiceState;
import dev.lightkeeper.plan.Difference;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Ownership;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A service on hosts as one service, so that all rules for Lightsail hold for it: what every host runs is the deployment
 * that serves, and a roll that is under way is the one that comes. A service elsewhere is left as it was observed.
 */
public final class HostView {
    private final DesiredState desired;
    private final History history;
    private final AccountCheck.Verified account;
    private final LiveHosts live;
    private final @Nullable RollStatus roll;
    private final Roster roster;
    private final Instant now;
    private final Duration pause;

    private HostView(
            DesiredState desired,
            History history,
            AccountCheck.Verified account,
            LiveHosts live,
            Instant now,
            Duration pause) {
        this.desired = desired;
        this.history = history;
        this.account = account;
        this.live = live;
        this.now = now;
        this.pause = pause;
        Memory memory = history.memory();
        roll = memory.roll();
        roster = recent(Roster.of(live, memory.hosts(), desired.spec().scale()), roll);
    }

    /**
     * The live state with its service made out.
     *
     * @param clusterUid marks what this cluster's operator has put on hosts
     * @param pause so long no missing host is made up for after that has failed
     */
    public static LiveState of(
            LiveState observed, DesiredState desired, History history, String clusterUid, Instant now, Duration pause) {
        if (!(observed.hosts() instanceof Observed.Present<LiveHosts>(LiveHosts live))
                || !(observed.account() instanceof AccountCheck.Verified account)) {
            return observed.hosts() instanceof Observed.Unknown<LiveHosts>(Failure failure)
                            && desired.spec().runsOnHosts()
                    ? observed.as(new Observed.Unknown<>(failure), Observed.notLooked())
                    : observed;
        }
        HostView view = new HostView(desired, history, account, live, now, pause);
        return view.roster.selected().isEmpty() || view.isKnownOfOne()
                ? observed.as(new Observed.Present<>(view.service(clusterUid)), new Observed.Present<>(view.versions()))
                : observed.as(
                        new Observed.Unknown<>(new Failure.Transient(
                                "HostsSilent", "none of the hosts has told yet what runs there", false)),
                        Observed.notLooked());
    }

    private boolean isKnownOfOne() {
        return Roster.of(live, history.memory().hosts(), desired.spec().scale()).selected().stream()
                .anyMatch(host -> host.report() instanceof Observed.Present);
    }

    /** What was read before a roll changed hosts last says nothing of them. */
    private static Roster recent(Roster roster, @Nullable RollStatus roll) {
        Instant changed = roll == null ? null : roll.changedTime();
        return changed == null
                ? roster
                : new Roster(recent(roster.selected(), changed), recent(roster.surplus(), changed));
    }

    private static List<LiveHost> recent(List<LiveHost> hosts, Instant changed) {
        return hosts.stream()
                .map(host -> host.report() instanceof Observed.Present<HostReport>(HostReport report)
                                && !report.readAt().isAfter(changed)
                        ? new LiveHost(host.instanceId(), host.state(), host.online(), Observed.notLooked())
                        : host)
                .toList();
    }

    private LiveService service(String clusterUid) {
        LiveDeployment current = current();
        LiveDeployment next = roll != null && roll.goesOn() && roll.kind() != RollKind.Scale
                ? version(roll.number(), roll.revision(), LiveDeployment.State.ACTIVATING)
                : null;
        return new LiveService(
                arn(),
                state(current),
                null,
                power(),
                scale(current),
                url(),
                current,
                next,
                owner(clusterUid),
                Map.of(),
                false,
                null);
    }

    private String arn() {
        return "lightkeeper:ec2:%s:%s:%s.%s"
                .formatted(
                        account.region(),
                        account.accountId(),
                        desired.resource().namespace(),
                        desired.resource().name());
    }

    private ServiceState state(@Nullable LiveDeployment current) {
        if (roll != null && roll.goesOn()) {
            return roll.kind() == RollKind.Scale ? ServiceState.UPDATING : ServiceState.DEPLOYING;
        }
        return current == null ? ServiceState.READY : ServiceState.RUNNING;
    }

    /** Hosts have none: it is always the one that is asked for. */
    private String power() {
        Release release = desired.release();
        return release != null
                ? release.power()
                : history.revisions().stream()
                        .map(RevisionRecord::power)
                        .findFirst()
                        .orElse("");
    }

    private String url() {
        String declared =
                desired.spec().ec2() == null ? null : desired.spec().ec2().publicUrl();
        return declared == null ? "" : declared.endsWith("/") ? declared : declared + "/";
    }

    /** What another cluster has put there is another's; all else is ours. */
    private Map<String, String> owner(String clusterUid) {
        String foreign = live.hosts().stream()
                .flatMap(host -> Roster.installed(host).stream())
                .map(HostReport.Installed::owner)
                .filter(owner -> !owner.equals(clusterUid))
                .findFirst()
                .orElse(clusterUid);
        return Map.of(
                Ownership.CLUSTER_TAG,
                foreign,
                Ownership.OWNER_TAG,
                desired.resource().qualifiedName());
    }

    /** Hosts that run the service. Where other content is on its way, missing ones get it by that. */
    private int scale(@Nullable LiveDeployment current) {
        int wanted = desired.spec().scale();
        boolean replaced = !history.memory().keepsOlder()
                && desired.release() != null
                && current != null
                && !isServing(desired.release());
        boolean failedLately = roll != null
                && roll.kind() == RollKind.Scale
                && roll.phase() == RollPhase.Failed
                && roll.startedTime() != null
                && now.isBefore(roll.startedTime().plus(pause));
        if (current == null || replaced || failedLately || isFull()) {
            return wanted + roster.surplus().size();
        }
        return (int) roster.selected().stream().filter(this::mayServe).count()
                + roster.surplus().size();
    }

    /** Whether every running host is taken already, so that nothing can be done about those that are missing. */
    private boolean isFull() {
        return roster.selected().size() < desired.spec().scale()
                && roster.selected().stream().allMatch(this::mayServe);
    }

    private boolean isServing(Release release) {
        return serving()
                .filter(record -> record.fingerprint().equals(release.fingerprint()))
                .isPresent();
    }

    /** Of a host that is silent nobody knows that it does not. */
    private static boolean mayRun(LiveHost host) {
        return !(host.report() instanceof Observed.Present)
                || Roster.serving(host).isPresent();
    }

    private boolean mayServe(LiveHost host) {
        boolean bad = history.memory().keepsOlder()
                && (roll == null || !leavesWhatServes(history.memory(), roll))
                && serving().flatMap(record -> HostDrift.of(host, record)).isPresent();
        return mayRun(host) && !bad;
    }

    /** Whether an older revision is on its way to the hosts, so that those which run it differ on purpose. */
    private static boolean leavesWhatServes(Memory memory, RollStatus roll) {
        return memory.keepsOlder() && roll.goesOn() && roll.kind() == RollKind.Deploy;
    }

    private Optional<RevisionRecord> serving() {
        return roll == null ? Optional.empty() : history.byNumber(roll.liveRevision());
    }

    private @Nullable LiveDeployment current() {
        RevisionRecord record = serving().orElse(null);
        if (roll == null || record == null || roster.selected().stream().noneMatch(HostView::mayRun)) {
            return null;
        }
        DigestedContent content = roll.goesOn() || !isHeld(record)
                ? record.content()
                : drifts(roster, record).stream()
                        .findFirst()
                        .map(drift -> drift.drift().seen(record.content()))
                        .orElse(record.content());
        return new LiveDeployment(
                Math.toIntExact(Objects.requireNonNull(roll.liveNumber(), "it has a revision")),
                LiveDeployment.State.ACTIVE,
                content,
                null,
                Set.of(),
                Objects.requireNonNullElse(roll.startedTime(), Instant.EPOCH));
    }

    /**
     * Whether a host that differs is drift of what was proved. Before that, its answers judge the release; and what is kept
     * while the spec's is failed is made up for host by host, as a missing one is.
     */
    private boolean isHeld(RevisionRecord record) {
        Memory memory = history.memory();
        return record.result() == RevisionRecord.Result.Verified
                && !memory.keepsOlder()
                && (memory.rollout() == null || memory.rollout().phase() != RolloutPhase.Verifying);
    }

    private record OnHost(String instanceId, HostDrift drift) {}

    private static List<OnHost> drifts(Roster roster, RevisionRecord record) {
        List<OnHost> drifts = new ArrayList<>();
        roster.selected()
                .forEach(host -> HostDrift.of(host, record)
                        .ifPresent(drift -> drifts.add(new OnHost(host.instanceId(), drift))));
        return drifts;
    }

    /**
     * How the hosts differ from the revision that serves, each by its name; empty while a release or a missing host is
     * under way.
     */
    public static List<Difference> differences(LiveHosts live, Memory memory, int scale, RevisionRecord record) {
        RollStatus roll = memory.roll();
        if (roll == null
                || (roll.goesOn() && !roll.repairs() && !leavesWhatServes(memory, roll))
                || !record.number().equals(roll.liveRevision())) {
            return List.of();
        }
        Roster roster = Roster.of(live, memory.hosts(), scale);
        // What was found wrong stays wrong until the host is seen right.
        return drifts(roll.repairs() ? roster : recent(roster, roll), record).stream()
                .map(drift -> new Difference(
                        drift.drift().reason(),
                        "host %s: %s"
                                .formatted(drift.instanceId(), drift.drift().message())))
                .toList();
    }

    /** What status tells of every host that matches or that was told of before. */
    public static List<HostStatus> told(LiveHosts live, History history, int scale) {
        Memory memory = history.memory();
        RollStatus roll = memory.roll();
        boolean released = roll != null && roll.goesOn() && roll.kind() == RollKind.Deploy;
        RevisionRecord record = roll == null || released
                ? null
                : history.byNumber(roll.liveRevision()).orElse(null);
        return Roster.told(live, memory, scale, record);
    }

    private @Nullable LiveDeployment version(long number, String revision, LiveDeployment.State state) {
        return history.byNumber(revision)
                .map(record -> new LiveDeployment(
                        Math.toIntExact(number),
                        state,
                        record.content(),
                        withoutValues(record.content()),
                        Set.of(),
                        roll == null || roll.startedTime() == null ? Instant.EPOCH : roll.startedTime()))
                .orElse(null);
    }

    /** What hosts know of: the roll, what serves, and what can be gone back to without any value of it. */
    private List<LiveDeployment> versions() {
        List<LiveDeployment> versions = new ArrayList<>();
        if (roll != null && roll.kind() != RollKind.Scale && roll.phase() != RollPhase.Live) {
            LiveDeployment begun = version(roll.number(), roll.revision(), state(roll));
            if (begun != null) {
                versions.add(begun);
            }
        }
        LiveDeployment current = current();
        if (current != null) {
            versions.add(current);
        }
        for (RevisionRecord record : history.revisions()) {
            if (canBeGoneBackTo(record) && !record.number().equals(roll == null ? null : roll.liveRevision())) {
                LiveDeployment old = version(0, record.number(), LiveDeployment.State.INACTIVE);
                if (old != null) {
                    versions.add(old);
                }
            }
        }
        return versions;
    }

    /**
     * Whether it lies on the hosts that are known, or on some of them and cannot be made once more from its template. Of a
     * host that is silent nobody knows that it does not.
     */
    private boolean canBeGoneBackTo(RevisionRecord record) {
        List<LiveHost> known = roster.selected().stream()
                .filter(host -> host.report() instanceof Observed.Present)
                .toList();
        boolean lost = desired.kept() != null && desired.kept().release() == null;
        Predicate<LiveHost> holds = host -> holds(host, record.number());
        return known.stream().anyMatch(holds) && (lost || known.stream().allMatch(holds));
    }

    private static LiveDeployment.State state(RollStatus roll) {
        return roll.goesOn()
                ? LiveDeployment.State.ACTIVATING
                : roll.phase() == RollPhase.Superseded ? LiveDeployment.State.INACTIVE : LiveDeployment.State.FAILED;
    }

    private static boolean holds(LiveHost host, String revision) {
        return Roster.installed(host)
                .filter(installed -> revision.equals(installed.previous()) || revision.equals(installed.revision()))
                .isPresent();
    }

    private static Content withoutValues(DigestedContent content) {
        SortedMap<String, ContainerContent> containers = new TreeMap<>();
        content.containers().forEach((name, container) -> {
            SortedMap<String, SecretText> environment = new TreeMap<>();
            container.environment().keySet().forEach(variable -> environment.put(variable, SecretText.of("")));
            containers.put(
                    name, new ContainerContent(container.image(), container.command(), environment, container.ports()));
        });
        return new Content(containers, content.endpoint());
    }
}
