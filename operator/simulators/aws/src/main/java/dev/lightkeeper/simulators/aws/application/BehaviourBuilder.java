package dev.lightkeeper.simulators.aws.application;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/** Builds a behaviour in code. What has no method of its own is said in YAML with {@link #with(String)}. */
public final class BehaviourBuilder {
    private final BehaviourFields yaml = new BehaviourFields();
    private ObjectNode fields;

    BehaviourBuilder() {
        fields = yaml.empty();
    }

    BehaviourBuilder(Behaviour from) {
        fields = yaml.of(from);
    }

    /**
     * Lays fields over what was said so far, as an entry of a catalogue does over the application it is like: objects are
     * merged, null removes, endpoints go before those that are there.
     *
     * @param moreFields in YAML, for example {@code endpoints: [{path: /slow, latencyMillis: 300}]}
     */
    public BehaviourBuilder with(String moreFields) {
        fields = yaml.overlay(fields, yaml.parse(moreFields));
        return this;
    }

    /** Adds an answer to GET requests that goes before those that are there. */
    public BehaviourBuilder endpoint(String path, int status, String body) {
        ObjectNode route = yaml.empty();
        route.put("path", path).put("status", status).put("body", body);
        return endpoint(route);
    }

    /** Adds an answer that goes before those that are there. */
    public BehaviourBuilder endpoint(Route route) {
        return endpoint((ObjectNode) yaml.tree(route));
    }

    private BehaviourBuilder endpoint(ObjectNode route) {
        ObjectNode above = yaml.empty();
        above.putArray("endpoints").add(route);
        fields = yaml.overlay(fields, above);
        return this;
    }

    /** Says whether nodes can pull the image. */
    public BehaviourBuilder pull(Pull pull) {
        fields.set("pull", yaml.tree(pull));
        return this;
    }

    /** Names variables without which the process exits. */
    public BehaviourBuilder requiredEnv(String... names) {
        fields.set("requiredEnv", yaml.tree(Arrays.asList(names)));
        return this;
    }

    /** Sets the time until the process listens. */
    public BehaviourBuilder startupSeconds(double seconds) {
        fields.put("startupSeconds", seconds);
        return this;
    }

    /** Adds a line that is logged some seconds after each start. */
    public BehaviourBuilder startupLogLine(double afterSeconds, String line) {
        fields.withArray("startupLogLines").add(yaml.tree(new StartupLine(afterSeconds, line)));
        return this;
    }

    /** Lets the process exit some seconds after each start. */
    public BehaviourBuilder crashAfterSeconds(double seconds) {
        fields.put("crashAfterSeconds", seconds);
        return this;
    }

    /** Sets the port that the process listens on. */
    public BehaviourBuilder port(int port) {
        fields.put("port", port);
        return this;
    }

    /** Allows other origins to read the answers. */
    public BehaviourBuilder allowedOrigins(String... origins) {
        fields.set("cors", yaml.empty().set("allowedOrigins", yaml.tree(List.of(origins))));
        return this;
    }

    /** {@return what was said so far} */
    public Behaviour build() {
        return yaml.behaviour(fields);
    }
}
