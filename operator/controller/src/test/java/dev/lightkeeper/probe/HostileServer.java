package dev.lightkeeper.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server on loopback that answers each connection as badly as it is told to. */
final class HostileServer implements AutoCloseable {
    private final ServerSocket listener;
    private final @Nullable SSLContext tls;
    private final Behaviour behaviour;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong written = new AtomicLong();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    HostileServer(@Nullable SSLContext tls, Behaviour behaviour) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        this.tls = tls;
        this.behaviour = behaviour;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /** Reads the request, then sends {@code answer} and closes. */
    static HostileServer saying(String answer) throws IOException {
        return new HostileServer(null, connection -> connection.send(answer));
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    long written() {
        return written.get();
    }

    List<String> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
    }

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket raw) {
        try (raw) {
            Socket socket = raw;
            if (tls != null) {
                SSLSocket secured =
                        (SSLSocket) tls.getSocketFactory().createSocket(raw, "client", raw.getPort(), false);
                secured.setUseClientMode(false);
                secured.startHandshake();
                socket = secured;
            }
            behaviour.serve(new Connection(socket));
            if (socket instanceof SSLSocket secured) {
                secured.close();
            }
        } catch (IOException e) {
            // The prober has hung up, as it should.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    interface Behaviour {
        void serve(Connection connection) throws IOException, InterruptedException;
    }

    final class Connection {
        private final Socket socket;

        private Connection(Socket socket) {
            this.socket = socket;
        }

        Socket socket() {
            return socket;
        }

        void readRequest() throws IOException {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                head.write(next);
            }
            requests.add(head.toString(StandardCharsets.UTF_8));
        }

        /** Reads the request first: closing with unread bytes would reset the connection. */
        void send(String answer) throws IOException {
            readRequest();
            write(answer);
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
            written.addAndGet(bytes.length);
        }

        /** Goes on until the other side has enough. */
        void writeForever(String text) throws IOException {
            byte[] bytes = text.repeat(Math.max(1, 8192 / text.length())).getBytes(StandardCharsets.ISO_8859_1);
            while (closed.getCount() > 0) {
                write(bytes);
            }
        }

        /** One byte every 20 ms. */
        void dripForever(String text) throws IOException, InterruptedException {
            for (int i = 0; !pause(20); i++) {
                write(String.valueOf(text.charAt(i % text.length())));
            }
        }

        void hang() throws InterruptedException {
            closed.await();
        }

        private boolean pause(long millis) throws InterruptedException {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        }
    }
}
