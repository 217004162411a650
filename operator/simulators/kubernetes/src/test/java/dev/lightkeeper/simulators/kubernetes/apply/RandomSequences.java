package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Sequence;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Sequences of valid writes to a Thing, the same for the same seed. */
final class RandomSequences {
    private static final int WRITES = 8;

    private final Random random;

    RandomSequences(long seed) {
        random = new Random(seed);
    }

    Sequence next(String name) {
        List<Write> writes = new ArrayList<>();
        writes.add(random.nextBoolean() ? write("apply", "", body()) : write("create", "", body()));
        while (writes.size() < WRITES) {
            writes.add(
                    switch (random.nextInt(12)) {
                        case 0, 1 -> write("put", "", body());
                        case 2, 3 -> write("merge", "", body());
                        case 4 -> write("apply", "status", status());
                        case 5 -> write("merge", "status", status());
                        case 6 -> {
                            ObjectNode scale = object();
                            scale.putObject("spec").put("replicas", random.nextInt(3));
                            yield write("merge", "scale", scale);
                        }
                        default -> write("apply", "", body());
                    });
        }
        return new Sequence(name, "Thing", writes);
    }

    private Write write(String verb, String on, ObjectNode body) {
        boolean force = verb.equals("apply") && random.nextInt(3) == 0;
        return new Write(List.of("a", "b", "c").get(random.nextInt(3)), on, force, verb, body);
    }

    private ObjectNode body() {
        ObjectNode body = object();
        ObjectNode spec = body.putObject("spec");
        // The scale subresource needs one.
        spec.put("scale", random.nextInt(3));
        if (maybe()) {
            spec.put("image", word());
        }
        if (maybe()) {
            ObjectNode nested = spec.putObject("nested");
            if (maybe()) {
                nested.put("a", word());
            }
            if (maybe()) {
                words(nested.putObject("deep"));
            }
        }
        if (maybe()) {
            words(spec.putObject("labels"));
        }
        if (maybe()) {
            ObjectNode groups = spec.putObject("groups");
            for (String name : List.of("g", "h")) {
                if (maybe()) {
                    ObjectNode group = groups.putObject(name);
                    if (maybe()) {
                        group.put("x", random.nextInt(2));
                    }
                    if (maybe()) {
                        group.put("y", random.nextInt(2));
                    }
                }
            }
        }
        if (maybe()) {
            ObjectNode fixed = spec.putObject("fixed");
            if (maybe()) {
                fixed.put("a", word());
            }
        }
        if (maybe()) {
            items(spec.putArray("list"));
        }
        if (maybe()) {
            items(spec.putArray("things"));
        }
        if (maybe()) {
            containers(spec.putArray("containers"));
        }
        if (maybe()) {
            ports(spec.putArray("ports"));
        }
        if (maybe()) {
            any(spec.putObject("any"), 2);
        }
        if (maybe()) {
            // Without any, a real server once stores an empty map, and drops it at the next write.
            words(body.putObject("metadata").putObject("labels").put("z", word()));
        }
        return body;
    }

    private ObjectNode status() {
        ObjectNode body = object();
        ObjectNode status = body.putObject("status");
        if (maybe()) {
            status.put("phase", word());
        }
        ArrayNode conditions = status.putArray("conditions");
        for (String type : shuffled("Ready", "Other")) {
            if (maybe()) {
                conditions.addObject().put("type", type).put("status", word());
            }
        }
        return body;
    }

    private void containers(ArrayNode containers) {
        for (String name : shuffled("one", "two", "three", "four")) {
            if (maybe()) {
                ObjectNode container = containers.addObject().put("name", name);
                if (maybe()) {
                    container.put("image", word());
                }
                if (maybe()) {
                    items(container.putArray("args"));
                }
                if (maybe()) {
                    words(container.putObject("env"));
                }
            }
        }
    }

    private void ports(ArrayNode ports) {
        for (String protocol : shuffled("", "UDP", "SCTP")) {
            if (maybe()) {
                ObjectNode port = ports.addObject().put("port", 80);
                if (!protocol.isEmpty()) {
                    port.put("protocol", protocol);
                }
                if (maybe()) {
                    port.put("name", word());
                }
            }
        }
    }

    private void any(ObjectNode into, int depth) {
        for (String name : List.of("x", "y")) {
            switch (random.nextInt(depth > 0 ? 5 : 3)) {
                case 0 -> into.put(name, word());
                case 1 -> into.put(name, random.nextInt(2));
                case 2 -> items(into.putArray(name));
                case 3 -> any(into.putObject(name), depth - 1);
                default -> {}
            }
        }
    }

    private ObjectNode words(ObjectNode into) {
        for (String name : List.of("x", "y")) {
            if (maybe()) {
                into.put(name, word());
            }
        }
        return into;
    }

    private void items(ArrayNode into) {
        shuffled("p", "q", "r", "s").stream().filter(_ -> maybe()).forEach(into::add);
    }

    private List<String> shuffled(String... items) {
        List<String> shuffled = new ArrayList<>(List.of(items));
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private String word() {
        return List.of("v", "w").get(random.nextInt(2));
    }

    private boolean maybe() {
        return random.nextBoolean();
    }

    private static ObjectNode object() {
        return WriteSequences.JSON.createObjectNode();
    }
}
