package dev.lightkeeper.sandbox.stories;

import java.util.Map;

/** What a story declares of its service. */
interface Release {
    /** The file that holds its ServiceDeployment. */
    String template();

    /** What stands in the template for what. */
    Map<String, String> placeholders();

    /**
     * A container on each host.
     *
     * @param readiness path that must answer
     * @param retries so often a host that misses is asked again before it has failed
     */
    record OnHosts(String image, String readiness, int retries) implements Release {
        private static final int RETRIES = 5;

        OnHosts(String image) {
            this(image, "/health/ready", RETRIES);
        }

        OnHosts readyAt(String path) {
            return new OnHosts(image, path, retries);
        }

        OnHosts retried(int times) {
            return new OnHosts(image, readiness, times);
        }

        @Override
        public String template() {
            return "hosts.yaml";
        }

        @Override
        public Map<String, String> placeholders() {
            return Map.of("image", image, "readiness", readiness, "retries", Integer.toString(retries));
        }
    }

    /** Code of that tag under pm2 on each host. */
    record OfCode(String revision) implements Release {
        @Override
        public String template() {
            return "code.yaml";
        }

        @Override
        public Map<String, String> placeholders() {
            return Map.of("revision", revision);
        }
    }
}
