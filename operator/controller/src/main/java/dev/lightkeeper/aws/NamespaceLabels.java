package dev.lightkeeper.aws;

import dev.lightkeeper.observe.Observed;
import java.util.Map;

/** The labels that an account's access rules select namespaces by. */
@FunctionalInterface
public interface NamespaceLabels {
    /** Absent only when the Kubernetes API said that there is no such namespace. */
    Observed<Map<String, String>> labels(String namespace);
}
