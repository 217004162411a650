package dev.lightkeeper.observe;

import dev.lightkeeper.failure.Failure;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is there.
 *
 * @param deployments the versions that AWS still lists, newest first; looked at only while the answer matters
 * @param storedImages references of the images registered to the service, such as {@code :api.release.7}; looked at only
 *     before a deployment
 * @param pushedImages the same, perhaps some minutes old: only to tell of newer ones
 * @param costs what the service and the account cost
 * @param hosts of a service on EC2, from which the rest of it is made out; not looked at for Lightsail
 */
public record LiveState(
        AccountCheck account,
        Observed<LiveService> service,
        Observed<List<LiveDeployment>> deployments,
        Observed<Set<String>> storedImages,
        Observed<Set<String>> pushedImages,
        Costs costs,
        Observed<LiveHosts> hosts) {
    /** A service that is on no hosts of ours. */
    public LiveState(
            AccountCheck account,
            Observed<LiveService> service,
            Observed<List<LiveDeployment>> deployments,
            Observed<Set<String>> storedImages,
            Observed<Set<String>> pushedImages,
            Costs costs) {
        this(account, service, deployments, storedImages, pushedImages, costs, Observed.notLooked());
    }

    /** A look that did not ask for pushed images. */
    public LiveState(
            AccountCheck account,
            Observed<LiveService> service,
            Observed<List<LiveDeployment>> deployments,
            Observed<Set<String>> storedImages,
            Costs costs) {
        this(account, service, deployments, storedImages, Observed.notLooked(), costs);
    }

    /** A look that did not ask for costs either. */
    public LiveState(
            AccountCheck account,
            Observed<LiveService> service,
            Observed<List<LiveDeployment>> deployments,
            Observed<Set<String>> storedImages) {
        this(account, service, deployments, storedImages, Costs.unknown());
    }

    /**
     * The service, unless it is another one than the pinned.
     *
     * @param arn of the service that is ours, null when none is: then a service of the same name says nothing about us
     */
    public Observed<LiveService> ours(@Nullable String arn) {
        return service instanceof Observed.Present<LiveService>(LiveService found)
                        && !found.arn().equals(arn)
                ? Observed.notLooked()
                : service;
    }

    /** Hosts whose service was not made out yet. */
    public static LiveState ofHosts(AccountCheck account, Observed<LiveHosts> hosts) {
        return new LiveState(
                account,
                Observed.notLooked(),
                Observed.notLooked(),
                Observed.notLooked(),
                Observed.notLooked(),
                Costs.unknown(),
                hosts);
    }

    /** The same with what the hosts are to one another. */
    public LiveState as(Observed<LiveService> made, Observed<List<LiveDeployment>> versions) {
        return new LiveState(account, made, versions, storedImages, pushedImages, costs, hosts);
    }

    /** Nothing was looked at, because nothing may be. */
    public static LiveState notLooked() {
        return new LiveState(
                new AccountCheck.Unavailable(
                        new Failure.Transient("NotLooked", "not looked at in this run", false), null),
                Observed.notLooked(),
                Observed.notLooked(),
                Observed.notLooked());
    }
}
