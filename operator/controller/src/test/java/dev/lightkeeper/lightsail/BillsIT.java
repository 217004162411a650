package dev.lightkeeper.lightsail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.act.CloudWriter.Answer;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.aws.AwsWorld;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Costs;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Ownership;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.lightsail.Power;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an account costs, over AWS's wire. */
class BillsIT {
    private static final Map<String, String> OURS = Map.of(Ownership.CLUSTER_TAG, AwsWorld.CLUSTER);

    private final AwsWorld world = new AwsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void whatCarriesTheClustersTagCountsInAllAllowedRegions() {
        AwsAccount account = limit(100, "us-east-1");
        world.lightsail().create("one", Power.NANO, 2, OURS);
        world.lightsail().create("disabled", Power.MICRO, 1, OURS);
        world.lightsail().disable("disabled");
        world.lightsail()
                .create(
                        "released",
                        Power.NANO,
                        1,
                        Map.of(Ownership.CLUSTER_TAG, AwsWorld.CLUSTER, Ownership.RELEASED_TAG, "true"));
        world.aws.in("us-east-1").create("far", Power.SMALL, 1, OURS);
        world.lightsail().create("of-people", Power.XLARGE, 4, Map.of());
        world.lightsail().create("of-another-cluster", Power.XLARGE, 4, Map.of(Ownership.CLUSTER_TAG, "other"));

        assertThat(world.bills.total(
                        world.gate.session("default", account.getSpec()).orElseThrow(), account.getSpec()))
                .isEqualTo(new Observed.Present<>(new BigDecimal("46.00")));
        Costs costs = costs("one");
        assertThat(costs.limit()).isEqualTo(100);
        assertThat(costs.monthly("nano", 2)).contains(new BigDecimal("14.00"));
        assertThat(costs.others()).isEqualTo(new Observed.Present<>(new BigDecimal("32.00")));
    }

    @Test
    void aPriceListThatIsDeniedIsUnknownAndNamed() {
        limit(100);
        world.service("one");
        world.aws.faults().add(Fault.of(FaultKind.DENIED, "GetContainerServicePowers"));

        Costs costs = costs("one");

        assertThat(costs.prices())
                .isInstanceOfSatisfying(
                        Observed.Unknown.class,
                        unknown -> assertThat(unknown.failure().message())
                                .contains("lightsail:GetContainerServicePowers"));
        assertThat(costs.others()).isInstanceOf(Observed.Unknown.class);
    }

    @Test
    void aRegionThatCannotBeListedMakesTheSumUnknown() {
        limit(100, "us-east-1");
        world.service("one");
        world.aws
                .faults()
                .add(Fault.of(FaultKind.SERVER_ERROR, "GetContainerServices").inRegion("us-east-1"));

        assertThat(costs("one").others()).isInstanceOf(Observed.Unknown.class);
    }

    @Test
    void increasesAtTheSameTimeCannotAllTakeWhatIsLeft() throws Exception {
        limit(40);
        try (ExecutorService runs = Executors.newFixedThreadPool(8)) {
            List<Future<Answer>> answers = runs.invokeAll(java.util.stream.IntStream.range(0, 8)
                    .mapToObj(i -> (java.util.concurrent.Callable<Answer>) () -> create("api-" + i))
                    .toList());
            List<Answer> refused = answers.stream()
                    .map(Future::resultNow)
                    .filter(Answer.Refused.class::isInstance)
                    .toList();

            assertThat(refused)
                    .hasSize(6)
                    .allSatisfy(answer -> assertThat(((Answer.Refused) answer).failure())
                            .isInstanceOfSatisfying(
                                    Failure.Conflict.class,
                                    conflict -> assertThat(conflict.code())
                                            .isEqualTo(Reason.SpendingLimitExceeded.name())));
        }
        assertThat(world.aws.audit().mutations()).hasSize(2);
    }

    @Test
    void whatAwsRefusedIsFreeAgainAndWhatItLostIsNot() {
        limit(20);
        world.aws
                .faults()
                .add(Fault.of(FaultKind.THROTTLE, "CreateContainerService").times(1));
        assertThat(create("throttled")).isInstanceOf(Answer.Refused.class);
        world.aws
                .faults()
                .add(Fault.of(FaultKind.LOST_BEFORE, "CreateContainerService").times(1));
        assertThat(create("lost")).isInstanceOf(Answer.Refused.class);

        assertThat(create("next")).as("the lost one may have taken effect").isInstanceOf(Answer.Refused.class);
        assertThat(world.aws.audit().mutations()).isEmpty();
        world.clock.advance(Duration.ofMinutes(2));
        assertThat(create("next")).isInstanceOf(Answer.Accepted.class);
    }

    /** The list that was read before the accepted increase does not show it yet. */
    @Test
    void aRefusedIncreaseDoesNotFreeTheOneThatWasAcceptedBeforeIt() {
        limit(28);
        world.lightsail().create("one", Power.NANO, 1, OURS);
        assertThat(costs("one").others()).isEqualTo(new Observed.Present<>(new BigDecimal("0.00")));
        assertThat(raise("one", 2)).isInstanceOf(Answer.Accepted.class);
        world.aws
                .faults()
                .add(Fault.of(FaultKind.THROTTLE, "UpdateContainerService").times(1));
        assertThat(raise("one", 3)).isInstanceOf(Answer.Refused.class);

        assertThat(costs("other").others()).isEqualTo(new Observed.Present<>(new BigDecimal("14.00")));
        assertThat(apply("other", new Action.CreateService("other", "nano", 3, OURS, false)))
                .as("14 and 21 are more than 28")
                .isInstanceOf(Answer.Refused.class);
    }

    @Test
    void whatRestoresOrLowersIsNotHeldAgainstTheLimit() {
        world.lightsail().create("one", Power.MICRO, 3, OURS);
        limit(1);

        assertThat(apply("one", new Action.UpdateCapacity("one", "micro", 4, "", Reason.ScaleMismatch, false)))
                .isInstanceOf(Answer.Accepted.class);
        world.aws.clock().advance(Duration.ofMinutes(10));
        world.clock.advance(Duration.ofMinutes(10));
        assertThat(apply("one", new Action.UpdateCapacity("one", "nano", 4, "", Reason.Capacity, true)))
                .isInstanceOf(Answer.Accepted.class);
    }

    private AwsAccount limit(int usd, String... furtherRegions) {
        AwsAccount account = world.declare(
                "default",
                AwsSimulator.DEFAULT_ACCOUNT,
                AwsWorld.AMBIENT,
                "{namespaces: {}, serviceNamePatterns: [\"*\"]}\n  spending: {maxMonthlyUsd: %d}".formatted(usd),
                furtherRegions);
        return account;
    }

    private Costs costs(String service) {
        return world.observer
                .look(new Look(world.desired(service), null, null, false, false))
                .costs();
    }

    private Answer raise(String service, int scale) {
        return apply(service, new Action.UpdateCapacity(service, "nano", scale, "", Reason.Capacity, true));
    }

    private Answer create(String service) {
        return apply(service, new Action.CreateService(service, "nano", 2, OURS, false));
    }

    private Answer apply(String service, Action action) {
        return world.writer.apply(world.desired(service), action);
    }
}
