package dev.lightkeeper.simulators.aws.lightsail;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Node sizes, with the prices that GetContainerServicePowers was seen to return. */
public enum Power {
    /** 7 USD. */
    NANO("nano", 7, 0.25, 0.5),
    /** 10 USD. */
    MICRO("micro", 10, 0.25, 1),
    /** 15 USD. */
    SMALL("small", 15, 0.5, 1),
    /** 40 USD. */
    MEDIUM("medium", 40, 1, 2),
    /** 80 USD. */
    LARGE("large", 80, 2, 4),
    /** 160 USD. */
    XLARGE("xlarge", 160, 4, 8);

    private final String wireName;
    private final double monthlyPrice;
    private final double cpus;
    private final double ramGb;

    Power(String wireName, double monthlyPrice, double cpus, double ramGb) {
        this.wireName = wireName;
        this.monthlyPrice = monthlyPrice;
        this.cpus = cpus;
        this.ramGb = ramGb;
    }

    /** {@return the name on the wire, such as {@code nano}} */
    public String wireName() {
        return wireName;
    }

    /** {@return such as {@code nano-1}} */
    public String id() {
        return wireName + "-1";
    }

    /** {@return USD per node and month} */
    public double monthlyPrice() {
        return monthlyPrice;
    }

    /** {@return virtual CPUs of a node} */
    public double cpus() {
        return cpus;
    }

    /** {@return memory of a node in GB} */
    public double ramGb() {
        return ramGb;
    }

    /**
     * {@return the power of this name, or null}
     *
     * @param name on the wire
     */
    static @Nullable Power of(String name) {
        return Arrays.stream(values())
                .filter(p -> p.wireName.equals(name))
                .findFirst()
                .orElse(null);
    }
}
