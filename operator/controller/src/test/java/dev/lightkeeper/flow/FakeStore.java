package dev.lightkeeper.flow;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.desired.Template;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.Plan.RevisionMark;
import dev.lightkeeper.plan.RevisionRecord;
import dev.lightkeeper.reconcile.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What the API server keeps: the status, which goes through JSON and whole seconds, and the revisions. */
final class FakeStore implements Session {
    private final ObjectMapper json = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Instant.class, new WholeSeconds())
                    .addDeserializer(Instant.class, new Moment()));
    private final Digester digester;
    private final Map<String, RevisionRecord> revisions = new TreeMap<>();
    private ServiceDeploymentStatus status = parse("{\"observedGeneration\":-1}");
    private Consumer<ServiceDeploymentStatus> intents = intended -> {};
    private Runnable afterWrite = () -> {};
    private int conflicts;
    private int writes;

    FakeStore(Digester digester) {
        this.digester = digester;
    }

    ServiceDeploymentStatus status() {
        return status;
    }

    List<RevisionRecord> revisions() {
        return List.copyOf(revisions.values());
    }

    RevisionRecord revision(String number) {
        return revisions.get(number);
    }

    /** Writes that changed the status. */
    int writes() {
        return writes;
    }

    /** Somebody else writes before the next intent. */
    void conflictOnce() {
        conflicts++;
    }

    void hearIntents(Consumer<ServiceDeploymentStatus> listener) {
        intents = listener;
    }

    /** Called after every change of what is stored. */
    void afterWrite(Runnable call) {
        afterWrite = call;
    }

    void write(ServiceDeploymentStatus next) {
        ServiceDeploymentStatus stored = throughJson(next);
        if (!stored.equals(status)) {
            status = stored;
            writes++;
            afterWrite.run();
        }
    }

    /** As it looks after it was stored and read again. */
    ServiceDeploymentStatus throughJson(ServiceDeploymentStatus value) {
        try {
            return parse(json.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServiceDeploymentStatus parse(String text) {
        try {
            return json.readValue(text, ServiceDeploymentStatus.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean storeRevision(DesiredState desired, String number, Release release) {
        RevisionRecord known = revisions.get(number);
        if (known != null) {
            return known.fingerprint().equals(release.fingerprint());
        }
        revisions.put(
                number,
                new RevisionRecord(
                        number,
                        release.fingerprint(),
                        release.declared(),
                        release.content().digested(digester),
                        release.power(),
                        desired.contractHash(),
                        Contract.of(desired.spec()),
                        Template.of(desired.spec()),
                        null,
                        null,
                        null));
        afterWrite.run();
        return true;
    }

    @Override
    public boolean storeBaseline(DesiredState desired, Plan.Baseline baseline) {
        if (revisions.putIfAbsent(
                        Plan.Baseline.REVISION,
                        new RevisionRecord(
                                Plan.Baseline.REVISION,
                                baseline.content().fingerprint(baseline.power()),
                                "baseline",
                                baseline.content(),
                                baseline.power(),
                                "readiness",
                                Contract.ofBaseline(desired.spec().readiness()),
                                baseline.awsVersion(),
                                null,
                                null))
                == null) {
            afterWrite.run();
        }
        return true;
    }

    @Override
    public boolean writeAhead(ServiceDeploymentStatus intended) {
        if (conflicts > 0) {
            conflicts--;
            return false;
        }
        ServiceDeploymentStatus stored = throughJson(intended);
        status = stored;
        writes++;
        intents.accept(stored);
        afterWrite.run();
        return true;
    }

    void mark(RevisionMark mark) {
        revisions.computeIfPresent(
                mark.revision(),
                (number, known) -> new RevisionRecord(
                        number,
                        known.fingerprint(),
                        known.declared(),
                        known.content(),
                        known.power(),
                        mark.contractHash() == null ? known.contractHash() : mark.contractHash(),
                        mark.contract() == null ? known.contract() : mark.contract(),
                        known.template(),
                        mark.awsVersion() == null ? known.awsVersion() : mark.awsVersion(),
                        mark.result() == null ? known.result() : mark.result(),
                        mark.verifiedTime() == null ? known.verifiedTime() : mark.verifiedTime()));
        afterWrite.run();
    }

    List<RevisionRecord.Result> results() {
        List<RevisionRecord.Result> results = new ArrayList<>();
        revisions.values().forEach(revision -> results.add(revision.result()));
        return results;
    }

    private static final class WholeSeconds extends StdSerializer<Instant> {
        private static final long serialVersionUID = 1L;

        WholeSeconds() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.truncatedTo(ChronoUnit.SECONDS).toString());
        }
    }

    private static final class Moment extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        Moment() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Instant.parse(in.getValueAsString());
        }
    }
}
