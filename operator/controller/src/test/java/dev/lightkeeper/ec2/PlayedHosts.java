package dev.lightkeeper.ec2;

import dev.lightkeeper.simulators.aws.host.Hosts;
import dev.lightkeeper.simulators.aws.host.Shell;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;

/** Hosts whose script a test plays: whatever they are told, they answer what it says, and not before it lets them. */
@NullUnmarked
final class PlayedHosts implements Hosts {
    private final String usual;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();

    PlayedHosts(String usual) {
        this.usual = usual;
    }

    void answers(String instanceId, String answer) {
        answers.put(instanceId, answer);
    }

    /** The answer to the next command waits for the latch. */
    CountDownLatch holdsNext(String instanceId) {
        CountDownLatch until = new CountDownLatch(1);
        held.put(instanceId, until);
        return until;
    }

    /** Whether the command has not come yet whose answer is to wait. */
    boolean isHeld(String instanceId) {
        return held.containsKey(instanceId);
    }

    @Override
    public Shell shell(String instanceId, String accountId, String region) {
        return (script, timeout) -> {
            String answer = answers.getOrDefault(instanceId, usual);
            CountDownLatch until = held.remove(instanceId);
            if (until != null) {
                try {
                    boolean _ = until.await(5, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return new Shell.Execution(0, answer, "", false);
        };
    }

    @Override
    public void powered(String instanceId, boolean on) {}

    @Override
    public void remove(String instanceId) {}

    @Override
    public void close() {}
}
