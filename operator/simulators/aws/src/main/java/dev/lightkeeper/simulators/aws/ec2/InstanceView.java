package dev.lightkeeper.simulators.aws.ec2;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How an instance stands at one time.
 *
 * @param id such as {@code i-0123456789abcdef0}
 * @param account twelve digits
 * @param region such as {@code eu-central-1}
 * @param launch what it was launched with
 * @param state of the instance
 * @param stateReason why it is not running, with AWS's code; null when there is nothing to say
 * @param runningSince when it last came to run; null when it does not
 * @param publicIp another one after each start; null while it does not run
 * @param tags by key
 * @param isProtected whether it cannot be terminated through the API
 * @param impaired whether its status checks fail
 * @param agent the SSM agent on it
 */
public record InstanceView(
        String id,
        String account,
        String region,
        Launch launch,
        InstanceState state,
        @Nullable StateReason stateReason,
        @Nullable Instant runningSince,
        @Nullable String publicIp,
        Map<String, String> tags,
        boolean isProtected,
        boolean impaired,
        Agent agent) {

    /**
     * What an instance keeps for life.
     *
     * @param reservationId instances that were launched by one request share it
     * @param index number within the reservation, from 0
     * @param time of the launch
     * @param imageId such as {@code ami-0123456789abcdef0}
     * @param type such as {@code t3.small}
     * @param zone availability zone
     * @param subnetId of its network interface
     * @param privateIp of its network interface
     * @param clientToken of the request; empty without
     * @param profileArn instance profile; null without
     */
    public record Launch(
            String reservationId,
            int index,
            Instant time,
            String imageId,
            String type,
            String zone,
            String subnetId,
            String privateIp,
            String clientToken,
            @Nullable String profileArn) {}

    /**
     * Why an instance is in its state.
     *
     * @param code such as {@code Client.UserInitiatedShutdown}
     * @param message for people
     */
    public record StateReason(String code, String message) {}

    /** Copies the tags. */
    public InstanceView {
        tags = new TreeMap<>(tags);
    }

    /**
     * {@return whether an SSM agent answers on it}
     *
     * @param now simulated time
     */
    public boolean isReachable(Instant now) {
        return state == InstanceState.RUNNING && agent.answers(now);
    }
}
