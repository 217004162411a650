package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a roll comes to in one run.
 *
 * @param roll to be remembered when nothing is sent
 * @param hosts to be remembered with it
 * @param send what is to be sent to hosts now, null when nothing is
 * @param unreachable why nothing can be done for now, since hosts do not answer; null when that is not why
 * @param needed the hosts that work, when nothing can be done for now since too few of them would be left; null when that is
 *     not why
 */
public record RollStep(
        RollStatus roll,
        List<HostStatus> hosts,
        @Nullable HostCommandStatus send,
        @Nullable String unreachable,
        @Nullable String needed) {
    public RollStep {
        hosts = List.copyOf(hosts);
    }
}
