package dev.lightkeeper.simulators.aws.ssm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.ec2.Ec2Simulation;
import dev.lightkeeper.simulators.aws.ec2.InstanceState;
import dev.lightkeeper.simulators.aws.ec2.InstanceView;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The instances whose agents SSM knows. Stopped and terminated ones are not among them. */
final class ManagedNodes {
    private static final Pages PAGES = new Pages(5, 50, 10);
    private static final Set<String> FILTERS =
            Set.of("InstanceIds", "AgentVersion", "PingStatus", "PlatformTypes", "ResourceType", "tag-key");
    private static final Pattern ID = Pattern.compile("i-(\\w{8}|\\w{17})|mi-\\w{17}");

    private final Ec2Simulation ec2;

    private record Filter(String key, List<String> values) {
        boolean isTag() {
            return key.startsWith("tag");
        }
    }

    ManagedNodes(Ec2Simulation ec2) {
        this.ec2 = ec2;
    }

    /** Lists them, from instances as reads show them. */
    Answer describe(CommandPlace place, List<InstanceView> instances, Input input, Instant at) {
        List<Filter> filters = filters(place, input);
        NavigableMap<String, InstanceView> wanted = new TreeMap<>();
        for (InstanceView instance : instances) {
            if (instance.state() == InstanceState.RUNNING
                    && instance.agent().isRegistered(at)
                    && filters.stream().allMatch(filter -> holds(filter, instance, at))) {
                wanted.put(instance.id(), instance);
            }
        }
        ObjectNode body = CommandWire.object();
        ArrayNode list = body.putArray("InstanceInformationList");
        for (InstanceView instance : PAGES.page(wanted, input, body)) {
            list.add(node(instance, at));
        }
        return Answer.read(body);
    }

    private static List<Filter> filters(CommandPlace place, Input input) {
        List<Filter> filters = new ArrayList<>();
        input.objectList("Filters").forEach(f -> filters.add(new Filter(f.required("Key"), f.stringList("Values"))));
        input.objectList("InstanceInformationFilterList")
                .forEach(f -> filters.add(new Filter(f.required("key"), f.stringList("valueSet"))));
        for (Filter filter : filters) {
            if (!FILTERS.contains(filter.key()) && !filter.key().startsWith("tag:")) {
                throw new ApiError(400, "InvalidFilterKey", "The specified key isn't valid: " + filter.key());
            }
            if (filter.values().isEmpty()) {
                throw new ApiError(
                        400, "InvalidInstanceInformationFilterValue", "The filter has no value: " + filter.key());
            }
            if (filter.key().equals("InstanceIds")) {
                filter.values().forEach(id -> checkOwn(place, id));
            }
        }
        if (filters.stream().anyMatch(Filter::isTag) && !filters.stream().allMatch(Filter::isTag)) {
            throw new ApiError(400, "InvalidFilterKey", "Filters by tag cannot be used with other filters.");
        }
        return filters;
    }

    private static void checkOwn(CommandPlace place, String id) {
        if (!ID.matcher(id).matches() || place.instance(id) == null) {
            throw new ApiError(400, "InvalidInstanceId", "Instance " + id + " is not valid for this account.");
        }
    }

    private boolean holds(Filter filter, InstanceView instance, Instant at) {
        if (filter.key().startsWith("tag:")) {
            String value = instance.tags().get(filter.key().substring("tag:".length()));
            return value != null && filter.values().contains(value);
        }
        if (filter.key().equals("tag-key")) {
            return filter.values().stream().anyMatch(instance.tags()::containsKey);
        }
        return filter.values()
                .contains(
                        switch (filter.key()) {
                            case "InstanceIds" -> instance.id();
                            case "AgentVersion" -> instance.agent().version();
                            case "PingStatus" -> ping(instance, at);
                            case "PlatformTypes" -> "Linux";
                            default -> "EC2Instance";
                        });
    }

    private String ping(InstanceView instance, Instant at) {
        return instance.agent().isOnline(at, ec2.pingTimeout()) ? "Online" : "ConnectionLost";
    }

    private ObjectNode node(InstanceView instance, Instant at) {
        Instant registered = instance.agent().registeredAt();
        ObjectNode node = CommandWire.object()
                .put("InstanceId", instance.id())
                .put("PingStatus", ping(instance, at))
                .put("LastPingDateTime", CommandWire.time(instance.agent().lastPing(at)))
                .put("AgentVersion", instance.agent().version())
                .put("IsLatestVersion", instance.agent().isNewest())
                .put("PlatformType", "Linux")
                .put("PlatformName", "Ubuntu")
                .put("PlatformVersion", "24.04")
                .put("ResourceType", "EC2Instance")
                .put("IPAddress", instance.launch().privateIp())
                .put(
                        "ComputerName",
                        "ip-" + instance.launch().privateIp().replace('.', '-') + "." + instance.region()
                                + ".compute.internal")
                .put("SourceId", instance.id())
                .put("SourceType", "AWS::EC2::Instance");
        if (registered != null) {
            node.put("RegistrationDate", CommandWire.time(registered));
        }
        return node;
    }
}
