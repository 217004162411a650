package dev.lightkeeper.lightsail;

import dev.lightkeeper.api.v1alpha1.AwsAccountSpec;
import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.CallLimits;
import dev.lightkeeper.aws.FleetCache;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Costs;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Ownership;
import dev.lightkeeper.plan.Timings;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the container services of an account cost: all that carry this cluster's tag, in all regions that the account
 * allows, disabled and released ones too, since AWS bills them alike. An increase counts from the moment it is asked for,
 * so that two at the same time cannot both take what is left of a limit.
 */
public final class Bills {
    private static final Duration PRICES_LIVE = Duration.ofDays(1);

    private final FleetCache<LiveService> fleets;
    private final FleetCache<BigDecimal> prices;
    private final String clusterUid;
    private final Duration effectVisible;
    private final Clock clock;
    /** Capacity that was asked for and that lists may not show yet. */
    private final List<Asked> asked = new ArrayList<>();

    /** Remembers nothing but a few minutes of its own increases. */
    public Bills(
            Accounts accounts,
            Digester digester,
            String clusterUid,
            CallLimits limits,
            Timings timings,
            Clock clock,
            RandomGenerator random) {
        LightsailReads reads = new LightsailReads(accounts, digester);
        this.fleets = new FleetCache<>(reads, limits, timings, clock, random);
        this.prices = new FleetCache<>(reads::prices, PRICES_LIVE, limits, timings, clock, random);
        this.clusterUid = clusterUid;
        this.effectVisible = timings.effectVisible();
        this.clock = clock;
    }

    private record Place(String accountId, String region, String service) {}

    private record Asked(Place place, String power, int scale, Instant at) {}

    private record RegionBill(String region, FleetCache.Fleet.Listed<LiveService> fleet, Costs prices) {}

    /** The lists that the sums are made of, for everybody who looks at services. */
    FleetCache<LiveService> fleets() {
        return fleets;
    }

    /** For one service. */
    Costs costs(Admission.Granted granted, String service) {
        Observed<Map<String, BigDecimal>> known =
                prices(granted.session(), granted.check().region());
        Integer limit = limit(granted.account());
        return new Costs(
                known,
                limit,
                limit == null
                        ? Observed.notLooked()
                        : total(granted.session(), granted.account(), place(granted, service)));
    }

    /** For the whole account; Absent when AWS names no price for one of the services. */
    public Observed<BigDecimal> total(AccountSession session, AwsAccountSpec account) {
        return total(session, account, null);
    }

    /** Counts a capacity that is about to be asked for, unless the account's limit leaves no room for it. */
    boolean take(Admission.Granted granted, String service, String power, int scale) {
        Integer limit = limit(granted.account());
        if (limit == null) {
            return true;
        }
        Place place = place(granted, service);
        Observed<List<RegionBill>> bills = read(granted.session(), granted.account());
        Optional<BigDecimal> cost =
                new Costs(prices(granted.session(), place.region()), limit, Observed.notLooked()).monthly(power, scale);
        synchronized (asked) {
            boolean fits = cost.isPresent()
                    && sum(bills, place.accountId(), place) instanceof Observed.Present<BigDecimal>(BigDecimal others)
                    && sum(bills, place.accountId(), null) instanceof Observed.Present<BigDecimal>(BigDecimal now)
                    && others.add(cost.get()).compareTo(now.max(BigDecimal.valueOf(limit))) <= 0;
            if (fits) {
                asked.add(new Asked(place, power, scale, clock.instant()));
            }
            return fits;
        }
    }

    /** AWS refused what was taken last for the service; what it accepted before still counts. */
    void giveBack(Admission.Granted granted, String service) {
        Place place = place(granted, service);
        synchronized (asked) {
            asked.reversed().stream()
                    .filter(young -> young.place().equals(place))
                    .findFirst()
                    .ifPresent(asked::remove);
        }
    }

    private static @Nullable Integer limit(AwsAccountSpec account) {
        return account.spending() == null ? null : account.spending().maxMonthlyUsd();
    }

    private static Place place(Admission.Granted granted, String service) {
        return new Place(granted.account().accountId(), granted.check().region(), service);
    }

    private Observed<BigDecimal> total(AccountSession session, AwsAccountSpec account, @Nullable Place without) {
        Observed<List<RegionBill>> bills = read(session, account);
        synchronized (asked) {
            return sum(bills, account.accountId(), without);
        }
    }

    private Observed<Map<String, BigDecimal>> prices(AccountSession session, String region) {
        return switch (prices.fleet(session, region)) {
            case FleetCache.Fleet.Unlisted<BigDecimal>(Failure failure) -> new Observed.Unknown<>(failure);
            case FleetCache.Fleet.Listed<BigDecimal> listed -> {
                Map<String, BigDecimal> known = new HashMap<>();
                listed.services().forEach((power, price) -> {
                    if (price instanceof Observed.Present<BigDecimal>(BigDecimal usd)) {
                        known.put(power, usd);
                    }
                });
                yield new Observed.Present<>(known);
            }
        };
    }

    private Observed<List<RegionBill>> read(AccountSession session, AwsAccountSpec account) {
        List<RegionBill> bills = new ArrayList<>();
        for (String region : account.allowedRegions()) {
            switch (fleets.fleet(session, region)) {
                case FleetCache.Fleet.Unlisted<LiveService>(Failure failure) -> {
                    return new Observed.Unknown<>(failure);
                }
                case FleetCache.Fleet.Listed<LiveService> listed -> {
                    Observed<Map<String, BigDecimal>> known = prices(session, region);
                    if (known instanceof Observed.Unknown<Map<String, BigDecimal>>(Failure failure)) {
                        return new Observed.Unknown<>(failure);
                    }
                    bills.add(new RegionBill(region, listed, new Costs(known, null, Observed.notLooked())));
                }
            }
        }
        return new Observed.Present<>(bills);
    }

    /** Called with {@link #asked} locked. */
    private Observed<BigDecimal> sum(Observed<List<RegionBill>> bills, String accountId, @Nullable Place without) {
        if (!(bills instanceof Observed.Present<List<RegionBill>>(List<RegionBill> regions))) {
            return bills instanceof Observed.Unknown<List<RegionBill>>(Failure failure)
                    ? new Observed.Unknown<>(failure)
                    : new Observed.Absent<>();
        }
        BigDecimal sum = Costs.cents(BigDecimal.ZERO);
        for (RegionBill bill : regions) {
            asked.removeIf(young -> young.place().accountId().equals(accountId)
                    && young.place().region().equals(bill.region())
                    && bill.fleet().readAt().isAfter(young.at().plus(effectVisible)));
            Set<Place> places = asked.stream().map(Asked::place).collect(Collectors.toCollection(HashSet::new));
            bill.fleet().services().keySet().forEach(name -> places.add(new Place(accountId, bill.region(), name)));
            for (Place place : places) {
                if (place.equals(without)
                        || !place.accountId().equals(accountId)
                        || !place.region().equals(bill.region())) {
                    continue;
                }
                Observed<BigDecimal> cost = cost(bill, place);
                if (!(cost instanceof Observed.Present<BigDecimal>(BigDecimal usd))) {
                    return cost;
                }
                sum = sum.add(usd);
            }
        }
        return new Observed.Present<>(sum);
    }

    /** The largest of what is listed and what was asked for since. */
    private Observed<BigDecimal> cost(RegionBill bill, Place place) {
        Optional<BigDecimal> largest = Optional.of(BigDecimal.ZERO);
        for (Asked young : asked) {
            if (young.place().equals(place)) {
                Optional<BigDecimal> usd = bill.prices().monthly(young.power(), young.scale());
                largest = largest.flatMap(known -> usd.map(known::max));
            }
        }
        Observed<LiveService> listed = bill.fleet().services().get(place.service());
        if (listed instanceof Observed.Unknown<LiveService>(Failure failure)) {
            return new Observed.Unknown<>(failure);
        }
        if (listed instanceof Observed.Present<LiveService>(LiveService service)
                && clusterUid.equals(service.tags().get(Ownership.CLUSTER_TAG))) {
            Optional<BigDecimal> live = bill.prices().monthly(service.power(), service.scale());
            largest = largest.flatMap(usd -> live.map(usd::max));
        }
        return largest.<Observed<BigDecimal>>map(Observed.Present::new).orElseGet(Observed.Absent::new);
    }
}
