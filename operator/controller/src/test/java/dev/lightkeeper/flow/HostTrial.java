package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.flow.Trial.Counted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One case of the catalogue on hosts, from its declaration until it is at rest, and what was told meanwhile. */
final class HostTrial {
    private static final Duration AFTERWARDS = Duration.ofMinutes(50);

    final Flow flow;
    final Set<String> servedBefore;
    final Measured measured;

    HostTrial(HostCase release) {
        flow = release.begin();
        servedBefore = HostCase.serving(flow);
        int commandsBefore = flow.fleet.audit().size();
        Journal journal = new Journal(flow);
        Instant declared = flow.clock.instant();
        release.declared().accept(flow);
        release.happens().accept(flow);
        Instant fault = flow.clock.instant();
        flow.pass(AFTERWARDS);

        List<String> sent = List.copyOf(
                flow.fleet.audit().subList(commandsBefore, flow.fleet.audit().size()));
        assertThat(release.isWhatWasSent(sent)).as("sent %s; %s", sent, flow).isTrue();
        Optional<Instant> changed = flow.fleet.firstChange(commandsBefore);
        Optional<Journal.Complaint> complaint = journal.firstComplaint(declared);
        Counted from = Counted.DECLARED;
        Instant zero = declared;
        if (fault.isAfter(declared)) {
            from = Counted.FAULT;
            zero = fault;
        } else if (changed.isPresent()) {
            from = Counted.FIRST_HOST;
            zero = changed.get();
        }
        Instant since = zero;
        measured = new Measured(
                from,
                complaint.map(Journal.Complaint::reason).orElse(""),
                complaint.map(told -> seconds(since, told.at())),
                journal.rollbackOrdered().map(at -> seconds(since, at)),
                journal.ready(since).map(at -> seconds(since, at)),
                HostCase.images(flow),
                Scene.Seen.of(flow),
                journal.events(),
                journal.complaintsOfItsOwn(),
                journal.transitions(),
                journal.everDegraded(),
                sent);
    }

    private static long seconds(Instant from, Instant to) {
        return Duration.between(from, to).toSeconds();
    }
}
