package dev.lightkeeper.telemetry;

import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The series of each AwsAccount; they vanish with it. */
final class AccountSeries {
    private final StateSeries conditions;
    private final Gauge cost;

    AccountSeries(PrometheusRegistry registry) {
        conditions = new StateSeries(Metric.ACCOUNT_CONDITION.gauge(registry));
        cost = Metric.ACCOUNT_COST.gauge(registry);
    }

    void told(String account, AwsAccountStatus status) {
        conditions.show(
                List.of(account),
                status.conditions().stream()
                        .map(condition -> List.of(
                                account, condition.type(), String.valueOf(condition.status()), condition.reason()))
                        .collect(Collectors.toSet()));
        Double dollars = Dollars.of(status.estimatedMonthlyCostUsd());
        if (dollars == null) {
            cost.remove(account);
        } else {
            cost.labelValues(account).set(dollars);
        }
    }

    void gone(String account) {
        conditions.show(List.of(account), Set.of());
        cost.remove(account);
    }

    void allGone() {
        conditions.forgetAll();
        cost.clear();
    }
}
