package dev.lightkeeper.simulators.kubernetes;

import dev.lightkeeper.simulators.kubernetes.http.Request;
import dev.lightkeeper.simulators.kubernetes.http.Target;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The latest requests. */
final class Audit {
    private static final int MOST = 20_000;

    private final Deque<AuditEntry> entries = new ArrayDeque<>();

    synchronized void add(Request request, Optional<Target> target, int status) {
        String agent = request.header("User-Agent");
        entries.addLast(target.map(t -> new AuditEntry(
                        t.verb(), t.group(), t.resource(), t.subresource(), t.namespace(), t.name(), agent, status))
                .orElseGet(() -> new AuditEntry(
                        request.method().toLowerCase(Locale.ROOT), "", "", "", "", request.path(), agent, status)));
        if (entries.size() > MOST) {
            var _ = entries.removeFirst();
        }
    }

    synchronized List<AuditEntry> entries() {
        return List.copyOf(entries);
    }
}
