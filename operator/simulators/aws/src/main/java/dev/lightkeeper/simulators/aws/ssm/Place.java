package dev.lightkeeper.simulators.aws.ssm;

import dev.lightkeeper.simulators.aws.http.ApiError;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The parameters of one account in one region. Guarded by the lock of {@link SsmSimulation}. */
final class Place {
    final String account;
    final String region;
    final SortedMap<String, Parameter> parameters = new TreeMap<>();
    /** Keys that callers may not decrypt with. */
    final Set<String> deniedKeys = new HashSet<>();
    /** GetParametersByPath begins with a page that has a token and no parameters. */
    boolean emptyFirstPage;

    Place(String account, String region) {
        this.account = account;
        this.region = region;
    }

    Parameter parameter(String name) {
        Parameter parameter = parameters.get(name);
        if (parameter == null) {
            throw new ApiError(400, "ParameterNotFound", "Parameter " + name + " not found.");
        }
        return parameter;
    }

    String arn(String name) {
        return "arn:aws:ssm:" + region + ":" + account + ":parameter" + (name.startsWith("/") ? "" : "/") + name;
    }
}
