package dev.lightkeeper.simulators.aws.host;

import java.time.Instant;

/** CloudWatch Logs as the log driver of a host reaches it, by the role of its instance. */
public interface CloudLogs {
    /** A region without any group, where none can be made. */
    CloudLogs NONE = new CloudLogs() {
        @Override
        public boolean open(String accountId, String region, String group, boolean creates) {
            return false;
        }

        @Override
        public void put(String accountId, String region, String group, String stream, Instant at, String text) {}
    };

    /**
     * Opens a group.
     *
     * @param accountId twelve digits
     * @param region such as {@code eu-central-1}
     * @param group such as {@code /shop/production}
     * @param creates whether a missing one is made
     * @return whether it is there
     */
    boolean open(String accountId, String region, String group, boolean creates);

    /**
     * Writes a line.
     *
     * @param accountId twelve digits
     * @param region such as {@code eu-central-1}
     * @param group such as {@code /shop/production}
     * @param stream made when it is not there
     * @param at when it was printed
     * @param text not empty
     */
    void put(String accountId, String region, String group, String stream, Instant at, String text);
}
