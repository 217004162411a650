package dev.lightkeeper.simulators.aws.host;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.application.ContainerSpec;
import dev.lightkeeper.simulators.aws.application.LogLine;
import dev.lightkeeper.simulators.aws.application.PublishedApplication;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container as its engine knows it. Guarded by its host. */
final class HostContainer {
    /**
     * What it was made from.
     *
     * @param image as the command named it
     * @param imageId what that was at the time
     * @param spec what runs; its image is the reference that the catalogue knows
     * @param ports ports of the host, each with the port within the container
     */
    record Creation(
            String image,
            String imageId,
            ContainerSpec spec,
            Map<Integer, Integer> ports,
            Map<String, String> labels,
            List<String> variables,
            String restart,
            String user,
            String logDriver,
            Map<String, String> logOptions) {
        boolean startsAgain() {
            return !restart.equals("no");
        }

        /** Values of variables may be secret. */
        @Override
        public String toString() {
            return "Creation[" + image + "]";
        }
    }

    final String id;
    final Creation creation;
    final List<LogLine> earlierLines = new ArrayList<>();
    String name;
    boolean stoppedByHand;
    boolean removed;
    boolean shipped;

    @Nullable
    PublishedApplication application;

    HostContainer(String id, String name, Creation creation) {
        this.id = id;
        this.name = name;
        this.creation = creation;
    }

    boolean running() {
        PublishedApplication running = application;
        return running != null && running.look().state() != PublishedApplication.State.EXITED;
    }

    void end(int code) {
        PublishedApplication ended = application;
        if (ended != null) {
            ended.close(code);
        }
    }

    /** Lines of all its starts. */
    List<LogLine> lines() {
        List<LogLine> lines = new ArrayList<>(earlierLines);
        PublishedApplication latest = application;
        if (latest != null) {
            lines.addAll(latest.logs());
        }
        return lines;
    }

    /** What {@code inspect} prints. */
    ObjectNode inspection(boolean docker) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("Id", id).put("Name", docker ? "/" + name : name).put("Image", creation.imageId());
        PublishedApplication latest = application;
        PublishedApplication.Look look = latest == null ? null : latest.look();
        String status = look == null ? "created" : look.state().name().toLowerCase(Locale.ROOT);
        node.put("RestartCount", look == null ? 0 : look.restarts());
        node.putObject("State")
                .put("Status", status)
                .put("Running", status.equals("running"))
                .put("ExitCode", look == null ? 0 : look.exitCode())
                .put("StartedAt", (look == null ? Instant.EPOCH : look.startedAt()).toString());
        ObjectNode config =
                node.putObject("Config").put("Image", creation.image()).put("User", creation.user());
        ArrayNode variables = config.putArray("Env");
        creation.variables().forEach(variables::add);
        variables.add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        ArrayNode command = config.putArray("Cmd");
        creation.spec().command().forEach(command::add);
        ObjectNode labels = config.putObject("Labels");
        creation.labels().forEach(labels::put);
        ObjectNode host = node.putObject("HostConfig");
        host.putObject("RestartPolicy").put("Name", creation.restart());
        host.set("LogConfig", LogDrivers.shown(docker, creation.logDriver(), creation.logOptions()));
        return node;
    }
}
