package dev.lightkeeper.status;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.RevisionRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether there is a revision to go back to, as far as that can be seen; Unknown where nothing new can be said. */
record RollbackTarget(ConditionStatus status, Reason reason, String message) {
    static RollbackTarget of(History history, LiveState live, Memory memory) {
        String number = memory.lastVerifiedRevision();
        return number == null
                ? new RollbackTarget(
                        ConditionStatus.False, Reason.NoVerifiedRevision, "no revision is verified and baked yet")
                : history.byNumber(number)
                        .map(record -> of(record, live))
                        .orElseGet(() -> unknown(number, "its record was not read"));
    }

    private static RollbackTarget of(RevisionRecord record, LiveState live) {
        Map<Boolean, List<String>> images = record.content().images().stream()
                .distinct()
                .collect(Collectors.partitioningBy(image -> image.startsWith(":")));
        List<String> stored = images.getOrDefault(true, List.of());
        if (!stored.isEmpty()) {
            if (!(live.pushedImages() instanceof Observed.Present<Set<String>>(Set<String> pushed))) {
                return unknown(record.number(), "the images stored at Lightsail were not listed yet");
            }
            List<String> missing =
                    stored.stream().filter(image -> !pushed.contains(image)).toList();
            if (!missing.isEmpty()) {
                return new RollbackTarget(
                        ConditionStatus.False,
                        Reason.ImageMissing,
                        "image %s of revision %s is no longer stored at Lightsail, so nothing can be taken back to it; the next release that is verified takes its place"
                                .formatted(String.join(", ", missing), record.number()));
            }
        }
        List<String> elsewhere = images.getOrDefault(false, List.of());
        return new RollbackTarget(
                ConditionStatus.True,
                Reason.VerifiedRevisionKept,
                "revision %s is verified and kept%s"
                        .formatted(
                                record.number(),
                                elsewhere.isEmpty()
                                        ? ""
                                        : "; whether %s can still be pulled cannot be checked"
                                                .formatted(String.join(", ", elsewhere))));
    }

    private static RollbackTarget unknown(String number, String why) {
        return new RollbackTarget(
                ConditionStatus.Unknown,
                Reason.NotObserved,
                "revision %s is verified and kept; %s".formatted(number, why));
    }
}
