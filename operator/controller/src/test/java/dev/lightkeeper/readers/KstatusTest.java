package dev.lightkeeper.readers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sentences and corner cases of kstatus's own description, one case each. */
class KstatusTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "being deleted, whatever else it says                 | true  | 1 | 1 | Ready=True Stalled=True       | Terminating",
                "the absence of any conditions means all is normal    | false | 1 | 1 | -                             | Current",
                "a resource without status is taken for reconciled    | false | 1 | - | -                             | Current",
                "a change that the controller has not yet seen        | false | 2 | 1 | Ready=True                    | InProgress",
                "seen for the first time, by a default of -1          | false | 1 | -1 | -                            | InProgress",
                "an observedGeneration that is absent is not compared | false | 2 | - | Ready=True                    | Current",
                "Reconciling: working on the latest changes           | false | 1 | 1 | Reconciling=True              | InProgress",
                "Stalled: an error or insufficient progress           | false | 1 | 1 | Stalled=True                  | Failed",
                "abnormal-true: False means nothing                   | false | 1 | 1 | Reconciling=False Stalled=False | Current",
                "abnormal-true: Unknown means nothing                 | false | 1 | 1 | Reconciling=Unknown           | Current",
                "of two the first in the list counts                  | false | 1 | 1 | Stalled=True Reconciling=True | Failed",
                "of two the first in the list counts, the other way   | false | 1 | 1 | Reconciling=True Stalled=True | InProgress",
                "the standard conditions come before Ready            | false | 1 | 1 | Ready=True Stalled=True       | Failed",
                "Ready True: fully reconciled                         | false | 1 | 1 | Ready=True                    | Current",
                "Ready False: in the process, never doomed            | false | 1 | 1 | Ready=False                   | InProgress",
                "Ready Unknown: in the process                        | false | 1 | 1 | Ready=Unknown                 | InProgress",
                "Ready not set until it is True: taken for reconciled | false | 1 | 1 | Progressing=True              | Current",
                "other types are not looked at                        | false | 1 | 1 | Available=False Degraded=True Ready=True | Current",
            })
    void isAsDescribed(
            String sentence, boolean deleted, Long generation, Long observed, String conditions, Kstatus expected) {
        assertThat(Kstatus.of(deleted, generation, observed, parse(conditions)))
                .as(sentence)
                .isEqualTo(expected);
    }

    private static List<Condition> parse(String conditions) {
        return conditions == null
                ? List.of()
                : Arrays.stream(conditions.split(" "))
                        .map(pair -> pair.split("="))
                        .map(pair -> new Condition(
                                pair[0], ConditionStatus.valueOf(pair[1]), 1L, Instant.EPOCH, "Reason", "message"))
                        .toList();
    }
}
