package dev.lightkeeper.verify;

import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.ProbeSite;

/**
 * What a run judges by.
 *
 * @param serving with the contract of what serves
 * @param proof with the contract that hosts which a roll has changed are proved by; the same where there is no such roll
 */
public record Contracts(DesiredState serving, DesiredState proof) {
    /**
     * Chooses among the contracts of the two revisions that may be on hosts during a roll. Where hosts cannot be asked one by
     * one, and no revision serves on all of them, what answers is judged by the roll's.
     *
     * @param serving with the contract of the revision that serves
     * @param rolled with that of the revision that is rolled
     * @param rolls whether one is
     */
    public static Contracts of(DesiredState serving, DesiredState rolled, boolean rolls) {
        DesiredState judged = provesHosts(serving) || !rolls ? serving : rolled;
        return new Contracts(judged, provesHosts(rolled) ? rolled : judged);
    }

    private static boolean provesHosts(DesiredState desired) {
        return new ProbeSite(desired.spec()).provesHosts();
    }
}
