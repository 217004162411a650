package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import org.jspecify.annotations.Nullable;

/**
 * A declared check that asks over HTTP.
 *
 * @param definition changes with everything that decides what is asked and expected
 * @param subject what is asked, in words
 * @param obstacle why it cannot be asked, null when it can
 */
record HttpCheck(
        CheckType type,
        String name,
        Enforcement enforcement,
        String definition,
        String subject,
        Probe probe,
        @Nullable String obstacle) {
    TryLedger.Key key(String uid, @Nullable Long version) {
        return new TryLedger.Key(uid, qualifiedName(), definition, version);
    }

    /** Of all checks of a resource this one only. */
    String qualifiedName() {
        return type + "/" + name;
    }

    String message(Judgement judgement) {
        return switch (judgement) {
            case Judgement.Passed _ -> subject + " answers as expected";
            case Judgement.Missed missed -> "%s: %s".formatted(subject, missed.message());
            case Judgement.Unclear unclear -> "%s: %s".formatted(subject, unclear.message());
        };
    }
}
