package dev.lightkeeper.simulators.aws.ssm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.ec2.Ec2Simulation;
import dev.lightkeeper.simulators.aws.ec2.InstanceView;
import dev.lightkeeper.simulators.aws.host.Hosts;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Call;
import dev.lightkeeper.simulators.aws.http.Input;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Run Command part of SSM. Only the document AWS-RunShellScript exists. */
public final class RunCommand implements AutoCloseable {
    /** Every operation that is simulated. */
    public static final List<String> OPERATIONS = List.of(
            "DescribeInstanceInformation",
            "SendCommand",
            "ListCommands",
            "ListCommandInvocations",
            "GetCommandInvocation",
            "CancelCommand");

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    private final SimulatorClock clock;
    private final CommandTimings timings;
    private final Ec2Simulation ec2;
    private final Random random;
    private final CommandDelivery delivery;
    private final ManagedNodes nodes;
    private final CommandReads reads = new CommandReads();
    private final ExecutorService scripts = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private final Map<String, CommandPlace> places = new HashMap<>();
    private int running;
    private long sent;

    RunCommand(SimulatorClock clock, CommandTimings timings, Ec2Simulation ec2, Hosts hosts, Random random) {
        this.clock = clock;
        this.timings = timings;
        this.ec2 = ec2;
        this.random = random;
        delivery = new CommandDelivery(this, clock, timings, hosts);
        nodes = new ManagedNodes(ec2);
    }

    Instant now() {
        return clock.now();
    }

    Answer call(Call call, Input input) {
        return locked(call.signer().account(), call.region(), place -> {
            Instant at = Objects.requireNonNullElse(call.asOf(), clock.now());
            return switch (call.operation()) {
                case "DescribeInstanceInformation" -> nodes.describe(place, instances(place, call), input, at);
                case "SendCommand" -> send(place, call, input);
                case "ListCommands" -> reads.list(place, input, at);
                case "ListCommandInvocations" -> reads.invocations(place, input, at);
                case "GetCommandInvocation" -> reads.get(place, input, at);
                default -> cancel(place, input);
            };
        });
    }

    <T> T locked(String account, String region, Function<CommandPlace, T> action) {
        lock.lock();
        try {
            return action.apply(
                    places.computeIfAbsent(account + "/" + region, key -> new CommandPlace(account, region, ec2)));
        } finally {
            lock.unlock();
        }
    }

    /** Runs a script on a thread of its own. Called under the lock. */
    void run(Runnable script) {
        running++;
        scripts.execute(() -> {
            try {
                script.run();
            } catch (RuntimeException e) {
                LOG.error("A host failed to run a script", e);
            } finally {
                ended();
            }
        });
    }

    boolean awaitScripts(Duration longest) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (running > 0 && left > 0) {
                left = quiet.awaitNanos(left);
            }
            return running == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        scripts.shutdownNow();
        try {
            if (!scripts.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("A script does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended() {
        lock.lock();
        try {
            running--;
            quiet.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private List<InstanceView> instances(CommandPlace place, Call call) {
        return call.asOf() == null ? place.instances() : ec2.instances(place.account, place.region, call.asOf());
    }

    private Answer send(CommandPlace place, Call call, Input input) {
        CommandRequest request = CommandRequest.read(input);
        Instant now = clock.now();
        for (String id : request.instanceIds()) {
            if (place.denied.contains(id)) {
                throw new ApiError(
                        400,
                        "AccessDeniedException",
                        "User: " + call.signer().arn() + " is not authorized to perform: ssm:SendCommand on resource:"
                                + " arn:aws:ec2:" + place.region + ":" + place.account + ":instance/" + id);
            }
        }
        List<String> invalid = request.instanceIds().stream()
                .filter(id -> {
                    InstanceView instance = place.instance(id);
                    return instance == null || !place.takesCommands(instance, now);
                })
                .toList();
        if (!invalid.isEmpty()) {
            throw new ApiError(
                    400,
                    "InvalidInstanceId",
                    "Instances [" + invalid + "] not in a valid state for account " + place.account);
        }
        Command command =
                new Command(id(), sent++, place.account, place.region, request, now, now.plus(timings.visibility()));
        request.instanceIds().forEach(id -> command.invocations.put(id, new Invocation(id, now)));
        place.commands.put(command.key, command);
        delivery.accept(command);
        ObjectNode body = CommandWire.object();
        body.set("Command", CommandWire.command(command, now));
        return new Answer(body, Effect.CREATED);
    }

    private Answer cancel(CommandPlace place, Input input) {
        var _ = input.required("CommandId");
        List<String> ids = CommandRequest.ids(input);
        if (new HashSet<>(ids).size() < ids.size()) {
            throw new ApiError(400, "DuplicateInstanceId", "You can't specify an instance ID in more than one place.");
        }
        Command command = place.command(CommandReads.commandId(input));
        if (command == null) {
            throw new ApiError(400, "InvalidCommandId", "The specified command ID isn't valid.");
        }
        for (String id : ids) {
            if (!command.invocations.containsKey(id)) {
                throw new ApiError(400, "InvalidInstanceId", "The command was not sent to " + id + ".");
            }
        }
        boolean changed = delivery.cancel(command, ids);
        return Answer.empty(changed ? Effect.CHANGED : Effect.NONE);
    }

    private String id() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return UUID.nameUUIDFromBytes(bytes).toString();
    }
}
