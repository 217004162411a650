package dev.lightkeeper.flow;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What the API server keeps: the status, which goes through JSON and whole seconds, and the revisions. */
final class FakeStore {
    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Instant.class, new WholeSeconds())
                    .addDeserializer(Instant.class, new Moment()));
    private final Digester digester;
    private final Map<String, RevisionRecord> revisions = new TreeMap<>();
    private ServiceDeploymentStatus status =
            JSON.convertValue(Map.of("observedGeneration", -1), ServiceDeploymentStatus.class);
    private BiConsumer<ServiceDeploymentStatus, ServiceDeploymentStatus> onStatus = (before, after) -> {};
    private Runnable afterWrite = () -> {};
    private int conflicts;
    private int writes;
    private int changes;
    private int version;

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

    /** Hears of every status that is written: what stood there, and what stands there now. */
    void onStatus(BiConsumer<ServiceDeploymentStatus, ServiceDeploymentStatus> listener) {
        onStatus = listener;
    }

    /** Called after every change of what is stored. */
    void afterWrite(Runnable call) {
        afterWrite = call;
    }

    /** How often anything was changed. */
    int changes() {
        return changes;
    }

    /** Somebody has edited the object. */
    void edited() {
        version++;
    }

    /** The writes of a run that reads now. */
    Writes open(Outside outside) {
        return new Writes(outside);
    }

    /** As it looks after it was stored and read again. */
    ServiceDeploymentStatus throughJson(ServiceDeploymentStatus value) {
        return JSON.convertValue(value, ServiceDeploymentStatus.class);
    }

    private void put(ServiceDeploymentStatus next) {
        ServiceDeploymentStatus before = status;
        status = next;
        writes++;
        version++;
        changed();
        onStatus.accept(before, next);
    }

    private void changed() {
        changes++;
        afterWrite.run();
    }

    /** What one run writes, as {@code kube.StatusWriter} and {@code kube.RevisionStore} do. */
    final class Writes implements Session {
        private final Outside outside;
        private ServiceDeploymentStatus known = status;
        private int base = version;
        private final Set<RevisionMark> marked = new HashSet<>();

        private Writes(Outside outside) {
            this.outside = outside;
        }

        @Override
        public boolean storeRevision(DesiredState desired, String number, Release release) {
            return outside.call(
                    "create revision",
                    () -> create(new RevisionRecord(
                            number,
                            release.fingerprint(),
                            release.declared(),
                            release.content().digested(digester),
                            release.power(),
                            desired.contractHash(),
                            Contract.of(desired.spec()),
                            JSON.convertValue(Template.of(desired.spec()), Template.class),
                            null,
                            null,
                            null)));
        }

        @Override
        public boolean storeBaseline(DesiredState desired, Plan.Baseline baseline) {
            return outside.call(
                    "create baseline",
                    () -> create(new RevisionRecord(
                            Plan.Baseline.REVISION,
                            baseline.content().fingerprint(baseline.power()),
                            "baseline",
                            baseline.content(),
                            baseline.power(),
                            "readiness",
                            Contract.ofBaseline(desired.spec().readiness()),
                            baseline.awsVersion(),
                            null,
                            null)));
        }

        private boolean create(RevisionRecord wanted) {
            RevisionRecord known = revisions.putIfAbsent(wanted.number(), wanted);
            if (known == null) {
                changed();
            }
            return known == null || known.fingerprint().equals(wanted.fingerprint());
        }

        @Override
        public boolean writeAhead(ServiceDeploymentStatus intended, List<RevisionMark> marks) {
            marks.forEach(this::mark);
            return outside.call("write intent", () -> {
                if (conflicts > 0) {
                    conflicts--;
                    return false;
                }
                return version == base && put(throughJson(intended));
            });
        }

        /** False when somebody else has written since this run has read; an edit of the spec meanwhile is none. */
        boolean write(ServiceDeploymentStatus next) {
            return outside.call("write status", () -> {
                if (next.equals(known)) {
                    return true;
                }
                ServiceDeploymentStatus stored = throughJson(next);
                return stored.equals(known) || (status.equals(known) && put(stored));
            });
        }

        private boolean put(ServiceDeploymentStatus next) {
            FakeStore.this.put(next);
            known = next;
            base = version;
            return true;
        }

        void mark(RevisionMark mark) {
            if (!marked.add(mark)) {
                return;
            }
            outside.call("mark revision", () -> {
                RevisionRecord before = revisions.get(mark.revision());
                RevisionRecord after =
                        revisions.computeIfPresent(mark.revision(), (number, known) -> marked(known, mark));
                if (after != null && !after.equals(before)) {
                    changed();
                }
                return true;
            });
        }
    }

    private static RevisionRecord marked(RevisionRecord known, RevisionMark mark) {
        return new RevisionRecord(
                known.number(),
                known.fingerprint(),
                known.declared(),
                known.content(),
                known.power(),
                mark.contractHash() == null ? known.contractHash() : mark.contractHash(),
                mark.contract() == null ? known.contract() : mark.contract(),
                known.template(),
                mark.awsVersion() == null ? known.awsVersion() : mark.awsVersion(),
                mark.result() == null ? known.result() : mark.result(),
                mark.verifiedTime() == null ? known.verifiedTime() : mark.verifiedTime());
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
            out.writeNumber(value.getEpochSecond());
        }
    }

    private static final class Moment extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        Moment() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Instant.ofEpochSecond(in.getLongValue());
        }
    }
}
