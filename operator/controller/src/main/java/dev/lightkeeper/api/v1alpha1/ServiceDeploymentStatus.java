package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What readers see. Written whole by one writer, never edited; a null or empty member is left out of the wire
 * form. The server refuses a status that breaks a bound, so the writer clamps.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceDeploymentStatus(
        @JsonPropertyDescription(
                "The newest generation of the spec that this status tells about; -1 until it was seen at all.")
        @Min(-1)
        @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Ready first; Reconciling and Stalled only while true.")
        @Size(max = 32)
        @MapList("type")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Condition> conditions,

        @JsonPropertyDescription("The public address of the service.") @Size(max = 1024) @Nullable
        String url,

        @JsonPropertyDescription("Image and scale in the short form of kubectl get.") @Nullable
        Summary summary,

        @JsonPropertyDescription("How many replicas are live, as AWS tells.")
        @Min(0)
        @Max(100)
        @StatusReplicas
        @Nullable
        Integer replicas,

        @JsonPropertyDescription("EC2 only: how many hosts are verified. Lightsail does not tell.")
        @Min(0)
        @Max(100)
        @Nullable
        Integer readyReplicas,

        @JsonPropertyDescription("The effective revision: the one that is kept live and probed.")
        @Size(max = 63)
        @Nullable
        String currentRevision,

        @JsonPropertyDescription("The revision of the spec.") @Size(max = 63) @Nullable
        String updateRevision,

        @JsonPropertyDescription("The newest revision that was verified and whose bake ended.")
        @Size(max = 63)
        @Nullable
        String lastVerifiedRevision,

        @JsonPropertyDescription(
                "The revision that failed or was held, until the spec changes or a retry is requested.")
        @Nullable
        FailedRevision failed,

        @JsonPropertyDescription("Where the service is; pinned at first contact.") @Nullable
        TargetStatus target,

        @JsonPropertyDescription("What Lightsail tells about the live service.") @Nullable
        LightsailStatus lightsail,

        @JsonPropertyDescription("What runs on EC2 hosts.") @Nullable
        Ec2Status ec2,

        @JsonPropertyDescription("EC2 only: the hosts.")
        @Size(max = 50)
        @MapList("instanceId")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<HostStatus> hosts,

        @JsonPropertyDescription("A deployment that somebody else made.") @Nullable
        ForeignDeployment foreign,

        @JsonPropertyDescription("The rollout that is running.") @Nullable
        RolloutStatus rollout,

        @JsonPropertyDescription("The mutation of AWS that was intended and whose "
                + "outcome is not recorded yet; written before the call.")
        @Nullable
        OperationStatus operation,

        @JsonPropertyDescription("The last automatic deployments, oldest first; ten within 24 hours stop them.")
        @Size(max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<AutomaticAct> automaticActs,

        @JsonPropertyDescription("Every check of readiness and verification with its last verdict.")
        @Size(max = 100)
        @MapList({"type", "name"})
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<CheckStatus> checks,

        @JsonPropertyDescription(
                "One entry per declared revision, newest first. Rollbacks, repairs and restarts make none.")
        @Size(max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<HistoryEntry> history,

        @JsonPropertyDescription("What would be done, in words, while nothing may be done.")
        @Size(max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 512) String> plan,

        @JsonPropertyDescription(
                "The value that the annotation lightkeeper.dev/accept-plan must have to accept the plan.")
        @Size(max = 128)
        @Nullable
        String planHash,

        @JsonPropertyDescription("List price of power times scale in US dollars per month, without traffic.")
        @Size(max = 32)
        @Nullable
        String estimatedMonthlyCostUsd,

        @JsonPropertyDescription("Annotations that trigger something and the value of each that was handled last.")
        @Size(max = 16)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, @Size(max = 512) String> handled) {

    public ServiceDeploymentStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
        automaticActs = automaticActs == null ? List.of() : List.copyOf(automaticActs);
        checks = checks == null ? List.of() : List.copyOf(checks);
        history = history == null ? List.of() : List.copyOf(history);
        plan = plan == null ? List.of() : List.copyOf(plan);
        handled = handled == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(handled));
    }
}
