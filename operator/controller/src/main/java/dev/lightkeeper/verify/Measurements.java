package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;

/** Hears of every try and answer, for metrics. Must not block. */
public interface Measurements {
    /** Tells nobody. */
    Measurements NONE = new Measurements() {
        @Override
        public void answered(ResourceIdentity resource, CheckType type, String check, Prober.Answer answer) {}

        @Override
        public void tried(ResourceIdentity resource, CheckType type, TryLedger.Outcome outcome) {}
    };

    /** One request of a check was answered, or not. A try may be several. */
    void answered(ResourceIdentity resource, CheckType type, String check, Prober.Answer answer);

    /** A try of a check has ended; where every host asks itself, of one host that serves. */
    void tried(ResourceIdentity resource, CheckType type, TryLedger.Outcome outcome);
}
