package dev.lightkeeper.api.v1alpha1;

/** The course of a roll over hosts. */
public enum RollPhase {
    /** All hosts are asked whether the release could run there; nothing is changed. */
    Preflight,
    /** The release is brought to all hosts; what runs is not touched. */
    Preparing,
    /** Host after host is switched over, each proved before the next. */
    Rolling,
    /** One host failed; those that were switched over get back what they ran before. */
    TakingBack,
    /** It ended without effect; what ran before runs. */
    Failed,
    /** It was given up before a host was switched over, since a newer release is declared; what ran before runs. */
    Superseded,
    /** All hosts run it. */
    Live
}
