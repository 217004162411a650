package dev.lightkeeper.simulators.aws.application;

import java.util.Arrays;
import java.util.List;

/** Statuses that AWS's health check takes for success: a list of codes and ranges. */
record SuccessCodes(List<Range> ranges) {
    record Range(int from, int to) {}

    static SuccessCodes parse(String text) {
        return new SuccessCodes(Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(SuccessCodes::range)
                .toList());
    }

    boolean contain(int status) {
        return ranges.stream().anyMatch(range -> range.from() <= status && status <= range.to());
    }

    private static Range range(String text) {
        int dash = text.indexOf('-');
        return dash < 0
                ? new Range(Integer.parseInt(text), Integer.parseInt(text))
                : new Range(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }
}
