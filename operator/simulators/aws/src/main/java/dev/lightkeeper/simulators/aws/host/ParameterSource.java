package dev.lightkeeper.simulators.aws.host;

/** What a host's {@code aws ssm get-parameters} reads, by the role of its instance. */
@FunctionalInterface
public interface ParameterSource {
    /** What comes of a read. */
    sealed interface Reading {}

    /**
     * It is there.
     *
     * @param text in clear
     * @param version from 1
     */
    record Value(String text, long version) implements Reading {
        /** The version only. */
        @Override
        public String toString() {
            return "Value[version=" + version + "]";
        }
    }

    /** There is none of that name or version. */
    record Missing() implements Reading {}

    /** The role may not read it. */
    record Denied() implements Reading {}

    /**
     * Reads one parameter.
     *
     * @param accountId twelve digits
     * @param region such as {@code eu-central-1}
     * @param name with {@code :version} behind it, or without for the latest
     * @return what came of it
     */
    Reading read(String accountId, String region, String name);
}
