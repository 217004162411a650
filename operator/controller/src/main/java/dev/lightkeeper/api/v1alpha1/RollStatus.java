package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The roll over hosts that is under way, or the last one. It plays the part that a deployment plays at Lightsail, and its
 * number that of the deployment's version.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RollStatus(
        @JsonPropertyDescription("Counts the rolls of this resource, from 1.") @Required @Min(1)
        Long number,

        @JsonPropertyDescription("The revision that it brings to the hosts.") @Required @Size(min = 1, max = 63)
        String revision,

        @JsonPropertyDescription("Why it was begun; null for a value that this version does not know.") @Nullable
        RollKind kind,

        @JsonPropertyDescription("Where it stands; null for a value that this version does not know.") @Nullable
        RollPhase phase,

        @JsonPropertyDescription("When it was begun.") @Nullable
        Instant startedTime,

        @JsonPropertyDescription("When a host was last changed: what was seen before tells nothing of it.") @Nullable
        Instant changedTime,

        @JsonPropertyDescription("The roll whose revision ran before, absent before the first.") @Min(1) @Nullable
        Long servingNumber,

        @JsonPropertyDescription("The revision that ran before, absent before the first.") @Size(max = 63) @Nullable
        String servingRevision,

        @JsonPropertyDescription("How many commands were sent for it.") @Min(0) @Nullable
        Integer commands,

        @JsonPropertyDescription("Why it failed, or what is in its way.") @Size(max = 512) @Nullable
        String message,

        @JsonPropertyDescription("Why it stands still, absent while nothing is in its way.") @Nullable
        RollObstacle obstacle,

        @JsonPropertyDescription("The command whose results are not known yet.") @Nullable
        HostCommandStatus command) {
    /** Whether it has not ended, well or not. */
    public boolean goesOn() {
        return phase != RollPhase.Live && phase != RollPhase.Failed && phase != RollPhase.Superseded;
    }

    /** The same roll in another phase, with nothing outstanding and nothing in its way. */
    public RollStatus in(RollPhase next, @Nullable String why) {
        return with(next, changedTime, commands, why, null, null);
    }

    /** The same roll with this command outstanding, or with none. */
    public RollStatus with(@Nullable HostCommandStatus outstanding) {
        return with(phase, changedTime, commands, message, obstacle, outstanding);
    }

    /** The same roll, about to send one more command. */
    public RollStatus sending(HostCommandStatus next) {
        return with(phase, changedTime, sent() + 1, message, obstacle, next);
    }

    /** The same roll after hosts were changed, or may have been. */
    public RollStatus changed(Instant at) {
        return with(phase, at, commands, message, obstacle, command);
    }

    /** The same roll, standing still because of this until then, or not any more. */
    public RollStatus standing(@Nullable String why, @Nullable RollObstacle until) {
        return with(phase, changedTime, commands, why, until, command);
    }

    private RollStatus with(
            @Nullable RollPhase reached,
            @Nullable Instant changedAt,
            @Nullable Integer sentCommands,
            @Nullable String why,
            @Nullable RollObstacle until,
            @Nullable HostCommandStatus outstanding) {
        return new RollStatus(
                number,
                revision,
                kind,
                reached,
                startedTime,
                changedAt,
                servingNumber,
                servingRevision,
                sentCommands,
                why,
                until,
                outstanding);
    }

    /** How many commands were sent for it. */
    public int sent() {
        return commands == null ? 0 : commands;
    }

    /** Whether hosts that run the revision already get it anew. */
    public boolean restarts() {
        return kind == RollKind.Deploy && revision.equals(servingRevision);
    }

    /** Whether it mends hosts that differ from what was verified, and is under way. */
    public boolean repairs() {
        return goesOn() && kind == RollKind.Repair && revision.equals(servingRevision);
    }

    /** The number of the roll whose revision runs, null while none was ever live. */
    public @Nullable Long liveNumber() {
        return phase == RollPhase.Live && kind != RollKind.Scale ? number : servingNumber;
    }

    /** The revision that runs, null while none was ever live. */
    public @Nullable String liveRevision() {
        return phase == RollPhase.Live ? revision : servingRevision;
    }
}
