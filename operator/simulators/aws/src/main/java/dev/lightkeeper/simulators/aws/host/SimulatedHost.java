package dev.lightkeeper.simulators.aws.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import dev.lightkeeper.simulators.aws.application.LogLine;
import dev.lightkeeper.simulators.aws.host.Invocation.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One host: its folder is what its scripts see as {@code LIGHTKEEPER_ROOT}, its commands are those of that folder. Users
 * do not exist on this machine: who a command runs as is recorded. Everything that goes wrong on a host is set here.
 */
public final class SimulatedHost implements Shell, AutoCloseable {
    /**
     * Where a host is.
     *
     * @param root its folder
     * @param address its loopback address
     * @param token by which its stand-ins are known
     */
    record Place(String instanceId, String accountId, String region, Path root, InetAddress address, String token) {}

    /**
     * A command that a script called.
     *
     * @param user who called it
     * @param tool the command
     * @param arguments all of them
     */
    public record Called(String user, String tool, List<String> arguments) {
        public Called {
            arguments = List.copyOf(arguments);
        }
    }

    private final Place place;
    private final SimulatorClock clock;
    private final ImageCatalogue catalogue;
    private final AwsCommand aws;
    private final CloudLogs cloudLogs;
    private final Toolbox tools;
    private final ContainerEngine docker = new ContainerEngine(this, true);
    private final ContainerEngine podman = new ContainerEngine(this, false);
    private final Pm2 pm2 = new Pm2(this);
    private final HostFolder folder;
    private final HostUsers users;
    private final ScriptProcesses scripts;
    private final Map<String, String> versions =
            new HashMap<>(Map.of("docker", "24.0.5", "podman", "4.9.3", "pm2", "5.3.0"));
    private final Map<String, String> registryLogins = new HashMap<>();
    private final Systemd systemd;
    private final List<ServerSocket> foreignListeners = new ArrayList<>();
    private final List<Called> calls = new ArrayList<>();
    private Duration skew = Duration.ZERO;
    private @Nullable String pullFailure;
    private Function<Called, Optional<String>> obstacle = called -> Optional.empty();
    private boolean closed;

    SimulatedHost(
            Place place,
            SimulatorClock clock,
            ImageCatalogue catalogue,
            ParameterSource parameters,
            CloudLogs cloudLogs,
            URI endpoint) {
        this.place = place;
        this.cloudLogs = cloudLogs;
        this.clock = clock;
        this.catalogue = catalogue;
        aws = new AwsCommand(place, parameters);
        tools = new Toolbox(
                place.root(), endpoint, place.token(), place.address().getHostAddress());
        folder = new HostFolder(place.root());
        users = new HostUsers(folder);
        systemd = new Systemd(folder, users::uid);
        scripts = new ScriptProcesses(place, tools.folder());
        folder.fill();
        tools.fill();
        toolVersion("pm2", "5.3.0");
        addUser("root", true);
        addUser("ubuntu", true);
        freeMiB(20_000);
        writeListening();
    }

    @Override
    public Execution run(String script, Duration executionTimeout) {
        synchronized (this) {
            writeListening();
        }
        return scripts.run(script, executionTimeout);
    }

    /** {@return this host's folder: what its scripts see as the root} */
    public Path root() {
        return place.root();
    }

    /** {@return the loopback address that everything deployed here listens on} */
    public InetAddress address() {
        return place.address();
    }

    /** {@return what scripts called of docker, podman, pm2, aws, systemctl, date and sleep, oldest first} */
    public synchronized List<Called> calls() {
        return List.copyOf(calls);
    }

    /**
     * Runs scripts by another shell from now on.
     *
     * @param path such as {@code /bin/bash}
     */
    public void shell(String path) {
        scripts.shell(path);
    }

    /**
     * Calls a command as a person on the host would.
     *
     * @param user who calls
     * @param tool docker, podman, pm2 or systemctl
     * @param arguments its arguments
     * @return its output
     * @throws IllegalStateException when it fails, with what it says
     */
    public String byHand(String user, String tool, String... arguments) {
        Answer answer = answer(new Invocation(tool, user, List.of(arguments), ""), "");
        if (answer.exitCode() != 0) {
            throw new IllegalStateException(answer.error());
        }
        return answer.output();
    }

    /**
     * Kills the processes of a container, so that it stays ended.
     *
     * @param engine docker or podman
     * @param name of the container
     */
    public synchronized void killContainer(String engine, String name) {
        engine(engine).kill(name);
    }

    /** Adds a user with a home folder, who may use Docker or not. */
    public synchronized void addUser(String name, boolean mayUseDocker) {
        users.add(name, mayUseDocker);
    }

    /** Takes a user away. */
    public synchronized void removeUser(String name) {
        users.remove(name);
    }

    /** Takes a command away, a real one too. */
    public synchronized void removeTool(String name) {
        tools.remove(name);
    }

    /** Says that docker, podman or pm2 has another version. */
    public synchronized void toolVersion(String name, String version) {
        versions.put(name, version);
        if (name.equals("pm2")) {
            tools.pm2Version(version);
        }
    }

    /** Says what is free on the disk. */
    public void freeMiB(long mebibytes) {
        folder.write(".free", mebibytes + "\n");
    }

    /**
     * Lets all pulls fail.
     *
     * @param message what the engine prints; null lets them work again
     */
    public synchronized void breakPulls(@Nullable String message) {
        pullFailure = message;
    }

    /**
     * Lets some calls of docker, podman and pm2 fail, those of people too.
     *
     * @param obstacle asked before each call: what the tool prints instead of doing anything; empty lets it work
     */
    public synchronized void obstruct(Function<Called, Optional<String>> obstacle) {
        this.obstacle = obstacle;
    }

    /** Kills all scripts that run here, so that none of them can put anything in order. What they started on the host stays. */
    public void killScripts() {
        scripts.killAll();
    }

    /**
     * Says that a registry gives images only to a user with a password.
     *
     * @param registry its host name
     * @param user the name
     * @param password in clear
     */
    public synchronized void registryLogin(String registry, String user, String password) {
        registryLogins.put(registry, user + ":" + password);
    }

    /** Listens on a port by something that nobody deployed, until the host goes. */
    public synchronized void listen(int port) {
        try {
            foreignListeners.add(new ServerSocket(port, 1, place.address()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writeListening();
    }

    /** Sets how far the host's clock is ahead; negative: behind. */
    public synchronized void clockSkew(Duration ahead) {
        skew = ahead;
    }

    /**
     * Who owns a file.
     *
     * @param file below the root
     * @return the user that {@code chown} named last for it or a folder around it; root when none
     */
    public String owner(Path file) {
        return folder.owner(file);
    }

    /**
     * Lets a log agent ship what containers and pm2 processes print from now on and have printed.
     *
     * @param sink gets the time of each line and its text, some seconds later
     */
    public void ships(BiConsumer<Instant, String> sink) {
        new LogAgent(clock, this::printed, sink).ship();
    }

    /** Opens a log group; without a region, in the host's own. */
    boolean opens(String region, String group, boolean creates) {
        return cloudLogs.open(place.accountId(), region.isEmpty() ? place.region() : region, group, creates);
    }

    /** Ships what a container prints until there are no more lines. Called by its engine. */
    void ships(String region, String group, String stream, Supplier<@Nullable Map<String, List<LogLine>>> lines) {
        String where = region.isEmpty() ? place.region() : region;
        new LogAgent(
                        clock,
                        () -> {
                            synchronized (this) {
                                return closed ? null : lines.get();
                            }
                        },
                        (at, text) -> cloudLogs.put(place.accountId(), where, group, stream, at, text))
                .ship();
    }

    private synchronized @Nullable Map<String, List<LogLine>> printed() {
        if (closed) {
            return null;
        }
        Map<String, List<LogLine>> printed = new HashMap<>();
        docker.printed(printed);
        podman.printed(printed);
        pm2.printed(printed);
        return printed;
    }

    /** Ends all that runs here and deletes the folder. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        powered(false);
        folder.deleteAll();
    }

    void powered(boolean on) {
        scripts.killAll();
        synchronized (this) {
            if (on) {
                docker.powerOn();
                podman.powerOn();
                pm2.powerOn();
            } else {
                docker.powerOff();
                podman.powerOff();
                pm2.powerOff();
                for (ServerSocket listener : foreignListeners) {
                    try {
                        listener.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
                foreignListeners.clear();
            }
            writeListening();
        }
    }

    String token() {
        return place.token();
    }

    String instanceId() {
        return place.instanceId();
    }

    SimulatorClock clock() {
        return clock;
    }

    ImageCatalogue catalogue() {
        return catalogue;
    }

    /** The home folder of a user. */
    Path home(String user) {
        return folder.home(user);
    }

    boolean mayUseDocker(String name) {
        return users.mayUseDocker(name);
    }

    String toolVersion(String tool) {
        return versions.getOrDefault(tool, "");
    }

    Systemd systemd() {
        return systemd;
    }

    @Nullable
    String pullFailure(String image) {
        return pullFailure == null ? null : pullFailure.replace("IMAGE", image);
    }

    @Nullable
    String registryLogin(String registry) {
        return registryLogins.get(registry);
    }

    /** As Docker does: the password in base64 in a file of the caller. */
    void writeLogin(String folder, String registry, String userAndPassword) {
        ObjectNode configuration = JsonNodeFactory.instance.objectNode();
        configuration
                .putObject("auths")
                .putObject(registry)
                .put("auth", Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8)));
        try {
            Path target = folder.isEmpty() ? home("root").resolve(".docker") : Path.of(folder);
            Files.createDirectories(target);
            Files.writeString(target.resolve("config.json"), configuration.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers a stand-in. */
    Answer answer(Invocation call, String registryConfiguration) {
        if (call.tool().equals("sleep")) {
            Duration pause = Duration.ofMillis(
                    Math.round(Double.parseDouble(call.arguments().getFirst()) * 1000));
            LockSupport.parkNanos(clock.real(pause).toNanos());
            return Answer.ok("");
        }
        synchronized (this) {
            Called called = new Called(call.user(), call.tool(), call.arguments());
            calls.add(called);
            try {
                return switch (call.tool()) {
                    case "docker", "podman" ->
                        obstacle.apply(called)
                                .map(Answer::failed)
                                .orElseGet(() -> engine(call.tool()).answer(call, registryConfiguration));
                    case "pm2" -> obstacle.apply(called).map(Answer::failed).orElseGet(() -> pm2.answer(call));
                    case "aws" -> aws.answer(call, skew);
                    case "systemctl" -> systemd.answer(call);
                    case "loginctl" -> Answer.ok("");
                    case "date" -> Answer.ok(clock.now().plus(skew).getEpochSecond() + "\n");
                    default -> Answer.failed(127, call.tool() + ": not found");
                };
            } catch (IllegalArgumentException e) {
                return Answer.failed(String.valueOf(e.getMessage()));
            } finally {
                writeListening();
            }
        }
    }

    private ContainerEngine engine(String name) {
        return name.equals("docker") ? docker : podman;
    }

    private void writeListening() {
        List<Integer> ports = new ArrayList<>();
        ports.addAll(docker.listeningPorts());
        ports.addAll(podman.listeningPorts());
        ports.addAll(pm2.listeningPorts());
        foreignListeners.forEach(listener -> ports.add(listener.getLocalPort()));
        folder.listening(ports);
    }
}
