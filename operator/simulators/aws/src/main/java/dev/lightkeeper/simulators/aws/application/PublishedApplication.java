package dev.lightkeeper.simulators.aws.application;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lightkeeper.simulators.aws.SimulatorClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One simulated application that runs on a host by itself and listens on ports of that host's loopback address. What
 * happened by now follows from the clock at each look; nothing is scheduled.
 */
public final class PublishedApplication implements AutoCloseable {
    private static final long SEED = 20_201_121L;

    /** What a look shows. */
    public enum State {
        /** It runs. */
        RUNNING,
        /** It ends each time right after its start, and is started again. */
        RESTARTING,
        /** It ended, or was ended. */
        EXITED
    }

    /**
     * One look.
     *
     * @param state now
     * @param restarts how often it was started again by itself
     * @param startedAt of the latest start, simulated
     * @param exitCode of the latest end; 0 while it runs
     */
    public record Look(State state, int restarts, Instant startedAt, int exitCode) {}

    private final SimulatorClock clock;
    private final ImageCatalogue catalogue;
    private final ContainerSpec spec;
    private final String host;
    private final boolean startsAgain;
    private final int firstPort;
    private final Random random = new Random(SEED);
    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<LogLine> log = new ArrayList<>();
    private ContainerProcess process;
    private Instant startedAt;
    private State state = State.RUNNING;
    private int restarts;
    private int exitCode;
    private int linesWritten;

    private PublishedApplication(
            SimulatorClock clock,
            ImageCatalogue catalogue,
            ContainerSpec spec,
            String host,
            Map<Integer, Integer> ports,
            boolean startsAgain) {
        this.clock = clock;
        this.catalogue = catalogue;
        this.spec = spec;
        this.host = host;
        this.startsAgain = startsAgain;
        firstPort = ports.values().stream().sorted().findFirst().orElse(0);
        startedAt = clock.now();
        process = process();
        launch();
    }

    /**
     * Starts an application.
     *
     * @param clock what its age follows
     * @param catalogue says what the image does; looked up again for each answer
     * @param spec the image and the environment
     * @param host named in answers and log lines as the node
     * @param address what it listens on
     * @param ports ports of the address, each with the port within the container
     * @param startsAgain whether it is started again when it ends by itself
     * @return the application, running or already ended
     * @throws IOException when one of the ports cannot be bound; then nothing runs
     */
    public static PublishedApplication start(
            SimulatorClock clock,
            ImageCatalogue catalogue,
            ContainerSpec spec,
            String host,
            InetAddress address,
            Map<Integer, Integer> ports,
            boolean startsAgain)
            throws IOException {
        PublishedApplication application = new PublishedApplication(clock, catalogue, spec, host, ports, startsAgain);
        try {
            for (Map.Entry<Integer, Integer> port : ports.entrySet()) {
                HttpServer server = Exchanges.bind(new InetSocketAddress(address, port.getKey()));
                application.servers.add(server);
                server.createContext("/", exchange -> application.handle(exchange, port.getValue()));
                server.setExecutor(application.executor);
            }
        } catch (IOException e) {
            application.close();
            throw e;
        }
        application.servers.forEach(HttpServer::start);
        return application;
    }

    /** {@return its state at this time} */
    public synchronized Look look() {
        advance();
        return new Look(state, restarts, startedAt, exitCode);
    }

    /** {@return all that it wrote so far, oldest first} */
    public synchronized List<LogLine> logs() {
        advance();
        return List.copyOf(log);
    }

    /** Ends it by a signal, for good: its ports are free when this returns. */
    public void close(int code) {
        synchronized (this) {
            advance();
            if (state != State.EXITED) {
                state = State.EXITED;
                exitCode = code;
                process.end();
            }
        }
        servers.forEach(server -> server.stop(0));
        executor.shutdownNow();
    }

    /** Ends it as a stop does that it obeys. */
    @Override
    public void close() {
        close(0);
    }

    private void advance() {
        Behaviour behaviour = behaviour();
        Instant now = clock.now();
        if (state == State.RESTARTING) {
            restarts++;
            startedAt = now;
            process = process();
            launch();
        }
        if (state != State.RUNNING) {
            return;
        }
        writeDueLines(behaviour, now);
        if (process.mustEnd(behaviour, now)) {
            String lastWords = behaviour.crashLogLine();
            if (lastWords != null) {
                write(now, process.placeholders().inLog(lastWords));
            }
            process.end();
            exitCode = 1;
            state = State.EXITED;
            if (startsAgain) {
                restarts++;
                startedAt = now;
                process = process();
                launch();
            }
        }
    }

    private void launch() {
        Behaviour behaviour = behaviour();
        state = State.RUNNING;
        exitCode = 0;
        linesWritten = 0;
        String fault = null;
        if (behaviour.pull() == Pull.WRONG_ARCHITECTURE) {
            fault = "exec format error";
        } else if (behaviour.requiresCommand() && spec.command().isEmpty()) {
            fault = "Error: no command was given";
        }
        if (fault == null) {
            writeDueLines(behaviour, startedAt);
            process.environmentFaults().forEach(line -> write(startedAt, line));
        } else {
            write(startedAt, fault);
        }
        boolean ends = fault != null
                || (!process.environmentFaults().isEmpty() && behaviour.whenEnvBroken() == EnvironmentFault.EXIT);
        if (ends) {
            process.end();
            exitCode = 1;
            state = startsAgain ? State.RESTARTING : State.EXITED;
        }
    }

    private void writeDueLines(Behaviour behaviour, Instant now) {
        List<StartupLine> lines = behaviour.startupLogLines();
        boolean faulty = !process.environmentFaults().isEmpty();
        int most = faulty ? Math.min(1, lines.size()) : lines.size();
        while (linesWritten < most
                && process.uptimeSeconds(now) >= lines.get(linesWritten).after()) {
            StartupLine line = lines.get(linesWritten++);
            write(
                    startedAt.plusMillis(Math.round(line.after() * 1000)),
                    process.placeholders().inLog(line.line()));
        }
    }

    private void write(Instant at, String line) {
        log.add(new LogLine(at, spec.name(), line));
    }

    private void handle(HttpExchange exchange, int port) throws IOException {
        try (exchange) {
            Request request = Exchanges.request(exchange);
            // No answer: closing the exchange closes the connection.
            if (answer(request, port) instanceof Outcome.Answer answer) {
                Exchanges.send(exchange, answer);
            }
        }
    }

    private synchronized Outcome answer(Request request, int port) {
        advance();
        if (state != State.RUNNING) {
            return Outcome.NoAnswer.REFUSED;
        }
        Outcome outcome = process.answer(behaviour(), request, port, clock.now(), random);
        if (outcome instanceof Outcome.Answer answer && answer.logLine() != null) {
            write(clock.now(), answer.logLine());
        }
        return outcome;
    }

    private ContainerProcess process() {
        Behaviour behaviour = behaviour();
        int port = behaviour.port() != 0 ? behaviour.port() : firstPort;
        return new ContainerProcess(spec, new Placeholders(host, port, spec), behaviour, startedAt);
    }

    private Behaviour behaviour() {
        return catalogue.behaviour(spec.image());
    }
}
