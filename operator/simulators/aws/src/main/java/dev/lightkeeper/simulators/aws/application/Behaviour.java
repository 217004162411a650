package dev.lightkeeper.simulators.aws.application;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an image does when it is run. Everything has a default: {@code Behaviour.builder().build()} is an application that
 * starts at once, listens on any port and answers 404 to every path.
 *
 * @param pull whether a node can pull and execute it
 * @param requiredEnv variables that must be set and not empty
 * @param envPatterns regular expressions that the whole value must match
 * @param whenEnvBroken what it does when the environment is not as above
 * @param requiresCommand exits at once when the deployment gives no command
 * @param startupSeconds simulated seconds until it listens; connections are refused before
 * @param startupLogLines written after each start
 * @param readyAfterSeconds simulated seconds since the start until routes that need readiness answer
 * @param neverReady such routes never answer
 * @param crashAfterSeconds simulated seconds since the start until the process exits; 0: never
 * @param crashLogLine its last words
 * @param port the port it listens on; 0: the one that the endpoint asks for
 * @param endpoints first match wins
 * @param otherPaths the answer to everything else; 404 unless said otherwise
 * @param cors no policy: no header
 * @param load what it uses of a node
 */
public record Behaviour(
        Pull pull,
        List<String> requiredEnv,
        Map<String, String> envPatterns,
        EnvironmentFault whenEnvBroken,
        boolean requiresCommand,
        double startupSeconds,
        List<StartupLine> startupLogLines,
        double readyAfterSeconds,
        boolean neverReady,
        double crashAfterSeconds,
        @Nullable String crashLogLine,
        int port,
        List<Route> endpoints,
        Route otherPaths,
        @Nullable CorsPolicy cors,
        Load load) {
    public Behaviour {
        pull = pull == null ? Pull.OK : pull;
        requiredEnv = requiredEnv == null ? List.of() : List.copyOf(requiredEnv);
        envPatterns = envPatterns == null ? Map.of() : Map.copyOf(envPatterns);
        envPatterns.values().forEach(Pattern::compile);
        whenEnvBroken = whenEnvBroken == null ? EnvironmentFault.EXIT : whenEnvBroken;
        startupLogLines = startupLogLines == null ? List.of() : List.copyOf(startupLogLines);
        endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
        otherPaths = otherPaths == null ? notFound() : otherPaths;
        load = load == null ? Load.MODEST : load;
    }

    /** {@return a builder with nothing but defaults} */
    public static BehaviourBuilder builder() {
        return new BehaviourBuilder();
    }

    /** {@return a builder that starts from this} */
    public BehaviourBuilder toBuilder() {
        return new BehaviourBuilder(this);
    }

    private static Route notFound() {
        return new Route(
                "*",
                "*",
                false,
                404,
                Map.of(),
                "{\"statusCode\":404,\"message\":\"Not Found\"}",
                0,
                0,
                0,
                0,
                false,
                null,
                null,
                null,
                null);
    }
}
