package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.http.Answer.Sink;
import dev.lightkeeper.simulators.kubernetes.http.Request;
import dev.lightkeeper.simulators.kubernetes.storage.Change;
import dev.lightkeeper.simulators.kubernetes.storage.Store;
import dev.lightkeeper.simulators.kubernetes.storage.Store.Feed;
import dev.lightkeeper.simulators.kubernetes.storage.Store.RevisionGone;
import dev.lightkeeper.simulators.kubernetes.storage.Store.Snapshot;
import dev.lightkeeper.simulators.kubernetes.storage.Subscription;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Watches over plain HTTP. */
final class Watches {
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final Duration BETWEEN_BOOKMARKS = Duration.ofMinutes(1);
    /** Soon, since to Fabric8, and so to the health of JOSDK, a watch over HTTP works only once something has come. */
    private static final Duration BEFORE_THE_FIRST_BOOKMARK = Duration.ofSeconds(2);

    private final Store store;
    private final Lifecycle lifecycle;

    Watches(Store store, Lifecycle lifecycle) {
        this.store = store;
        this.lifecycle = lifecycle;
    }

    Answer watch(Call call) {
        Request request = call.request();
        if (request.header("Upgrade").equalsIgnoreCase("websocket")) {
            // Fabric8 tries WebSocket first; this answer makes it fall back to plain HTTP at once.
            return new Answer.Text(200, "");
        }
        View view = View.of(call);
        Predicate<JsonNode> selection = call.selection();
        boolean initial = request.flag("sendInitialEvents");
        if (request.query().containsKey("sendInitialEvents")
                && !request.parameter("resourceVersionMatch").equals("NotOlderThan")) {
            throw ApiFailure.invalid(
                    "meta.k8s.io",
                    "ListOptions",
                    "",
                    List.of(Cause.forbidden(
                            "resourceVersionMatch",
                            "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")));
        }
        String version = request.parameter("resourceVersion");
        GroupResource resource = call.type().storedAs().resource();
        boolean fromNow = version.isEmpty() || version.equals("0");
        Feed feed;
        if (fromNow || initial) {
            Feed all = store.feed(resource, call.keyPrefix());
            boolean silent = request.query().containsKey("sendInitialEvents") && !initial;
            feed = silent
                    ? new Feed(new Snapshot(all.snapshot().revision(), new TreeMap<>()), all.subscription())
                    : all;
        } else {
            if (!version.matches("\\d{1,18}")) {
                throw ApiFailure.of(
                        500,
                        "",
                        "resourceVersion: Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid syntax"
                                .formatted(version, version));
            }
            long after = Long.parseLong(version);
            try {
                feed = new Feed(new Snapshot(after, new TreeMap<>()), store.follow(resource, after));
            } catch (RevisionGone gone) {
                // Also a revision of the future: it can only be one of another server, and the client has to list
                // again.
                return new Answer.Stream(
                        200,
                        sink -> sink.send(event(
                                "ERROR",
                                ApiFailure.expired("too old resource version: %d (%d)".formatted(after, gone.oldest()))
                                        .status())));
            }
        }
        return new Answer.Stream(
                200,
                sink -> new Stream(call, view, selection, feed, sink)
                        .run(initial && request.flag("allowWatchBookmarks")));
    }

    private static ObjectNode event(String type, JsonNode object) {
        ObjectNode event = Trees.object().put("type", type);
        event.set("object", object);
        return event;
    }

    /** One watch while it runs. */
    private final class Stream {
        private final Call call;
        private final View view;
        private final Predicate<JsonNode> selection;
        private final Feed feed;
        private final Sink sink;
        private boolean headed;
        private long revision;

        Stream(Call call, View view, Predicate<JsonNode> selection, Feed feed, Sink sink) {
            this.call = call;
            this.view = view;
            this.selection = selection;
            this.feed = feed;
            this.sink = sink;
            this.revision = feed.snapshot().revision();
        }

        void run(boolean markEndOfInitialEvents) throws IOException, InterruptedException {
            try (Subscription subscription = feed.subscription()) {
                for (ObjectNode stored : feed.snapshot().objects().values()) {
                    ObjectNode object = call.type().served(stored);
                    if (selection.test(object)) {
                        send("ADDED", object);
                    }
                }
                if (markEndOfInitialEvents) {
                    bookmark(true);
                }
                follow(subscription);
            }
        }

        private void follow(Subscription subscription) throws IOException, InterruptedException {
            long end = System.nanoTime() + timeout().toNanos();
            boolean bookmarks = call.request().flag("allowWatchBookmarks");
            long bookmarkAt = System.nanoTime() + BEFORE_THE_FIRST_BOOKMARK.toNanos();
            while (!subscription.ended()) {
                long now = System.nanoTime();
                if (end - now <= 0) {
                    return;
                }
                if (bookmarkAt - now <= 0) {
                    bookmarkAt = now + BETWEEN_BOOKMARKS.toNanos();
                    if (bookmarks) {
                        bookmark(false);
                    }
                }
                Change change = subscription.next(Duration.ofNanos(Math.min(end - now, bookmarkAt - now)));
                if (change != null) {
                    revision = change.revision();
                    tell(change);
                }
            }
        }

        private Duration timeout() {
            String seconds = call.request().parameter("timeoutSeconds");
            return seconds.isEmpty() || seconds.equals("0") ? LONGEST : Duration.ofSeconds(Reads.version(seconds));
        }

        private void tell(Change change) throws IOException {
            if (!change.key().startsWith(call.keyPrefix())) {
                return;
            }
            ObjectNode before = selected(change.before());
            ObjectNode after = selected(change.after());
            if (after != null) {
                send(before == null ? "ADDED" : "MODIFIED", after);
            } else if (before != null) {
                Trees.child(before, "metadata").put("resourceVersion", Long.toString(change.revision()));
                send("DELETED", before);
            }
        }

        private @Nullable ObjectNode selected(@Nullable ObjectNode stored) {
            ObjectNode object = stored == null ? null : call.type().served(stored);
            return object != null && selection.test(object) ? object : null;
        }

        private void send(String type, ObjectNode object) throws IOException {
            JsonNode shown = view.one(call, object, lifecycle.now());
            if (view == View.TABLE && shown instanceof ObjectNode table) {
                if (headed) {
                    table.putNull("columnDefinitions");
                }
                headed = true;
            }
            sink.send(event(type, shown));
        }

        private void bookmark(boolean endOfInitialEvents) throws IOException {
            ObjectNode object = Trees.object()
                    .put("kind", call.type().names().kind())
                    .put("apiVersion", call.type().apiVersion());
            ObjectNode metadata = object.putObject("metadata");
            metadata.put("resourceVersion", Long.toString(revision));
            if (endOfInitialEvents) {
                metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
            }
            sink.send(event("BOOKMARK", view == View.TABLE ? view.one(call, object, lifecycle.now()) : object));
        }
    }
}
