package dev.lightkeeper.simulators.aws.ec2;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.QueryInput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Operations that change nothing. They show instances as of a time, because AWS's reads are late. */
final class InstanceReads {
    private static final Set<String> INSTANCE_FILTERS = Set.of(
            "tag:",
            "tag-key",
            "tag-value",
            "instance-state-name",
            "instance-state-code",
            "instance-id",
            "instance-type",
            "client-token",
            "image-id",
            "vpc-id",
            "subnet-id",
            "availability-zone",
            "private-ip-address",
            "ip-address",
            "reservation-id",
            "owner-id");
    private static final Set<String> STATUS_FILTERS = Set.of(
            "availability-zone",
            "instance-state-name",
            "instance-state-code",
            "instance-status.status",
            "system-status.status");
    private static final Set<String> TAG_FILTERS = Set.of("tag:", "key", "value", "resource-id", "resource-type");
    private static final int MOST_STATUS_IDS = 100;

    private final Ec2Timings timings;

    InstanceReads(Ec2Timings timings) {
        this.timings = timings;
    }

    /** All instances that reads show. */
    static List<InstanceView> shown(Place place, Instant at) {
        return place.instances.values().stream()
                .map(instance -> instance.shown(at))
                .filter(Objects::nonNull)
                .toList();
    }

    Answer instances(Place place, QueryInput input, Instant at) {
        List<String> ids = input.list("InstanceId");
        Ec2Pages.notWithIds(input, ids);
        Predicate<InstanceView> filter = Ec2Filter.all(input, INSTANCE_FILTERS, InstanceReads::values);
        List<InstanceView> wanted =
                select(place, ids, at).stream().filter(filter).toList();
        ObjectNode body = InstanceWire.object();
        InstanceWire.reservations(Ec2Pages.page(wanted, input, body), body.putArray("reservationSet"));
        return Answer.read(body);
    }

    Answer status(Place place, QueryInput input, Instant at) {
        List<String> ids = input.list("InstanceId");
        Ec2Pages.notWithIds(input, ids);
        if (ids.size() > MOST_STATUS_IDS) {
            throw Refusals.invalidValue("The maximum number of instance IDs is " + MOST_STATUS_IDS);
        }
        boolean all = input.isTrue("IncludeAllInstances");
        Predicate<InstanceView> filter =
                Ec2Filter.all(input, STATUS_FILTERS, (view, name) -> statusValues(view, name, at));
        List<InstanceView> wanted = select(place, ids, at).stream()
                .filter(view -> all || view.state() == InstanceState.RUNNING)
                .filter(filter)
                .toList();
        ObjectNode body = InstanceWire.object();
        ArrayNode set = body.putArray("instanceStatusSet");
        for (InstanceView view : Ec2Pages.page(wanted, input, body)) {
            ObjectNode node = set.addObject()
                    .put("instanceId", view.id())
                    .put("availabilityZone", view.launch().zone());
            node.set("instanceState", InstanceWire.state(view.state()));
            node.set("systemStatus", check(view, at));
            node.set("instanceStatus", check(view, at));
        }
        return Answer.read(body);
    }

    Answer tags(Place place, QueryInput input, Instant at) {
        record Tag(String resource, String key, String value) {}
        Predicate<Tag> filter = Ec2Filter.all(input, TAG_FILTERS, (tag, name) -> switch (name) {
            case "key" -> Set.of(tag.key());
            case "value" -> Set.of(tag.value());
            case "resource-id" -> Set.of(tag.resource());
            case "resource-type" -> Set.of("instance");
            default -> name.equals("tag:" + tag.key()) ? Set.of(tag.value()) : Set.of();
        });
        List<Tag> all = new ArrayList<>();
        for (InstanceView view : shown(place, at)) {
            view.tags().forEach((key, value) -> all.add(new Tag(view.id(), key, value)));
        }
        ObjectNode body = InstanceWire.object();
        ArrayNode set = body.putArray("tagSet");
        for (Tag tag : Ec2Pages.page(all.stream().filter(filter).toList(), input, body)) {
            set.addObject()
                    .put("resourceId", tag.resource())
                    .put("resourceType", "instance")
                    .put("key", tag.key())
                    .put("value", tag.value());
        }
        return Answer.read(body);
    }

    private static List<InstanceView> select(Place place, List<String> ids, Instant at) {
        if (ids.isEmpty()) {
            return shown(place, at);
        }
        Refusals.checkIds(ids);
        List<InstanceView> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String id : ids.stream().distinct().toList()) {
            InstanceView view = shown(place, id, at);
            if (view == null) {
                missing.add(id);
            } else {
                found.add(view);
            }
        }
        if (!missing.isEmpty()) {
            throw Refusals.notFound(missing);
        }
        return found;
    }

    /** How reads show one instance; null when they do not know it, or not yet. */
    static @Nullable InstanceView shown(Place place, String id, Instant at) {
        Instance instance = place.instances.get(id);
        return instance == null ? null : instance.shown(at);
    }

    private static Set<String> values(InstanceView view, String name) {
        if (name.startsWith("tag:")) {
            String value = view.tags().get(name.substring("tag:".length()));
            return value == null ? Set.of() : Set.of(value);
        }
        Map<String, String> tags = view.tags();
        return switch (name) {
            case "tag-key" -> tags.keySet();
            case "tag-value" -> Set.copyOf(tags.values());
            case "instance-state-name" -> Set.of(view.state().wire());
            case "instance-state-code" -> Set.of(Integer.toString(view.state().code()));
            case "instance-id" -> Set.of(view.id());
            case "instance-type" -> Set.of(view.launch().type());
            case "client-token" -> Set.of(view.launch().clientToken());
            case "image-id" -> Set.of(view.launch().imageId());
            case "vpc-id" -> Set.of(InstanceWire.vpc());
            case "subnet-id" -> Set.of(view.launch().subnetId());
            case "availability-zone" -> Set.of(view.launch().zone());
            case "private-ip-address" -> Set.of(view.launch().privateIp());
            case "ip-address" -> view.publicIp() == null ? Set.of() : Set.of(view.publicIp());
            case "reservation-id" -> Set.of(view.launch().reservationId());
            default -> Set.of(view.account());
        };
    }

    private Set<String> statusValues(InstanceView view, String name, Instant at) {
        return name.endsWith("-status.status") ? Set.of(status(view, at)) : values(view, name);
    }

    private ObjectNode check(InstanceView view, Instant at) {
        String status = status(view, at);
        ObjectNode node = InstanceWire.object().put("status", status);
        if (!status.equals("not-applicable")) {
            node.putArray("details")
                    .addObject()
                    .put("name", "reachability")
                    .put(
                            "status",
                            switch (status) {
                                case "ok" -> "passed";
                                case "impaired" -> "failed";
                                default -> status;
                            });
        }
        return node;
    }

    private String status(InstanceView view, Instant at) {
        Instant since = view.runningSince();
        if (view.state() != InstanceState.RUNNING || since == null) {
            return "not-applicable";
        }
        if (view.impaired()) {
            return "impaired";
        }
        return at.isBefore(since.plus(timings.statusChecks())) ? "initializing" : "ok";
    }
}
