package dev.lightkeeper.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lightkeeper.status.Notice;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes Events, as {@code core/v1}: {@code kubectl describe} and {@code kubectl get events} sort by
 * lastTimestamp, which {@code events.k8s.io/v1} forbids to set, so that its events stand there in no order.
 */
public final class EventRecorder {
    private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);
    private static final String CONTROLLER = "lightkeeper.dev/operator";
    private static final String COMPONENT = "lightkeeper";
    private static final String NAMESPACE_OF_CLUSTER_SCOPED = "default";
    private static final int NOTE_LIMIT = 1024;
    private static final int INSTANCE_LIMIT = 128;
    private static final int NAME_PREFIX_LIMIT = 200;

    private final KubernetesClient client;
    private final String instance;

    /** Events in the name of {@code instance}, the pod. */
    public EventRecorder(KubernetesClient client, String instance) {
        this.client = client;
        this.instance = cut(instance, INSTANCE_LIMIT);
    }

    /**
     * Records what a run has to tell. A failure is logged and nothing else: status says the same.
     *
     * @param at of the run: the same notice of the same run gets the same name and is stored once
     */
    public void record(HasMetadata regarding, List<Notice> notices, Instant at) {
        for (Notice notice : notices) {
            try {
                Event event = build(regarding, notice, at);
                Event _ = client.v1()
                        .events()
                        .inNamespace(event.getMetadata().getNamespace())
                        .resource(event)
                        .create();
            } catch (KubernetesClientException e) {
                if (e.getCode() != 409) {
                    log.warn(
                            "event {} for {} could not be written: {}",
                            notice.reason(),
                            regarding.getMetadata().getName(),
                            ApiFailures.of(e, "create events").message());
                }
            }
        }
    }

    private Event build(HasMetadata regarding, Notice notice, Instant at) {
        String namespace = regarding.getMetadata().getNamespace();
        String time = at.truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withName(name(regarding, notice, at))
                .withNamespace(namespace == null ? NAMESPACE_OF_CLUSTER_SCOPED : namespace)
                .endMetadata()
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .withType(notice.warning() ? "Warning" : "Normal")
                .withReason(notice.reason().name())
                .withMessage(cut(notice.message(), NOTE_LIMIT))
                .withNewSource()
                .withComponent(COMPONENT)
                .withHost(instance)
                .endSource()
                .withReportingComponent(CONTROLLER)
                .withReportingInstance(instance)
                .withNewInvolvedObject()
                .withApiVersion(regarding.getApiVersion())
                .withKind(regarding.getKind())
                .withName(regarding.getMetadata().getName())
                .withNamespace(namespace)
                .withUid(regarding.getMetadata().getUid())
                .withResourceVersion(regarding.getMetadata().getResourceVersion())
                .endInvolvedObject()
                .build();
    }

    private static String name(HasMetadata regarding, Notice notice, Instant at) {
        String identity = String.join(
                "\n", regarding.getMetadata().getUid(), notice.reason().name(), notice.message(), at.toString());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(UTF_8));
            String prefix = regarding.getMetadata().getName();
            return prefix.substring(0, Math.min(prefix.length(), NAME_PREFIX_LIMIT))
                            .replaceAll("[.-]+$", "")
                    + "."
                    + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The server counts bytes here. */
    private static String cut(String text, int bytes) {
        if (text.getBytes(UTF_8).length <= bytes) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int used = 0;
        for (int point : text.codePoints().toArray()) {
            used += Character.toString(point).getBytes(UTF_8).length;
            if (used > bytes) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return kept.toString();
    }
}
