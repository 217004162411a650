package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.CorsCheck;
import dev.lightkeeper.api.v1alpha1.EndpointCheck;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.Expectation;
import dev.lightkeeper.api.v1alpha1.RandomPathControl;
import dev.lightkeeper.api.v1alpha1.Readiness;
import dev.lightkeeper.api.v1alpha1.Verification;
import dev.lightkeeper.desired.Canonical;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.ProbeHeaders;
import dev.lightkeeper.desired.SecretText;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The checks over HTTP that a manifest declares, readiness first, then in the order of the manifest. */
final class HttpChecks {
    /** Name of the only check of its type. */
    static final String READINESS = "readiness";

    /** Name of the only check of its type. */
    static final String RANDOM_PATH = "random-path";

    private static final Expectation ABSENT =
            new Expectation(List.of(), List.of(), List.of(), List.of(), null, Boolean.TRUE);

    private final Expectations expectations;
    private final RandomGenerator random;

    HttpChecks(Expectations expectations, RandomGenerator random) {
        this.expectations = expectations;
        this.random = random;
    }

    /**
     * All of them.
     *
     * @param address of the service, where it has one: nothing is asked before
     */
    List<HttpCheck> declared(DesiredState desired, Readiness readiness, @Nullable URI address) {
        Verification verification = desired.spec().verification();
        ProbeHeaders headers = desired.probeHeaders();
        Site site = new Site(
                address == null ? URI.create("http://nothing.invalid") : address,
                Duration.ofSeconds(readiness.timeoutSeconds()),
                String.valueOf(readiness.host()));
        List<HttpCheck> checks = new ArrayList<>();
        checks.add(new HttpCheck(
                CheckType.Readiness,
                READINESS,
                Enforcement.Required,
                Canonical.hash(readiness),
                "GET " + readiness.path(),
                path(site, "GET", readiness.path(), headers.readiness(), readiness.expect()),
                null));
        verification.endpoints().forEach(endpoint -> checks.add(endpoint(site, endpoint, headers)));
        verification.cors().forEach(cors -> checks.add(cors(site, cors)));
        if (verification.randomPathControl() == RandomPathControl.Enforce) {
            checks.add(new HttpCheck(
                    CheckType.RandomPath,
                    RANDOM_PATH,
                    Enforcement.Required,
                    Canonical.hash(site.host()),
                    "GET of a random path",
                    new PathProbe(site.request("GET", stray("/"), Map.of()), ABSENT, expectations, null),
                    null));
        }
        return checks;
    }

    /** Where all of it is asked. */
    private record Site(URI address, Duration timeout, String host) {
        Prober.Request request(String method, String path, Map<String, SecretText> headers) {
            return new Prober.Request(method, at(path), headers, timeout);
        }

        /** The same host at another port; null stays at the same. */
        Site port(@Nullable Integer other) {
            return other == null
                    ? this
                    : new Site(
                            URI.create("%s://%s:%d/".formatted(address.getScheme(), address.getHost(), other)),
                            timeout,
                            host);
        }

        /** What is no path is told by the rules of the spec, and not asked. */
        private URI at(String path) {
            try {
                return address.resolve(new URI(path));
            } catch (URISyntaxException e) {
                return address;
            }
        }
    }

    private HttpCheck endpoint(Site site, EndpointCheck endpoint, ProbeHeaders headers) {
        String method = String.valueOf(endpoint.method());
        return new HttpCheck(
                CheckType.Endpoint,
                endpoint.name(),
                enforcement(endpoint.enforcement()),
                Canonical.hash(endpoint, site.host()),
                "%s %s".formatted(method, endpoint.path()),
                path(
                        site.port(endpoint.port()),
                        method,
                        endpoint.path(),
                        headers.endpoint(endpoint.name()),
                        endpoint.expect()),
                headers.obstacle(endpoint.name()));
    }

    private HttpCheck cors(Site site, CorsCheck cors) {
        String method = String.valueOf(cors.method());
        // What changes nothing: the error that another method would get has the same headers.
        String harmless = method.equals("HEAD") ? "HEAD" : "GET";
        SecretText origin = SecretText.of(cors.origin());
        Map<String, SecretText> page = Map.of("Origin", origin);
        return new HttpCheck(
                CheckType.Cors,
                cors.name(),
                enforcement(cors.enforcement()),
                Canonical.hash(cors, site.host()),
                "CORS of %s %s for %s".formatted(method, cors.path(), cors.origin()),
                new CorsProbe(
                        site.request(
                                "OPTIONS",
                                cors.path(),
                                Map.of("Origin", origin, "Access-Control-Request-Method", SecretText.of(method))),
                        site.request(harmless, cors.path(), page),
                        site.request("GET", stray(cors.path()), page),
                        cors.origin(),
                        method),
                null);
    }

    private PathProbe path(
            Site site, String method, String path, Map<String, SecretText> headers, @Nullable Expectation expect) {
        return new PathProbe(site.request(method, path, headers), expect, expectations, stray(path));
    }

    /** A sibling of {@code path} that no application has. */
    private String stray(String path) {
        int query = path.indexOf('?');
        String plain = query < 0 ? path : path.substring(0, query);
        return "%slightkeeper-%016x".formatted(plain.substring(0, plain.lastIndexOf('/') + 1), random.nextLong());
    }

    private static Enforcement enforcement(@Nullable Enforcement declared) {
        return Objects.requireNonNullElse(declared, Enforcement.Required);
    }
}
