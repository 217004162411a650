package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.Costs;
import dev.lightkeeper.observe.Observed;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The account's limit refuses increases, and nothing but increases. */
class SpendingFlowTest {
    private static final Failure UNREADABLE =
            new Failure.Throttled("lightsail:GetContainerServicePowers: too many calls");

    private final Flow flow = new Flow();

    @Test
    void theCostIsListPriceTimesLiveScale() {
        flow.untilReady();

        assertThat(cost()).isEqualTo("14.00");
        flow.set("/scale", "4").until(() -> flow.cloud.service().scale() == 4);
        flow.untilReady();
        assertThat(cost()).isEqualTo("28.00");
    }

    @Test
    void anUnknownPriceIsToldAsNoCostAndNeverGuessed() {
        flow.cloud.costs(
                new Costs(new Observed.Present<>(Map.of("micro", BigDecimal.TEN)), null, Observed.notLooked()));

        flow.untilReady();

        assertThat(cost()).isNull();
    }

    @Test
    void aPriceListThatCannotBeReadForAWhileDoesNotWipeTheCost() {
        flow.untilSteady();
        flow.cloud.costs(new Costs(new Observed.Unknown<>(UNREADABLE), null, Observed.notLooked()));
        flow.assertQuiet();
        assertThat(cost()).isEqualTo("14.00");

        flow.cloud.service().scaleNow(3);
        flow.run();
        assertThat(cost()).as("of another capacity").isNull();
    }

    @Test
    void aServiceThatIsGoneCostsNothing() {
        flow.untilSteady();

        flow.cloud.remove();
        flow.until("Stalled", ConditionStatus.True, Reason.ServiceDisappeared);

        assertThat(cost()).isNull();
    }

    @Test
    void aNewServiceBeyondTheLimitIsNotMadeUntilThereIsRoom() {
        flow.cloud.limit(20, "10");

        flow.until("Stalled", ConditionStatus.True, Reason.SpendingLimitExceeded)
                .pass(Duration.ofHours(1));

        assertThat(flow.cloud.audit()).isEmpty();
        assertThat(flow.message("Stalled"))
                .contains("nano × 2 costs 14.00 USD", "to 24.00 USD", "spending.maxMonthlyUsd is 20", "now 10.00 USD");
        assertThat(flow.told("Ready", "Synced"))
                .containsExactly("Ready=False/SpendingLimitExceeded", "Synced=False/ServiceMissing");
        assertThat(flow.events).extracting(event -> event.reason()).containsExactly(Reason.SpendingLimitExceeded);

        flow.cloud.limit(30, "10");
        flow.untilSteady().assertQuiet();
    }

    @Test
    void moreScaleBeyondTheLimitIsRefusedAndTheRestOfTheManifestIsDone() {
        flow.cloud.limit(40, "10");
        flow.untilSteady();

        flow.set("/scale", "5").set("/containers/0/image", "example.com/api:2");
        flow.until(() -> flow.cloud.service().images().equals(List.of("example.com/api:2")))
                .pass(Duration.ofHours(1));

        assertThat(flow.cloud.service().scale()).isEqualTo(2);
        assertThat(flow.told("Ready", "Stalled", "Degraded", "Available", "Synced"))
                .containsExactly(
                        "Ready=False/SpendingLimitExceeded",
                        "Stalled=True/SpendingLimitExceeded",
                        "Degraded=False/NotDegraded",
                        "Available=True/Passing",
                        "Synced=False/ScaleMismatch");

        flow.cloud.limit(45, "10");
        flow.until(() -> flow.cloud.calls().getLast().equals("update"));
        assertThat(flow.told("Ready", "Reconciling"))
                .as("not Ready before the new scale is live")
                .containsExactly("Ready=Unknown/Capacity", "Reconciling=True/Capacity");
        flow.untilReady();
        assertThat(flow.cloud.service().scale()).isEqualTo(5);
    }

    @Test
    void morePowerBeyondTheLimitWithholdsTheReleaseThatNeedsIt() {
        flow.cloud.limit(24, "10");
        flow.untilSteady();

        flow.set("/lightsail/power", "small").set("/containers/0/image", "example.com/api:2");
        flow.until("Stalled", ConditionStatus.True, Reason.SpendingLimitExceeded)
                .pass(Duration.ofHours(1));

        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        assertThat(flow.cloud.service().power()).isEqualTo("nano");

        flow.cloud.limit(40, "10");
        flow.until(() -> flow.cloud.service().images().equals(List.of("example.com/api:2")));
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("small");
    }

    @Test
    void scaleAndPowerThatSomebodyLoweredAreRestoredWhateverTheLimitSays() {
        flow.untilSteady();
        flow.cloud.limit(1, "10");

        flow.cloud.service().scaleNow(1);
        flow.until(() -> flow.cloud.service().scale() == 2).untilSteady();
        flow.set("/lightsail/power", "micro").until("Stalled", ConditionStatus.True, Reason.SpendingLimitExceeded);
        flow.cloud.limit(null, "10");
        flow.until(() -> flow.cloud.service().power().equals("micro")).untilSteady();
        flow.cloud.limit(1, "10");
        flow.cloud.service().powerNow("nano");
        flow.cloud.service().scaleNow(1);
        flow.until(() -> flow.cloud.service().power().equals("micro")
                        && flow.cloud.service().scale() == 2)
                .untilSteady();

        assertThat(flow.events).extracting(event -> event.reason()).containsOnlyOnce(Reason.SpendingLimitExceeded);
    }

    @Test
    void whatWasLostIsRestoredEvenWhileMoreIsRefused() {
        flow.untilSteady();
        flow.cloud.limit(30, "15");
        flow.set("/scale", "4").until("Stalled", ConditionStatus.True, Reason.SpendingLimitExceeded);

        flow.cloud.service().scaleNow(1);
        flow.until(() -> flow.cloud.service().scale() == 2).pass(Duration.ofHours(1));

        assertThat(flow.cloud.service().scale()).isEqualTo(2);
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/SpendingLimitExceeded");
    }

    @Test
    void aRefusalThatWasMaskedByAnotherCauseIsStillARefusal() {
        flow.untilSteady();
        flow.cloud.limit(24, "10");
        flow.set("/scale", "4").until("Stalled", ConditionStatus.True, Reason.SpendingLimitExceeded);
        flow.cloud.account(new AccountCheck.Refused(Reason.WrongAccount, "another account"));
        flow.until("Stalled", ConditionStatus.True, Reason.WrongAccount);

        flow.cloud.account(new AccountCheck.Verified("111122223333", "us-east-2", true, true));
        flow.until("Stalled", ConditionStatus.True, Reason.SpendingLimitExceeded);

        assertThat(flow.cloud.service().scale()).isEqualTo(2);
    }

    @Test
    void decreasesAreNeverRefused() {
        flow.set("/lightsail/power", "small").set("/scale", "4").untilSteady();
        flow.cloud.limit(1, "10");

        flow.set("/scale", "3").until(() -> flow.cloud.service().scale() == 3).untilSteady();
        flow.set("/lightsail/power", "nano")
                .until(() -> flow.cloud.service().power().equals("nano"));
        flow.untilSteady();

        assertThat(cost()).isEqualTo("21.00");
    }

    @Test
    void aLimitThatCannotBeComparedMakesNothingLargerAndIsNoRefusal() {
        flow.untilSteady();
        flow.set("/scale", "4");
        flow.cloud.costs(new Costs(new Observed.Unknown<>(UNREADABLE), 100, new Observed.Present<>(BigDecimal.TEN)));
        flow.run();
        assertThat(flow.told("Ready", "Reconciling", "Stalled"))
                .containsExactly("Ready=Unknown/Preflight", "Reconciling=True/Preflight", "Stalled=-");
        assertThat(flow.message("Reconciling")).contains("GetContainerServicePowers");

        Observed<Map<String, BigDecimal>> prices = new Observed.Present<>(Map.of("nano", BigDecimal.valueOf(7)));
        flow.cloud.costs(new Costs(prices, 100, new Observed.Unknown<>(FakeCloud.UNREACHABLE)));
        flow.run();
        assertThat(flow.message("Reconciling")).contains("AWS did not answer");
        flow.cloud.costs(new Costs(prices, 100, new Observed.Absent<>()));
        flow.run();
        assertThat(flow.message("Reconciling")).contains("no price for one of its services");
        flow.cloud.costs(new Costs(new Observed.Present<>(Map.of()), 100, new Observed.Present<>(BigDecimal.TEN)));
        flow.run();
        assertThat(flow.message("Reconciling")).contains("no price for power nano");
        assertThat(flow.cloud.service().scale()).isEqualTo(2);

        flow.cloud.costs(new Costs(prices, 100, new Observed.Present<>(BigDecimal.TEN)));
        flow.untilReady();
        assertThat(flow.cloud.service().scale()).isEqualTo(4);
    }

    @Test
    void ofTwoIncreasesAtTheSameTimeTheLaterOneIsToldWhy() {
        flow.untilSteady();
        flow.nextCall(new FakeCloud.Fault.Refuses(
                new Failure.Conflict(Reason.SpendingLimitExceeded.name(), "another increase was first")));

        flow.set("/scale", "4").run();

        assertThat(flow.told("Ready", "Stalled"))
                .containsExactly("Ready=False/SpendingLimitExceeded", "Stalled=True/SpendingLimitExceeded");
        flow.untilReady();
        assertThat(flow.cloud.service().scale()).isEqualTo(4);
    }

    private String cost() {
        return flow.store.status().estimatedMonthlyCostUsd();
    }

    @Test
    void fewerCostsAreNotRefusedEvenWhereThePowerThatIsLeftIsUnknownToThisVersion() {
        flow.untilSteady();
        flow.cloud.costs(new Costs(
                new Observed.Present<>(Map.of("nano", BigDecimal.valueOf(7), "huge", BigDecimal.valueOf(100))),
                5,
                new Observed.Present<>(BigDecimal.ZERO)));

        flow.cloud.service().powerNow("huge");
        flow.set("/containers/0/image", "example.com/api:2").untilSteady().assertQuiet();

        assertThat(flow.cloud.service().power()).isEqualTo("nano");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update", "deploy");
    }
}
