package dev.lightkeeper.simulators.aws.host;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.host.Invocation.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The AWS CLI of one host, whose role may read parameters and nothing else. */
record AwsCommand(SimulatedHost.Place place, ParameterSource parameters) {
    private static final Duration TOLERATED_SKEW = Duration.ofMinutes(5);

    Answer answer(Invocation call, Duration skew) {
        List<String> words = call.arguments();
        if (words.equals(List.of("--version"))) {
            return Answer.ok("aws-cli/2.15.30 Python/3.11.8 Linux/6.5.0 exe/x86_64\n");
        }
        int names = words.indexOf("--names");
        if (words.size() < 2 || !words.subList(0, 2).equals(List.of("ssm", "get-parameters")) || names < 0) {
            return Answer.failed(252, "aws: error: this host's role may do nothing else");
        }
        if (skew.abs().compareTo(TOLERATED_SKEW) > 0) {
            return Answer.failed(
                    254,
                    "An error occurred (InvalidSignatureException) when calling the GetParameters"
                            + " operation: Signature not yet current: the request's date is too far from the service's");
        }
        ObjectNode reply = JsonNodeFactory.instance.objectNode();
        ArrayNode found = reply.putArray("Parameters");
        ArrayNode invalid = reply.putArray("InvalidParameters");
        for (String name : words.subList(names + 1, words.size())) {
            if (name.startsWith("--")) {
                break;
            }
            switch (parameters.read(place.accountId(), place.region(), name)) {
                case ParameterSource.Missing() -> invalid.add(name);
                case ParameterSource.Denied() -> {
                    return Answer.failed(
                            254,
                            "An error occurred (AccessDeniedException) when calling the GetParameters"
                                    + " operation: User: arn:aws:sts::" + place.accountId()
                                    + ":assumed-role/host/" + place.instanceId()
                                    + " is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:"
                                    + place.region() + ":" + place.accountId() + ":parameter" + name);
                }
                case ParameterSource.Value value -> {
                    int colon = name.indexOf(':');
                    ObjectNode node = found.addObject().put("Name", colon < 0 ? name : name.substring(0, colon));
                    node.put("Type", "SecureString").put("Value", value.text()).put("Version", value.version());
                    if (colon >= 0) {
                        node.put("Selector", name.substring(colon));
                    }
                    node.put("LastModifiedDate", Instant.EPOCH.toString()).put("DataType", "text");
                }
            }
        }
        return Answer.ok(reply.toPrettyString() + "\n");
    }
}
