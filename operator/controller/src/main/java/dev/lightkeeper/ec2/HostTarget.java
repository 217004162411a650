package dev.lightkeeper.ec2;

import dev.lightkeeper.act.CloudWriter;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.CallLimits;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.Observer;
import dev.lightkeeper.observe.Readings;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.verify.HostProber;
import dev.lightkeeper.verify.LogSource;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * The ports of the steps for services on EC2 hosts, which share what they know of hosts.
 *
 * @param observer looks at them
 * @param writer tells them what to do
 * @param prober has them ask themselves
 * @param logs reads what they write, or what CloudWatch Logs keeps of it
 */
public record HostTarget(Observer observer, CloudWriter writer, HostProber prober, LogSource logs) {
    /** With an empty memory; what is remembered may be lost at any time. */
    public static HostTarget of(
            Accounts accounts,
            HostScript script,
            String clusterUid,
            CallLimits limits,
            Readings readings,
            Timings timings,
            Clock clock,
            RandomGenerator random) {
        Commands commands = new Commands(accounts, timings, clock);
        LogSource onHosts = new HostLogs(accounts, commands, script, readings, timings, clock);
        LogSource inCloudWatch = new CloudWatchLogs(accounts, readings);
        return new HostTarget(
                new HostObserver(
                        accounts,
                        new Instances(accounts, limits, timings, clock, random),
                        new Inspections(commands, script, timings, clock),
                        commands),
                new HostWriter(accounts, commands, script, clusterUid),
                new SsmHostProber(accounts, commands, script, timings, clock),
                (desired, wanted) -> (keepsGroup(desired) ? inCloudWatch : onHosts).read(desired, wanted));
    }

    private static boolean keepsGroup(DesiredState desired) {
        return desired.spec().ec2() != null && desired.spec().ec2().logGroup() != null;
    }
}
