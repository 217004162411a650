package dev.lightkeeper.probe;

import dev.lightkeeper.verify.Prober;
import dev.lightkeeper.verify.Prober.Answer.NoResponse;
import dev.lightkeeper.verify.Prober.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One request on one connection. Runs on a thread of its own; {@link #abort()} from another thread ends it, whatever
 * it waits for (a look-up that hangs goes on in the dark, but nothing is connected after it).
 */
final class Exchange implements Callable<Prober.Answer> {
    private final HttpTarget target;
    private final byte[] head;
    private final Duration timeout;
    private final AddressPolicy policy;
    private final Resolver resolver;
    private final X509TrustManager trust;
    private final LongSupplier nanoTime;
    private final long deadline;

    private volatile Phase phase = Phase.RESOLVING;
    private boolean aborted;
    private @Nullable Socket connection;

    Exchange(
            HttpTarget target,
            byte[] head,
            Duration timeout,
            AddressPolicy policy,
            Resolver resolver,
            X509TrustManager trust,
            LongSupplier nanoTime) {
        this.target = target;
        this.head = head;
        this.timeout = timeout;
        this.policy = policy;
        this.resolver = resolver;
        this.trust = trust;
        this.nanoTime = nanoTime;
        this.deadline = nanoTime.getAsLong() + timeout.toNanos();
    }

    @Override
    public Prober.Answer call() {
        List<InetAddress> addresses;
        try {
            addresses = resolver.resolve(target.host());
        } catch (UnknownHostException e) {
            return new NoResponse(Fault.DNS, "the name " + target.host() + " cannot be resolved");
        }
        if (addresses.isEmpty()) {
            return new NoResponse(Fault.DNS, "the name " + target.host() + " has no address");
        }
        // One bad address spoils the name: which of them is taken must not decide whether the pod's network is open.
        for (InetAddress address : addresses) {
            Optional<AddressPolicy.Range> refusal = policy.refusal(address);
            if (refusal.isPresent()) {
                return new NoResponse(
                        Fault.REFUSED_ADDRESS,
                        "%s is not probed: it resolves to a %s address"
                                .formatted(target.host(), refusal.get().words()));
            }
        }
        phase = Phase.CONNECTING;
        try (Socket raw = connect(addresses)) {
            return exchange(raw);
        } catch (SocketTimeoutException e) {
            return late();
        } catch (IOException e) {
            return unconnected(e);
        }
    }

    /** What to say when the time is over now. */
    NoResponse late() {
        String within = " within " + words(timeout);
        return switch (phase) {
            case RESOLVING ->
                new NoResponse(Fault.DNS, "the name %s was not resolved%s".formatted(target.host(), within));
            case CONNECTING -> new NoResponse(Fault.CONNECT, "no connection" + within);
            case SECURING -> new NoResponse(Fault.TLS, "no TLS connection" + within);
            case ANSWERING -> new NoResponse(Fault.TIMEOUT, "no complete answer" + within);
        };
    }

    /** Ends the exchange. Never blocks: the connection is closed below TLS, which would wait to say good-bye. */
    synchronized void abort() {
        aborted = true;
        close(connection);
    }

    private Socket connect(List<InetAddress> addresses) throws IOException {
        IOException last = new ConnectException("no address");
        for (int i = 0; i < addresses.size(); i++) {
            // A dead address may use up only its share of the time.
            long share = Math.max(0, deadline - nanoTime.getAsLong()) / (addresses.size() - i);
            int millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(share), 1, Integer.MAX_VALUE);
            Socket socket = opened();
            try {
                socket.connect(new InetSocketAddress(addresses.get(i), target.port()), millis);
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException e) {
                close(socket);
                last = e;
            }
        }
        throw last;
    }

    private synchronized Socket opened() throws IOException {
        if (aborted) {
            throw new SocketException("aborted");
        }
        Socket socket = new Socket(java.net.Proxy.NO_PROXY);
        connection = socket;
        return socket;
    }

    private Prober.Answer exchange(Socket raw) {
        Socket socket = raw;
        if (target.secure()) {
            phase = Phase.SECURING;
            try {
                socket = secured(raw);
            } catch (SSLException e) {
                return new NoResponse(Fault.TLS, TlsFault.words(e, target.host()));
            } catch (IOException e) {
                return new NoResponse(Fault.CONNECT, "the connection was reset before the request");
            }
        }
        phase = Phase.ANSWERING;
        long sent = nanoTime.getAsLong();
        @Nullable ResponseReader reader = null;
        try {
            OutputStream out = socket.getOutputStream();
            out.write(head);
            out.flush();
            reader = new ResponseReader(target.method(), socket.getInputStream());
            ResponseReader.Received received = reader.read();
            Duration latency = Duration.ofNanos(nanoTime.getAsLong() - sent);
            return new Prober.Answer.Response(
                    received.status(), received.headers(), received.body(), received.bodyCut(), latency);
        } catch (ResponseReader.Unreadable e) {
            return e.answer();
        } catch (SSLException e) {
            return new NoResponse(Fault.TLS, "the TLS connection to " + target.host() + " broke");
        } catch (IOException e) {
            return new NoResponse(
                    Fault.TRUNCATED,
                    reader != null && reader.begun()
                            ? "the answer was cut off"
                            : "the connection was closed before an answer came");
        }
    }

    private SSLSocket secured(Socket raw) throws IOException {
        SSLSocket socket =
                (SSLSocket) context().getSocketFactory().createSocket(raw, target.host(), target.port(), false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** A context for this exchange alone: a resumed session would not look at the certificate again. */
    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (NoSuchAlgorithmException | KeyManagementException e) {
            throw new IllegalStateException("This Java has no TLS", e);
        }
    }

    private static NoResponse unconnected(IOException e) {
        String reason = e.getMessage() == null ? "" : e.getMessage();
        return new NoResponse(
                Fault.CONNECT,
                reason.contains("refused") ? "the connection was refused" : "no connection could be made");
    }

    private static String words(Duration timeout) {
        return timeout.toMillis() % 1000 == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
    }

    private static void close(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException ignored) {
            // It is given up either way.
        }
    }

    private enum Phase {
        RESOLVING,
        CONNECTING,
        SECURING,
        ANSWERING
    }
}
