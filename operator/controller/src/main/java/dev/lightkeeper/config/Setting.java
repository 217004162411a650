package dev.lightkeeper.config;

/**
 * The environment variables of the operator, each with its default and what it is for. No name ends in {@code _PORT} or
 * {@code _SERVICE_HOST}: Kubernetes sets such variables in every pod for each Service of the namespace, and one for a
 * Service called "lightkeeper-…" would be taken for ours.
 */
public enum Setting {
    CONFIG_FILE(
            "",
            "A file with further settings, in Java's properties format under the names of this table. What the environment sets wins."),
    WATCH_NAMESPACES("", "Namespaces whose ServiceDeployments are worked on, separated by commas. Empty means all."),
    NAMESPACE("lightkeeper", "The operator's own namespace: the lease and the digest key are kept there."),
    POD_NAME("lightkeeper", "Who competes for the lease and reports events; different for each replica."),
    LEADER_ELECTION("true", "Whether to compete for the lease. Say false only where a second replica cannot exist."),
    LEASE_NAME("lightkeeper", "Name of the lease."),
    PROBE_PRIVATE_ADDRESSES(
            "false", "Whether checks may call private and loopback addresses. Only for trying it out on one machine."),
    AWS_ENDPOINT("", "A URL that is called instead of AWS, for example a simulator's."),
    SPEED("1", "By what the operator's own intervals are divided, 1 to 1000. Only for trying it out."),
    LISTEN("8080", "The TCP port for /livez, /readyz and /metrics; 0 takes any free one."),
    MAX_CONCURRENT_RECONCILES("100", "How many resources are worked on at the same time, 1 to 1000."),
    SHUTDOWN_SECONDS("20", "How long work that runs may take to end after SIGTERM, 1 to 300."),
    LOG_FORMAT("text", "text or json."),
    LOG_LEVEL(
            "INFO", "ERROR, WARN, INFO, DEBUG or TRACE. Said in the file, it can be changed while the operator runs.");

    private static final String PREFIX = "LIGHTKEEPER_";

    private final String defaultValue;
    private final String description;

    Setting(String defaultValue, String description) {
        this.defaultValue = defaultValue;
        this.description = description;
    }

    /** Name of the environment variable. */
    public String variable() {
        return PREFIX + name();
    }

    /** What holds when the variable is not set. */
    public String defaultValue() {
        return defaultValue;
    }

    /** One line for the documentation. */
    public String description() {
        return description;
    }
}
