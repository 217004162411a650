package dev.lightkeeper.observe;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What services cost by AWS's list prices, without traffic, in US dollars per month.
 *
 * @param prices of one node, by power
 * @param limit what the account's services may cost together, null when there is no limit
 * @param others what all services that count against the limit cost now, without the one that is looked at; Absent when
 *     AWS names no price for one of them
 */
public record Costs(
        Observed<Map<String, BigDecimal>> prices, @Nullable Integer limit, Observed<BigDecimal> others) {
    /** Nothing is known and nothing is limited. */
    public static Costs unknown() {
        return new Costs(Observed.notLooked(), null, Observed.notLooked());
    }

    /** With cents; empty when the price is not known. */
    public Optional<BigDecimal> monthly(String power, int scale) {
        return prices instanceof Observed.Present<Map<String, BigDecimal>>(Map<String, BigDecimal> known)
                ? Optional.ofNullable(known.get(power)).map(price -> cents(price.multiply(BigDecimal.valueOf(scale))))
                : Optional.empty();
    }

    /** As people read it and as status spells it, such as {@code 20.00}. */
    public static BigDecimal cents(BigDecimal dollars) {
        return dollars.setScale(2, RoundingMode.HALF_UP);
    }
}
