package dev.lightkeeper.simulators.kubernetes;

import dev.lightkeeper.simulators.kubernetes.discovery.Discovery;
import dev.lightkeeper.simulators.kubernetes.discovery.OpenApi;
import dev.lightkeeper.simulators.kubernetes.http.Listener;
import dev.lightkeeper.simulators.kubernetes.resource.BuiltIns;
import dev.lightkeeper.simulators.kubernetes.resource.Kinds;
import dev.lightkeeper.simulators.kubernetes.rest.Resources;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import dev.lightkeeper.simulators.kubernetes.storage.Store;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;

/** A Kubernetes API on loopback, in this process. What is stored lives as long as it does. */
public final class KubernetesApi implements AutoCloseable {
    private final Store store;
    private final Audit audit = new Audit();
    private final Faults faults = new Faults();
    private final String token = HexFormat.of().formatHex(randomBytes());
    private final Listener listener;

    private KubernetesApi(Builder builder) {
        BuiltIns builtIns = BuiltIns.load();
        Kinds kinds = new Kinds(builtIns.kinds());
        store = new Store(builder.history);
        Resources resources = new Resources(kinds, store, builtIns, builder.clock);
        resources.createFirstNamespaces();
        Routes routes =
                new Routes(resources, new Discovery(kinds), new OpenApi(kinds, builtIns.objectMeta()), audit, faults);
        listener = new Listener(builder.port, token, routes::answer);
        // While the caller makes its client: loading what compiles rules takes longer than all the rest of the start.
        var _ = Thread.ofPlatform().daemon().name("cel").start(StructuralSchema::loadCompiler);
    }

    /** How to start one. */
    public static final class Builder {
        private int port;
        private int history = 10_000;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /** The port on 127.0.0.1; 0, the default, for any free one. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** What timestamps and ages are taken from. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** How many changes are kept for watches and lists that look back; beyond them they are told 410. */
        public Builder history(int changes) {
            this.history = changes;
            return this;
        }

        /** Starts listening. */
        public KubernetesApi start() {
            return new KubernetesApi(this);
        }
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** How to start one. */
    public static Builder builder() {
        return new Builder();
    }

    /** Runs one until the process ends. */
    public static void main(String[] args) {
        CommandLine.run(args);
    }

    /** Where it listens, without trailing slash. Clients need the token, too. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + listener.port());
    }

    /** What clients have to send as bearer token. */
    public String token() {
        return token;
    }

    /**
     * A kubeconfig for kubectl and all other clients. kubectl sends no token over plain HTTP, so the token stands in the
     * server's URL as well.
     */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                current-context: embedded
                clusters:
                - name: embedded
                  cluster:
                    server: %s/%s
                users:
                - name: embedded
                  user:
                    token: %s
                contexts:
                - name: embedded
                  context:
                    cluster: embedded
                    user: embedded
                    namespace: default
                """.formatted(url(), token, token);
    }

    /** The latest requests, oldest first; a watch is listed when it begins. */
    public List<AuditEntry> audit() {
        return audit.entries();
    }

    /** Lets requests fail. */
    public Faults faults() {
        return faults;
    }

    @Override
    public void close() {
        faults.close();
        store.close();
        listener.close();
    }
}
