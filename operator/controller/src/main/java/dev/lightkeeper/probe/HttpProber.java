package dev.lightkeeper.probe;

import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.verify.Prober;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Asks over HTTP/1.1 on plain sockets. The name is resolved once, every address of it is held against the
 * {@link AddressPolicy}, and what was checked is what is connected to. Redirects are not followed, bodies are not
 * decompressed, proxies of the environment are not used, at most {@value ResponseReader#LARGEST_BODY} bytes of a body
 * are kept, and the time-out covers all of it, the look-up included.
 *
 * <p>A time-out is told as what it was waited for: DNS, CONNECT, TLS, or TIMEOUT once the request is out.
 *
 * <p>{@code Host}, {@code Connection} and whatever else frames the message are the prober's; all other headers of the
 * request replace its own. A request that cannot be sent at all (not http or https, user info in the address, a line
 * break in a header's value) is a {@link Fault#REFUSED_ADDRESS}.
 */
public final class HttpProber implements Prober, AutoCloseable {
    private static final int MOST_AT_ONCE = 256;
    private static final Set<String> FRAMING = Set.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "expect",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "upgrade");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private final AddressPolicy policy;
    private final Resolver resolver;
    private final X509TrustManager trust;
    private final String version;
    private final Supplier<String> requestIds;
    private final LongSupplier nanoTime;
    // Platform threads: a look-up in native code would hold the carrier of a virtual one.
    private final ExecutorService exchanges = new ThreadPoolExecutor(
            0,
            MOST_AT_ONCE,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("probe-", 0).factory());

    /**
     * A prober.
     *
     * @param trust whose certificates are accepted; see {@link #systemTrust()}
     * @param version of the operator, for the user agent
     * @param requestIds a new value for each request
     * @param nanoTime a monotonic time, as {@link System#nanoTime()}
     */
    public HttpProber(
            AddressPolicy policy,
            Resolver resolver,
            X509TrustManager trust,
            String version,
            Supplier<String> requestIds,
            LongSupplier nanoTime) {
        this.policy = policy;
        this.resolver = resolver;
        this.trust = trust;
        this.version = version;
        this.requestIds = requestIds;
        this.nanoTime = nanoTime;
    }

    /** Trusts the authorities of the Java runtime. */
    public static X509TrustManager systemTrust() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (NoSuchAlgorithmException | KeyStoreException e) {
            throw new IllegalStateException("This Java has no trust store", e);
        }
    }

    @Override
    public Answer ask(Request request) {
        Optional<HttpTarget> target = HttpTarget.of(request.method(), request.uri());
        if (target.isEmpty()) {
            return new Answer.NoResponse(
                    Fault.REFUSED_ADDRESS, "only http and https addresses with a plain host name are probed");
        }
        Map<String, String> headers = headers(target.get(), request);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!TOKEN.matcher(header.getKey()).matches() || holdsControls(header.getValue())) {
                return new Answer.NoResponse(
                        Fault.REFUSED_ADDRESS, "the header " + printable(header.getKey()) + " cannot be sent");
            }
        }
        return run(
                new Exchange(
                        target.get(),
                        head(target.get(), headers),
                        request.timeout(),
                        policy,
                        resolver,
                        trust,
                        nanoTime),
                request);
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        exchanges.shutdownNow();
    }

    private Answer run(Exchange exchange, Request request) {
        Future<Answer> answer;
        try {
            answer = exchanges.submit(exchange);
        } catch (RejectedExecutionException e) {
            // Only look-ups outlive their time-out: so many at once means that the resolver hangs.
            return new Answer.NoResponse(Fault.DNS, "too many probes wait for a name to be resolved");
        }
        try {
            return answer.get(request.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            Answer late = exchange.late();
            exchange.abort();
            return late;
        } catch (InterruptedException e) {
            exchange.abort();
            Thread.currentThread().interrupt();
            return new Answer.NoResponse(Fault.TIMEOUT, "the probe was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            return new Answer.NoResponse(Fault.MALFORMED, "the answer could not be read");
        }
    }

    private Map<String, String> headers(HttpTarget target, Request request) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("User-Agent", "lightkeeper/" + version);
        headers.put("X-Request-Id", requestIds.get());
        headers.put("Accept", "*/*");
        headers.put("Accept-Encoding", "identity");
        for (Map.Entry<String, SecretText> header : request.headers().entrySet()) {
            // White space around a value is no part of it, and a Secret made from a file ends with a line break.
            headers.put(header.getKey(), header.getValue().reveal().strip());
        }
        headers.keySet().removeIf(name -> FRAMING.contains(name.toLowerCase(Locale.ROOT)));
        headers.put("Connection", "close");
        if (Set.of("POST", "PUT", "PATCH").contains(target.method())) {
            headers.put("Content-Length", "0");
        }
        return headers;
    }

    private static byte[] head(HttpTarget target, Map<String, String> headers) {
        StringBuilder head = new StringBuilder(512);
        head.append(target.method()).append(' ').append(target.path()).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(target.authority()).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean holdsControls(String value) {
        return value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f);
    }

    private static String printable(String name) {
        return TOKEN.matcher(name).matches() ? name : "with a name that is no token";
    }
}
