package dev.lightkeeper.kube;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.lightkeeper.api.v1alpha1.Readiness;
import dev.lightkeeper.desired.Canonical;
import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.DigestedContent;
import dev.lightkeeper.desired.Template;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.Plan.RevisionMark;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a revision. The names of the members are a stored format: renaming one needs another
 * {@code formatVersion}. Ordinary viewers may read it, so it holds a keyed digest for each variable, and of values only
 * those that stand in the manifest.
 */
record RevisionData(
        int formatVersion,
        String fingerprint,
        @Nullable String declared,
        String power,
        DigestedContent template,
        String contractHash,
        Contract contract,
        @Nullable Template declaration) {
    static final String AWS_VERSION = "lightkeeper.dev/aws-version";
    static final String RESULT = "lightkeeper.dev/result";
    static final String VERIFIED_AT = "lightkeeper.dev/verified-at";
    static final String VERIFIED_BY = "lightkeeper.dev/verified-by-contract";
    static final String VERIFIED_CONTRACT = "lightkeeper.dev/verified-contract";

    /** The annotations of an object may take 256 KiB in all. */
    private static final int LONGEST_CONTRACT = 200_000;

    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);

    static RevisionData of(DesiredState desired, Release release) {
        return new RevisionData(
                FORMAT,
                release.fingerprint(),
                release.declared(),
                release.power(),
                release.digested(),
                desired.contractHash(),
                Contract.of(desired.spec()),
                Template.of(desired.spec()));
    }

    static RevisionData baseline(@Nullable Readiness readiness, Plan.Baseline baseline) {
        return new RevisionData(
                FORMAT,
                baseline.content().fingerprint(baseline.power()),
                null,
                baseline.power(),
                baseline.content(),
                Canonical.hash(readiness),
                Contract.ofBaseline(readiness),
                null);
    }

    /** As {@code ControllerRevision.data}. */
    Map<String, Object> toData() {
        return JSON.convertValue(this, new TypeReference<Map<String, Object>>() {});
    }

    /**
     * Reads {@code ControllerRevision.data}.
     *
     * @throws IllegalArgumentException when it is of a format that this version does not know
     */
    static RevisionData from(@Nullable Object data) {
        RevisionData read = data == null ? null : JSON.convertValue(data, RevisionData.class);
        if (read == null
                || read.formatVersion() != FORMAT
                || read.template() == null
                || read.fingerprint() == null
                || read.contract() == null
                || read.contractHash() == null) {
            throw new IllegalArgumentException("not revision data of format " + FORMAT);
        }
        return read;
    }

    RevisionRecord record(String number, @Nullable Map<String, String> annotations) {
        Map<String, String> marks = annotations == null ? Map.of() : annotations;
        return new RevisionRecord(
                number,
                fingerprint,
                declared == null ? fingerprint : declared,
                template,
                power,
                marks.getOrDefault(VERIFIED_BY, contractHash),
                Objects.requireNonNullElse(parse(marks.get(VERIFIED_CONTRACT), RevisionData::contract), contract),
                declaration,
                parse(marks.get(AWS_VERSION), Long::valueOf),
                parse(marks.get(RESULT), RevisionRecord.Result::valueOf),
                parse(marks.get(VERIFIED_AT), Instant::parse));
    }

    private static Contract contract(String json) {
        try {
            return JSON.readValue(json, Contract.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a contract", e);
        }
    }

    private static String json(Contract contract) {
        try {
            return JSON.writeValueAsString(contract);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a contract is plain data", e);
        }
    }

    /** People may edit annotations: what cannot be read is unknown. */
    private static <T> @Nullable T parse(@Nullable String text, Function<String, T> parser) {
        try {
            return text == null ? null : parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    static String annotationPatch(RevisionMark mark) {
        ObjectNode patch = JSON.createObjectNode();
        ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
        if (mark.awsVersion() != null) {
            annotations.put(AWS_VERSION, mark.awsVersion().toString());
        }
        if (mark.result() != null) {
            annotations.put(RESULT, mark.result().name());
        }
        if (mark.verifiedTime() != null) {
            annotations.put(VERIFIED_AT, mark.verifiedTime().toString());
        }
        if (mark.contractHash() != null) {
            annotations.put(VERIFIED_BY, mark.contractHash());
        }
        if (mark.contract() != null) {
            String contract = json(mark.contract());
            // One that is too long for an annotation is not brought back: then the stored one judges.
            annotations.put(VERIFIED_CONTRACT, contract.length() > LONGEST_CONTRACT ? null : contract);
        }
        return patch.toString();
    }
}
