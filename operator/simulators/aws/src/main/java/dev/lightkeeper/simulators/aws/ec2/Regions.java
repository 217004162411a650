package dev.lightkeeper.simulators.aws.ec2;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.QueryInput;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The regions that every account has without opting in. */
final class Regions {
    private static final List<String> ALL = List.of(
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2");
    private static final Set<String> FILTERS = Set.of("region-name", "endpoint", "opt-in-status");
    private static final String OPT_IN = "opt-in-not-required";

    private Regions() {}

    static Answer describe(QueryInput input) {
        List<String> names = input.list("RegionName");
        List<String> unknown =
                names.stream().filter(name -> !ALL.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw Refusals.invalidValue("Invalid region names: " + unknown);
        }
        Predicate<String> filter = Ec2Filter.all(
                input,
                FILTERS,
                (region, name) -> Set.of(
                        switch (name) {
                            case "region-name" -> region;
                            case "endpoint" -> endpoint(region);
                            default -> OPT_IN;
                        }));
        ObjectNode body = InstanceWire.object();
        ArrayNode set = body.putArray("regionInfo");
        ALL.stream()
                .filter(region -> names.isEmpty() || names.contains(region))
                .filter(filter)
                .forEach(region -> set.addObject()
                        .put("regionName", region)
                        .put("regionEndpoint", endpoint(region))
                        .put("optInStatus", OPT_IN));
        return Answer.read(body);
    }

    private static String endpoint(String region) {
        return "ec2." + region + ".amazonaws.com";
    }
}
