package dev.lightkeeper.simulators.kubernetes.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All objects, under one revision counter. Objects are never changed once they are in it: a write replaces them, and
 * succeeds only when the object is still the one that the writer has read.
 */
public final class Store implements AutoCloseable {
    private static final int SLOWEST_READER = 10_000;

    private final Map<GroupResource, NavigableMap<String, ObjectNode>> objects = new HashMap<>();
    private final Deque<Change> history = new ArrayDeque<>();
    private final Map<Subscription, GroupResource> subscriptions = new HashMap<>();
    private final int longestHistory;
    /** Nobody has seen the first revision of a store, so that whoever asks for it is told to list. */
    private long revision = 2;

    private long forgotten = 2;
    private boolean closed;

    /**
     * An empty store.
     *
     * @param longestHistory how many changes it keeps for watches and lists that look back
     */
    public Store(int longestHistory) {
        this.longestHistory = longestHistory;
    }

    /** A revision that is no longer known, or not yet. */
    public static final class RevisionGone extends Exception {
        private static final long serialVersionUID = 1L;
        private final long oldest;

        RevisionGone(long wanted, long oldest) {
            super("revision " + wanted + " is not between " + oldest + " and now");
            this.oldest = oldest;
        }

        /** The oldest revision that is known. */
        public long oldest() {
            return oldest;
        }
    }

    /**
     * Objects as they were at one revision.
     *
     * @param revision of all of them together
     * @param objects  by key, in order
     */
    public record Snapshot(long revision, NavigableMap<String, ObjectNode> objects) {}

    /** A snapshot together with everything that follows it. */
    public record Feed(Snapshot snapshot, Subscription subscription) {}

    /** The newest revision. */
    public synchronized long revision() {
        return revision;
    }

    /** The object, which must not be changed. */
    public synchronized @Nullable ObjectNode get(GroupResource resource, String key) {
        return of(resource).get(key);
    }

    /** All objects of a resource whose key begins with a prefix. */
    public synchronized Snapshot list(GroupResource resource, String prefix) {
        NavigableMap<String, ObjectNode> found = prefix.isEmpty()
                ? new TreeMap<>(of(resource))
                : new TreeMap<>(of(resource).subMap(prefix, prefix + Character.MAX_VALUE));
        return new Snapshot(revision, found);
    }

    /** The same, as it was at a revision. */
    public synchronized Snapshot listAt(GroupResource resource, String prefix, long wanted) throws RevisionGone {
        checkKnown(wanted);
        NavigableMap<String, ObjectNode> found = list(resource, prefix).objects();
        Iterator<Change> backwards = history.descendingIterator();
        while (backwards.hasNext()) {
            Change change = backwards.next();
            if (change.revision() <= wanted) {
                break;
            }
            if (change.resource().equals(resource) && change.key().startsWith(prefix)) {
                if (change.before() == null) {
                    var _ = found.remove(change.key());
                } else {
                    found.put(change.key(), change.before());
                }
            }
        }
        return new Snapshot(wanted, found);
    }

    /** Resources that hold anything in a namespace. */
    public synchronized List<GroupResource> resourcesIn(String namespace) {
        List<GroupResource> found = new ArrayList<>();
        objects.forEach((resource, all) -> {
            String next = all.ceilingKey(namespace + "/");
            if (next != null && next.startsWith(namespace + "/")) {
                found.add(resource);
            }
        });
        return found;
    }

    /**
     * Writes an object and gives it its resourceVersion.
     *
     * @param expected what the writer has read; null when there was nothing
     * @return false when somebody else was faster
     */
    public synchronized boolean put(
            GroupResource resource, String key, @Nullable ObjectNode expected, ObjectNode next) {
        if (!isStill(resource, key, expected)) {
            return false;
        }
        revision++;
        stamp(next);
        of(resource).put(key, next);
        publish(new Change(revision, resource, key, expected, next));
        return true;
    }

    /**
     * Removes an object.
     *
     * @return false when somebody else was faster
     */
    public synchronized boolean remove(GroupResource resource, String key, ObjectNode expected) {
        if (!isStill(resource, key, expected)) {
            return false;
        }
        revision++;
        var _ = of(resource).remove(key);
        publish(new Change(revision, resource, key, expected, null));
        return true;
    }

    /** Everything that changes after a revision. */
    public synchronized Subscription follow(GroupResource resource, long after) throws RevisionGone {
        checkKnown(after);
        Deque<Change> missed = new ArrayDeque<>();
        Iterator<Change> backwards = history.descendingIterator();
        while (backwards.hasNext()) {
            Change change = backwards.next();
            if (change.revision() <= after) {
                break;
            }
            if (change.resource().equals(resource)) {
                missed.addFirst(change);
            }
        }
        Subscription subscription = new Subscription(missed, SLOWEST_READER, this::forget);
        if (closed) {
            subscription.close();
        } else {
            subscriptions.put(subscription, resource);
        }
        return subscription;
    }

    /** What there is now, and everything that changes from now on, without a gap. */
    public synchronized Feed feed(GroupResource resource, String prefix) {
        try {
            return new Feed(list(resource, prefix), follow(resource, revision));
        } catch (RevisionGone e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends all subscriptions. */
    @Override
    public synchronized void close() {
        closed = true;
        List.copyOf(subscriptions.keySet()).forEach(Subscription::close);
    }

    private synchronized void forget(Subscription subscription) {
        var _ = subscriptions.remove(subscription);
    }

    private NavigableMap<String, ObjectNode> of(GroupResource resource) {
        return objects.computeIfAbsent(resource, _ -> new TreeMap<>());
    }

    // Objects are never changed, so an equal one that is another one was written in between.
    @SuppressWarnings("ReferenceEquality")
    private boolean isStill(GroupResource resource, String key, @Nullable ObjectNode expected) {
        return of(resource).get(key) == expected;
    }

    private void stamp(ObjectNode object) {
        ((ObjectNode) object.required("metadata")).put("resourceVersion", Long.toString(revision));
    }

    private void checkKnown(long wanted) throws RevisionGone {
        if (wanted < forgotten || wanted > revision) {
            throw new RevisionGone(wanted, forgotten);
        }
    }

    private void publish(Change change) {
        history.addLast(change);
        if (history.size() > longestHistory) {
            forgotten = history.removeFirst().revision();
        }
        List.copyOf(subscriptions.entrySet()).forEach(subscription -> {
            if (subscription.getValue().equals(change.resource())) {
                subscription.getKey().offer(change);
            }
        });
    }
}
