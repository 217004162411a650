package dev.lightkeeper.simulators.aws.application;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The nodes of one deployment version. Its monitor guards the nodes and all that they run. */
final class NodeGroup implements RunningDeployment {
    private static final HealthCheckSpec PROCESS_CHECK = new HealthCheckSpec("/", "200-499", 5, 2, 1, 1);
    private static final int NODE_STARTS_UNTIL_CANCEL = 3;

    private final SimulatorClock clock;
    private final ImageCatalogue catalogue;
    private final RuntimeTimings timings;
    private final Random random;
    private final int version;
    private final List<ContainerSpec> containers;
    private final @Nullable EndpointSpec endpoint;
    private final HealthCheckSpec healthCheck;
    private final SuccessCodes successCodes;
    private final DeploymentLog log = new DeploymentLog();
    private final List<Node> nodes = new ArrayList<>();
    private Health health = Health.STARTING;
    private boolean stopped;
    private int failedNodeStarts;
    private int turn;

    NodeGroup(
            SimulatorClock clock,
            ImageCatalogue catalogue,
            RuntimeTimings timings,
            Random random,
            int version,
            List<ContainerSpec> containers,
            @Nullable EndpointSpec endpoint) {
        this.clock = clock;
        this.catalogue = catalogue;
        this.timings = timings;
        this.random = random;
        this.version = version;
        this.containers = List.copyOf(containers);
        this.endpoint = endpoint;
        this.healthCheck = endpoint == null ? PROCESS_CHECK : endpoint.healthCheck();
        this.successCodes = SuccessCodes.parse(healthCheck.successCodes());
    }

    synchronized void start(int count) {
        logSystemLine("Creating your deployment");
        scale(count);
        clock.schedule(timings.deploymentTimeout(), this::giveUp);
    }

    @Override
    public synchronized Health health() {
        return health;
    }

    @Override
    public synchronized void scale(int count) {
        while (nodes.size() > count) {
            nodes.removeLast().remove();
        }
        while (nodes.size() < count && !stopped) {
            Node node = new Node(nodes.size());
            nodes.add(node);
            clock.schedule(timings.nodeStart(), () -> begin(node));
        }
        judge();
    }

    @Override
    public List<LogLine> logs() {
        return log.lines();
    }

    @Override
    public synchronized double cpuPercent() {
        return averageLoad(process -> behaviour(process).load().cpuPercent());
    }

    @Override
    public synchronized double memoryPercent() {
        Instant now = clock.now();
        return averageLoad(process -> behaviour(process).load().memoryAfter(process.uptimeSeconds(now)));
    }

    @Override
    public synchronized void breakNode(int index) {
        nodes.get(index).breakWith(null);
    }

    @Override
    public synchronized void breakNode(int index, Behaviour instead) {
        nodes.get(index).breakWith(instead);
    }

    @Override
    public synchronized void healNode(int index) {
        nodes.get(index).heal();
    }

    @Override
    public synchronized void close() {
        stopped = true;
        nodes.forEach(Node::remove);
        nodes.clear();
    }

    synchronized boolean stopped() {
        return stopped;
    }

    synchronized int healthyNodes() {
        return (int) nodes.stream().filter(Node::healthy).count();
    }

    /** Answers as the next healthy node does. */
    synchronized Outcome serve(Request request) {
        if (endpoint == null) {
            return Outcome.NoAnswer.NO_ENDPOINT;
        }
        List<Node> healthy = nodes.stream().filter(Node::healthy).toList();
        if (healthy.isEmpty()) {
            return Outcome.NoAnswer.NO_HEALTHY_NODE;
        }
        turn = (turn + 1) % healthy.size();
        return ask(healthy.get(turn), endpoint, request);
    }

    private Outcome ask(Node node, EndpointSpec target, Request request) {
        ContainerProcess process = node.process(target.containerName()).orElse(null);
        if (process == null || node.refusing()) {
            return Outcome.NoAnswer.REFUSED;
        }
        Behaviour behaviour = node.endpointBehaviour(behaviour(process));
        Outcome outcome = process.answer(behaviour, request, target.containerPort(), clock.now(), random);
        if (outcome instanceof Outcome.Answer answer && answer.logLine() != null) {
            log.add(clock.now(), target.containerName(), answer.logLine());
        }
        return outcome;
    }

    private synchronized void begin(Node node) {
        if (node.removed() || stopped) {
            return;
        }
        node.begin();
        logSystemLine("Started 1 new node");
        if (node.beginChecks()) {
            clock.schedule(Duration.ofSeconds(healthCheck.intervalSeconds()), () -> check(node));
        }
        for (ContainerSpec container : containers) {
            Behaviour behaviour = catalogue.behaviour(container.image());
            Placeholders placeholders = new Placeholders(node.name(), port(container, behaviour), container);
            ContainerProcess process = new ContainerProcess(container, placeholders, behaviour, clock.now());
            node.processes().add(process);
        }
        for (ContainerProcess process : List.copyOf(node.processes())) {
            if (process.alive() && !launch(process, behaviour(process))) {
                replace(node);
                return;
            }
            Behaviour behaviour = behaviour(process);
            if (behaviour.crashAfterSeconds() > 0) {
                clock.schedule(seconds(behaviour.crashAfterSeconds()), () -> endWhatMustEnd(node));
            }
        }
    }

    /** {@return false when the process did not come up} */
    private boolean launch(ContainerProcess process, Behaviour behaviour) {
        String container = process.spec().name();
        switch (behaviour.pull()) {
            case NOT_FOUND, DENIED -> {
                return false;
            }
            case WRONG_ARCHITECTURE -> {
                log.add(clock.now(), container, "exec format error");
                return false;
            }
            case OK -> {}
        }
        if (behaviour.requiresCommand() && process.spec().command().isEmpty()) {
            log.add(clock.now(), container, "Error: no command was given");
            return false;
        }
        List<StartupLine> lines = behaviour.startupLogLines();
        boolean faulty = !process.environmentFaults().isEmpty();
        for (StartupLine line : faulty ? lines.stream().limit(1).toList() : lines) {
            writeLater(process, line.after(), process.placeholders().inLog(line.line()));
        }
        process.environmentFaults().forEach(fault -> log.add(clock.now(), container, fault));
        return !faulty || behaviour.whenEnvBroken() != EnvironmentFault.EXIT;
    }

    private void writeLater(ContainerProcess process, double afterSeconds, String line) {
        String container = process.spec().name();
        if (afterSeconds <= 0) {
            log.add(clock.now(), container, line);
            return;
        }
        clock.schedule(seconds(afterSeconds), () -> {
            synchronized (this) {
                if (process.alive()) {
                    log.add(clock.now(), container, line);
                }
            }
        });
    }

    private synchronized void endWhatMustEnd(Node node) {
        for (ContainerProcess process : node.processes()) {
            Behaviour behaviour = behaviour(process);
            if (node.runs() && process.mustEnd(behaviour, clock.now())) {
                String lastWords = behaviour.crashLogLine();
                if (lastWords != null) {
                    log.add(
                            clock.now(),
                            process.spec().name(),
                            process.placeholders().inLog(lastWords));
                }
                replace(node);
                return;
            }
        }
    }

    /** AWS starts a new node for one whose containers ended, for ever once the deployment is active. */
    private void replace(Node node) {
        node.end();
        if (health == Health.STARTING) {
            failedNodeStarts++;
            if (failedNodeStarts >= Math.max(NODE_STARTS_UNTIL_CANCEL, nodes.size() + 1)) {
                fail();
                return;
            }
        }
        clock.schedule(timings.nodeReplacement(), () -> begin(node));
    }

    private synchronized void check(Node node) {
        if (node.removed() || stopped) {
            return;
        }
        endWhatMustEnd(node);
        node.checked(passes(node), healthCheck.healthyThreshold(), healthCheck.unhealthyThreshold());
        judge();
        clock.schedule(Duration.ofSeconds(healthCheck.intervalSeconds()), () -> check(node));
    }

    private boolean passes(Node node) {
        if (endpoint == null) {
            Instant now = clock.now();
            return node.runs()
                    && !node.refusing()
                    && node.processes().stream().allMatch(process -> process.listens(behaviour(process), now));
        }
        return ask(node, endpoint, Request.healthCheck(healthCheck.path())) instanceof Outcome.Answer answer
                && answer.latencyMillis() <= healthCheck.timeoutSeconds() * 1000L
                && successCodes.contain(answer.status());
    }

    private void judge() {
        if (health == Health.STARTING && !nodes.isEmpty() && nodes.stream().allMatch(Node::healthy)) {
            health = Health.HEALTHY;
            logSystemLine("Reached a steady state");
        }
    }

    private synchronized void giveUp() {
        if (health == Health.STARTING && !stopped) {
            logSystemLine("Took too long");
            fail();
        }
    }

    private void fail() {
        health = Health.FAILED;
        logSystemLine("Canceled");
        close();
    }

    private double averageLoad(ToDoubleFunction<ContainerProcess> load) {
        double average = nodes.stream()
                .filter(Node::runs)
                .mapToDouble(node -> node.processes().stream().mapToDouble(load).sum())
                .average()
                .orElse(0);
        return Math.min(100, average);
    }

    private Behaviour behaviour(ContainerProcess process) {
        return catalogue.behaviour(process.spec().image());
    }

    private int port(ContainerSpec container, Behaviour behaviour) {
        if (behaviour.port() != 0) {
            return behaviour.port();
        }
        if (endpoint != null && endpoint.containerName().equals(container.name())) {
            return endpoint.containerPort();
        }
        return container.ports().keySet().stream().sorted().findFirst().orElse(0);
    }

    private void logSystemLine(String text) {
        Instant now = clock.now();
        containers.forEach(container -> log.add(now, container.name(), "[deployment:" + version + "] " + text));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
