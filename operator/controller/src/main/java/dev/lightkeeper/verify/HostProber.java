package dev.lightkeeper.verify;

import dev.lightkeeper.desired.DesiredState;
import java.time.Instant;
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
        public Reply<String> begin(DesiredState desired, List<String> hosts, List<Prober.Request> requests) {
            return new Reply.NotNow<>(null);
        }

        @Override
        public Reply<Map<String, List<Prober.Answer>>> answers(DesiredState desired, String ticket) {
            return new Reply.Lost<>();
        }
    };

    /** What came of asking. */
    sealed interface Reply<T> {
        /** It was asked, or answered. */
        record Given<T>(T value) implements Reply<T> {}

        /**
         * Not yet. It says nothing of any host.
         *
         * @param before when it is not worth trying again; null where nothing speaks against trying soon
         */
        record NotNow<T>(@Nullable Instant before) implements Reply<T> {}

        /** Nothing is known of the ticket. */
        record Lost<T>() implements Reply<T> {}
    }

    /**
     * Asks each of the hosts all of the requests, whose host part is not used.
     *
     * @return the ticket to ask for the answers with; never Lost
     */
    Reply<String> begin(DesiredState desired, List<String> hosts, List<Prober.Request> requests);

    /**
     * The answers by instance, in the order of the requests; of a host that did not answer all of them, those before
     * the first that lacks. A host that could not be asked may be left out.
     *
     * @return NotNow while not all hosts are done, too
     */
    Reply<Map<String, List<Prober.Answer>>> answers(DesiredState desired, String ticket);
}
