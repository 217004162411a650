package dev.lightkeeper.flow;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A case of the catalogue: how a release behaves and what has to come of it, as the first deployment of a service and as
 * the update of a verified one.
 *
 * @param section heading
 * @param title what is wrong or odd about it
 * @param story how it goes
 * @param first what has to come of it as the first deployment, empty where it cannot be that
 * @param update what has to come of it as an update, empty where it cannot be that
 */
public record ReleaseCase(
        String section, String title, Consumer<Trial> story, Optional<Expected> first, Optional<Expected> update) {
    private static final List<String> NOTHING = List.of();
    static final List<String> OLD = List.of(Manifest.IMAGE);
    static final List<String> NEW = List.of(Trial.NEW);

    /**
     * What has to come of it.
     *
     * @param told the first reason that is complained with, empty where nobody may be alarmed
     * @param conditions at the end, as {@link Measured#conditions()}
     * @param serving images at the end
     * @param takenBack whether a rollback has to be ordered
     * @param naming what the message at the end has to name
     */
    public record Expected(String told, String conditions, List<String> serving, boolean takenBack, String naming) {
        Expected serving(List<String> images) {
            return new Expected(told, conditions, images, takenBack, naming);
        }

        /** Nothing of it is Available. */
        Expected down() {
            return new Expected(
                    told, conditions.substring(0, conditions.length() - 1) + "F", serving, takenBack, naming);
        }
    }

    static ReleaseCase titled(String title, Consumer<Trial> story) {
        return new ReleaseCase("", title, story, Optional.empty(), Optional.empty());
    }

    ReleaseCase in(String heading) {
        return new ReleaseCase(heading, title, story, first, update);
    }

    ReleaseCase first(Expected expected) {
        return new ReleaseCase(section, title, story, Optional.of(expected), update);
    }

    ReleaseCase update(Expected expected) {
        return new ReleaseCase(section, title, story, first, Optional.of(expected));
    }

    ReleaseCase both(Expected expected) {
        return first(expected).update(expected);
    }

    /** It is known bad before it serves; what served before serves on. */
    ReleaseCase invalid(Reason reason, String naming) {
        return first(invalid(reason, "F", NOTHING, naming)).update(invalid(reason, "T", OLD, naming));
    }

    /** It cannot be deployed, for a cause that is not its own; what served before serves on. */
    ReleaseCase blocked(Reason reason, Reason ready, String availableAtFirst, String naming) {
        return first(blocked(reason, ready, availableAtFirst, NOTHING, naming))
                .update(blocked(reason, ready, "T", OLD, naming));
    }

    /** It fails its checks in its rollout or bake: it is taken back where there is something to go back to. */
    ReleaseCase failing(Reason told, String naming) {
        return first(stays(told, Reason.NoRollbackTarget, naming)).update(takenBack(told, naming));
    }

    static Expected invalid(Reason reason, String available, List<String> serving, String naming) {
        return new Expected(
                reason.name(),
                "F %1$s | – | T %1$s | T %1$s | %2$s".formatted(reason, available),
                serving,
                false,
                naming);
    }

    static Expected blocked(Reason reason, Reason ready, String available, List<String> serving, String naming) {
        return new Expected(
                reason.name(), "F %s | – | T %s | F | %s".formatted(ready, reason, available), serving, false, naming);
    }

    static Expected takenBack(Reason told, String naming) {
        return new Expected(told.name(), "F RolledBack | – | T RolledBack | T RolledBack | T", OLD, true, naming);
    }

    /** It stays live, and a person has to look. */
    static Expected stays(Reason told, Reason stalled, String naming) {
        boolean down = told == Reason.ReadinessFailed || stalled == Reason.RollbackWithheld;
        return new Expected(
                told.name(),
                "F %1$s | – | T %1$s | T %1$s | %2$s".formatted(stalled, down ? "F" : "T"),
                NEW,
                false,
                naming);
    }

    /** It was brought back, or not even that, and nothing further is tried. */
    static Expected rollbackFailed(Reason told, List<String> serving, String naming) {
        return new Expected(
                told.name(), "F RollbackFailed | – | T RollbackFailed | T RollbackFailed | F", serving, true, naming);
    }

    /** Nobody can say whether it is good. */
    static Expected undecided(Reason reason, List<String> serving, String available, String naming) {
        return new Expected(
                reason.name(), "U %1$s | – | T %1$s | F | %2$s".formatted(reason, available), serving, false, naming);
    }

    /** It was verified and is bad now: a person has to look. */
    static Expected degraded(Reason reason, String available, String naming) {
        return new Expected(
                reason.name(), "F %1$s | – | – | T %1$s | %2$s".formatted(reason, available), NEW, false, naming);
    }

    /** Somebody else did something that is told and left. */
    static Expected left(Reason reason, List<String> serving, String naming) {
        return new Expected(
                reason.name(), "F %1$s | – | T %1$s | T %1$s | F".formatted(reason), serving, false, naming);
    }

    /** In the end all is well. */
    static Expected verified(String told) {
        return new Expected(told, "T Verified | – | – | F | T", NEW, false, "is live and verified");
    }

    /** Played once. */
    public Measured play(boolean asUpdate) {
        Trial trial = new Trial(asUpdate);
        story.accept(trial);
        return trial.measure();
    }

    @Override
    public String toString() {
        return section + ": " + title;
    }
}
