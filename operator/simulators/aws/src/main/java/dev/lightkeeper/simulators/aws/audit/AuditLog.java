package dev.lightkeeper.simulators.aws.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** Every request since the world began (or since {@link #clear()}), in the order in which they took effect. */
public final class AuditLog {
    private final List<AuditEntry> entries = new ArrayList<>();
    private long sequence;

    /** Creates an empty log. */
    public AuditLog() {}

    /**
     * Adds an entry.
     *
     * @param entry makes the entry from its sequence number
     * @return the entry
     */
    public synchronized AuditEntry add(LongFunction<AuditEntry> entry) {
        AuditEntry made = entry.apply(++sequence);
        entries.add(made);
        return made;
    }

    /** {@return a copy of all entries} */
    public synchronized List<AuditEntry> entries() {
        return List.copyOf(entries);
    }

    /** {@return the requests that changed something} */
    public List<AuditEntry> mutations() {
        return where(AuditEntry::isMutation);
    }

    /**
     * {@return the requests of one operation}
     *
     * @param operation such as {@code GetContainerServices}
     */
    public List<AuditEntry> of(String operation) {
        return where(e -> e.operation().equals(operation));
    }

    /**
     * {@return the requests that name one resource}
     *
     * @param name name of a container service, in any account and region
     */
    public List<AuditEntry> forService(String name) {
        return where(e -> Objects.equals(e.target(), name));
    }

    /**
     * {@return the requests that match}
     *
     * @param condition which ones
     */
    public List<AuditEntry> where(Predicate<AuditEntry> condition) {
        return entries().stream().filter(condition).toList();
    }

    /** Forgets all entries; sequence numbers go on. */
    public synchronized void clear() {
        entries.clear();
    }
}
