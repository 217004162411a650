package dev.lightkeeper.simulators.aws.ssm;

import dev.lightkeeper.simulators.aws.ec2.Ec2Simulation;
import dev.lightkeeper.simulators.aws.ec2.InstanceState;
import dev.lightkeeper.simulators.aws.ec2.InstanceView;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The commands of one account in one region, and its instances. Guarded by the lock of {@link RunCommand}. */
final class CommandPlace {
    final String account;
    final String region;
    /** Newest first. */
    final NavigableMap<String, Command> commands = new TreeMap<>();
    /** Instances that callers may not send commands to. */
    final Set<String> denied = new HashSet<>();
    /** Whether commands to stopped instances are accepted and wait. */
    boolean acceptsStopped;

    private final Ec2Simulation ec2;

    CommandPlace(String account, String region, Ec2Simulation ec2) {
        this.account = account;
        this.region = region;
        this.ec2 = ec2;
    }

    @Nullable
    Command command(@Nullable String id) {
        return commands.values().stream()
                .filter(command -> command.id.equals(id))
                .findFirst()
                .orElse(null);
    }

    List<InstanceView> instances() {
        return ec2.instances(account, region);
    }

    /** The instance as it really is; null when there is none. */
    @Nullable
    InstanceView instance(String id) {
        return instances().stream()
                .filter(instance -> instance.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** Whether a command may be sent to an instance at all. */
    boolean takesCommands(InstanceView instance, Instant now) {
        boolean up = instance.state() == InstanceState.RUNNING
                || (acceptsStopped
                        && instance.state() != InstanceState.SHUTTING_DOWN
                        && instance.state() != InstanceState.TERMINATED);
        return up && instance.agent().isRegistered(now);
    }
}
