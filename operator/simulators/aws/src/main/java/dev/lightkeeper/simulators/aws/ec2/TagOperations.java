package dev.lightkeeper.simulators.aws.ec2;

import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.QueryInput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** Tags of instances. AWS tags other resources, too, which do not exist here. */
final class TagOperations {
    private static final int MOST_TAGS = 50;
    private static final int MOST_RESOURCES = 1_000;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private final Ec2World world;

    TagOperations(Ec2World world) {
        this.world = world;
    }

    Answer create(Place place, QueryInput input) {
        List<Instance> instances = instances(place, input);
        Map<String, String> tags = tags(input);
        if (tags.isEmpty()) {
            throw new ApiError(400, "MissingParameter", "The request must contain the parameter Tag");
        }
        for (Instance instance : instances) {
            NavigableMap<String, String> after = new TreeMap<>(instance.tags);
            after.putAll(tags);
            checkCount(after);
        }
        return change(input, instances, instance -> instance.tags.putAll(tags));
    }

    /** A tag with a value goes only when it has that value; without any tag, all go. */
    Answer delete(Place place, QueryInput input) {
        List<Instance> instances = instances(place, input);
        List<QueryInput> tags = input.structures("Tag");
        return change(input, instances, instance -> {
            if (tags.isEmpty()) {
                instance.tags.clear();
            }
            for (QueryInput tag : tags) {
                String key = tag.required("Key");
                String value = tag.text("Value");
                if (value == null || value.equals(instance.tags.get(key))) {
                    instance.tags.remove(key);
                }
            }
        });
    }

    static Map<String, String> tags(QueryInput input) {
        Map<String, String> tags = new TreeMap<>();
        for (QueryInput tag : input.structures("Tag")) {
            String key = tag.required("Key");
            String value = Objects.requireNonNullElse(tag.text("Value"), "");
            if (key.startsWith("aws:")) {
                throw Refusals.invalidValue(
                        "Value ( " + key + " ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved"
                                + " for internal use");
            }
            if (key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE) {
                throw Refusals.invalidValue("Tag key exceeds the maximum length of " + LONGEST_KEY
                        + " characters, or its value that of " + LONGEST_VALUE);
            }
            if (tags.put(key, value) != null) {
                throw Refusals.invalidValue("Tag keys must be unique: " + key);
            }
        }
        return tags;
    }

    static void checkCount(Map<String, String> tags) {
        if (tags.size() > MOST_TAGS) {
            throw new ApiError(400, "TagLimitExceeded", "More than " + MOST_TAGS + " tags specified");
        }
    }

    private interface Change {
        void apply(Instance instance);
    }

    private Answer change(QueryInput input, List<Instance> instances, Change change) {
        if (input.isTrue("DryRun")) {
            throw Refusals.dryRun();
        }
        boolean changed = false;
        for (Instance instance : instances) {
            Map<String, String> before = Map.copyOf(instance.tags);
            change.apply(instance);
            changed |= !before.equals(instance.tags);
            instance.show(world.clock.now().plus(world.timings.visibility()));
        }
        return new Answer(InstanceWire.object().put("return", true), changed ? Effect.CHANGED : Effect.NONE);
    }

    /** Tagging finds only what reads show: a new instance is not found for a while. */
    private List<Instance> instances(Place place, QueryInput input) {
        List<String> ids = input.list("ResourceId").stream().distinct().toList();
        if (ids.isEmpty() || ids.size() > MOST_RESOURCES) {
            throw new ApiError(400, "MissingParameter", "The request must contain 1 to 1000 resources");
        }
        List<Instance> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        Instant now = world.clock.now();
        for (String id : ids) {
            if (!id.startsWith("i-")) {
                throw new ApiError(400, "InvalidID", "The ID '" + id + "' is not valid");
            }
            Refusals.checkIds(List.of(id));
            Instance instance = place.instances.get(id);
            if (instance == null || instance.shown(now) == null) {
                missing.add(id);
            } else {
                found.add(instance);
            }
        }
        if (!missing.isEmpty()) {
            throw Refusals.notFound(missing);
        }
        return found;
    }
}
