package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.HostStep;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The hosts of a roll, by what is remembered of them and seen, and which of them are waited for. */
final class RollHosts {
    private final RollScene scene;
    private final List<HostStatus> told;
    private final Set<String> away = new TreeSet<>();
    private @Nullable String needed;

    RollHosts(RollScene scene) {
        this.scene = scene;
        told = new ArrayList<>(scene.hosts());
    }

    /** What is to be remembered of them. */
    List<HostStatus> told() {
        return told;
    }

    /** Those that are waited for, since SSM does not reach them; null without any. */
    @Nullable
    String unreachable() {
        return away.isEmpty() ? null : String.join(", ", away);
    }

    /** Those that work, where none of them can be done without and that is waited for; null otherwise. */
    @Nullable
    String needed() {
        return needed;
    }

    HostStatus remembered(LiveHost host) {
        return Roster.remembered(told, host.instanceId());
    }

    @Nullable
    HostStep step(LiveHost host) {
        return remembered(host).step();
    }

    void put(HostStatus changed) {
        told.replaceAll(known -> known.instanceId().equals(changed.instanceId()) ? changed : known);
    }

    boolean any(HostStep step) {
        return !in(step).isEmpty();
    }

    List<LiveHost> in(HostStep step) {
        return where(known -> known.step() == step);
    }

    List<LiveHost> where(Predicate<HostStatus> wanted) {
        return scene.live().hosts().stream()
                .filter(LiveHost::isRunning)
                .filter(host -> wanted.test(remembered(host)))
                .toList();
    }

    /** Hosts whose revision was changed by this roll, or may have been. */
    static boolean isTouched(HostStatus known) {
        return known.step() != null && known.step() != HostStep.Prepared;
    }

    /** Whether what is brought back works somewhere already, so that a host that fails is no reason to undo that. */
    boolean areBackInPart() {
        return scene.bringsBack() && any(HostStep.Verified);
    }

    /** What was switched over and does not answer yet, or not any more since it was away meanwhile. */
    List<LiveHost> unproved() {
        List<LiveHost> selected = scene.roster().selected();
        return where(known -> known.step() == HostStep.Activated || isToBeProvedAgain(known)).stream()
                .filter(host -> step(host) == HostStep.Activated || selected.contains(host))
                .toList();
    }

    private boolean isToBeProvedAgain(HostStatus known) {
        return scene.proves()
                && known.step() == HostStep.Verified
                && !Boolean.TRUE.equals(known.ready())
                && HostStatus.RUNNING.equals(known.state());
    }

    /** Whether the revision is what the host ran before, so that it need only go back. */
    boolean isBelow(LiveHost host) {
        return scene.lies(host)
                .filter(installed -> scene.roll().revision().equals(installed.previous()))
                .map(HostReport.Installed::revision)
                .filter(current -> !current.equals(scene.roll().revision()))
                .isPresent();
    }

    /** Whether the release lies there, and nothing has kept it from being started. */
    boolean isAtHand(LiveHost host) {
        return step(host) == HostStep.Prepared || (step(host) == null && isBelow(host));
    }

    /** Whether the release has to be brought there first. */
    boolean lacks(LiveHost host) {
        return step(host) == null && !isBelow(host);
    }

    /** As far as is known. */
    private boolean works(LiveHost host) {
        return scene.proves()
                ? Boolean.TRUE.equals(remembered(host).ready())
                : host.online()
                        && scene.lies(host)
                                .filter(installed -> installed.revision() != null)
                                .isPresent();
    }

    boolean isWellAgain(LiveHost host) {
        return scene.proves()
                ? Boolean.TRUE.equals(remembered(host).ready())
                : scene.lies(host)
                        .filter(installed -> Objects.equals(
                                installed.revision(), scene.roll().servingRevision()))
                        .isPresent();
    }

    /** Whether it is known of each of them how it stands. */
    boolean areKnown(List<LiveHost> wanted) {
        return known(wanted).size() == wanted.size();
    }

    /** Those of which it is known how they stand; the others are waited for. */
    List<LiveHost> known(List<LiveHost> wanted) {
        wanted.stream().filter(host -> !host.online()).map(LiveHost::instanceId).forEach(away::add);
        return wanted.stream()
                .filter(host -> host.online() && scene.fresh(host).isPresent())
                .toList();
    }

    /**
     * So many of these hosts, at most, that enough that work are left. Those that do not work come first.
     *
     * @param out hosts that this roll has changed already, and that do not work or of which that is not known
     */
    List<LiveHost> dispensable(List<LiveHost> wanted, int most, int out) {
        List<LiveHost> working =
                where(known -> true).stream().filter(this::works).toList();
        int spare = Math.max(0, working.size() - scene.least());
        List<LiveHost> dispensable = Stream.concat(
                        wanted.stream().filter(host -> !works(host)),
                        wanted.stream().filter(this::works).limit(Math.clamp(most - out, 0, spare)))
                .limit(most)
                .toList();
        if (dispensable.isEmpty() && spare == 0) {
            needed = names(working);
        }
        return dispensable;
    }

    static String names(List<LiveHost> hosts) {
        return hosts.stream().map(LiveHost::instanceId).sorted().collect(Collectors.joining(", "));
    }
}
