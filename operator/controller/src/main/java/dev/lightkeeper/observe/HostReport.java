package dev.lightkeeper.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the host script found on one host about one service.
 *
 * @param readAt before the host was asked: what was changed later may not be in it
 * @param clockAhead by so much the host's clock is ahead of AWS's for certain, negative when it is behind; zero while it may be
 *     right
 * @param installed null when nothing of the service was ever put there
 */
public record HostReport(
        Instant readAt, Duration clockAhead, @Nullable Installed installed) {
    /**
     * What lies on the host.
     *
     * @param owner the cluster whose operator put it there
     * @param revision what runs or ought to run, null before the first
     * @param previous what can be gone back to, null when there is none
     * @param fingerprint of that revision's content, null before the first
     * @param operation the last operation that was done there, null when none is known
     * @param dirty files of the checkout were changed by hand, or a command was cut off, so that what runs is not that revision
     */
    public record Installed(
            String owner,
            @Nullable String revision,
            @Nullable String previous,
            @Nullable String fingerprint,
            @Nullable String operation,
            boolean dirty,
            List<Workload> processes) {
        public Installed {
            processes = List.copyOf(processes);
        }
    }

    /**
     * One container or process of it.
     *
     * @param image as the runtime names it, empty for a process without
     * @param user empty when it is not known
     * @param loggingDiffers its log driver or an option is for certain another than the release's
     */
    public record Workload(
            String name, State state, String image, String user, Environment environment, boolean loggingDiffers) {}

    /** What the runtime says of it. */
    public enum State {
        RUNNING,
        EXITED,
        RESTARTING,
        MISSING,
        UNRECOGNIZED
    }

    /** Whether the variables of what runs are those of the release; compared on the host. */
    public enum Environment {
        EQUAL,
        DIFFERS,
        UNKNOWN
    }
}
