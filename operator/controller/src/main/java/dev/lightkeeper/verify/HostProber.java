package dev.lightkeeper.verify;

import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.Observed;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has hosts ask themselves, through SSM. That takes longer than a run may wait: what was asked in one run is answered in a
 * later one. It changes nothing on a host.
 */
public interface HostProber {
    /** For where there are no hosts. */
    HostProber NONE = new HostProber() {
        @Override
        public @Nullable String begin(DesiredState desired, List<String> hosts, List<Prober.Request> requests) {
            return null;
        }

        @Override
        public Observed<Map<String, List<Prober.Answer>>> answers(DesiredState desired, String ticket) {
            return new Observed.Absent<>();
        }
    };

    /**
     * Asks each of the hosts all of the requests, whose host part is not used.
     *
     * @return what to ask for the answers with; null when it could not be asked now
     */
    @Nullable
    String begin(DesiredState desired, List<String> hosts, List<Prober.Request> requests);

    /**
     * The answers by instance, in the order of the requests. A host that could not be asked is left out.
     *
     * @return Unknown while not all hosts are done; Absent when nothing is known of the ticket
     */
    Observed<Map<String, List<Prober.Answer>>> answers(DesiredState desired, String ticket);
}
