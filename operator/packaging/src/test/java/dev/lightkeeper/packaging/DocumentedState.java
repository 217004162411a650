package dev.lightkeeper.packaging;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A state of a ServiceDeployment as docs/conditions.md shows it, which is written by a test that brings a resource there.
 *
 * @param columns Ready, Reconciling, Stalled, Degraded, Available, kstatus
 * @param conditions by type, in their order
 */
record DocumentedState(String title, List<String> columns, Map<String, Condition> conditions) {
    private static final Pattern CONDITION =
            Pattern.compile("^\\| `([A-Za-z]+)` \\| (True|False|Unknown) \\| `([A-Za-z]+)` \\| (.*) \\|$");
    private static final Pattern ROW = Pattern.compile("^\\| ([^|]+)((?: \\| [^|]+){5}) \\| ([A-Za-z]+) \\|$");
    private static final String AS_READY = "(as `Ready`)";
    private static final String ON_HOSTS = "on hosts: ";
    private static final int GENERATION = 3;

    /** What Argo CD's script looks at: with the others, every message that changes would change all test data. */
    private static final Set<String> READ = Set.of("Ready", "Degraded", "Suspended", "Reconciling", "Stalled");

    /** As told. */
    record Condition(String status, String reason, String message) {}

    /** All of the document: the first is the healthy one, of which the others list only what differs. */
    static List<DocumentedState> all() {
        List<DocumentedState> rows = new ArrayList<>();
        Map<String, Map<String, Condition>> listings = new LinkedHashMap<>();
        Map<String, Condition> healthy = new LinkedHashMap<>();
        Map<String, Condition> current = new LinkedHashMap<>();
        for (String line : Repository.read(Repository.DOCS.resolve("conditions.md"))
                .lines()
                .toList()) {
            Matcher row = ROW.matcher(line);
            Matcher condition = CONDITION.matcher(line);
            if (line.startsWith("#### ")) {
                current = new LinkedHashMap<>(healthy);
                listings.put(line.substring(5).toLowerCase(Locale.ROOT), current);
            } else if (line.equals("There are no conditions yet.")) {
                current.clear();
            } else if (condition.matches() && !listings.isEmpty()) {
                Condition told = new Condition(condition.group(2), condition.group(3), condition.group(4));
                Condition ready = current.get("Ready");
                current.put(
                        condition.group(1),
                        told.message().equals(AS_READY) && ready != null
                                ? new Condition(told.status(), told.reason(), ready.message())
                                : told);
                if (listings.size() == 1) {
                    healthy = current;
                }
            } else if (row.matches() && !row.group(1).equals("State") && listings.isEmpty()) {
                List<String> columns = new ArrayList<>(
                        List.of(row.group(2).strip().substring(1).strip().split(" \\| ")));
                columns.add(row.group(3));
                rows.add(new DocumentedState(row.group(1), List.copyOf(columns), Map.of()));
            }
        }
        return rows.stream()
                .map(row -> new DocumentedState(
                        row.title(),
                        row.columns(),
                        Objects.requireNonNull(listings.get(row.title().toLowerCase(Locale.ROOT)), row.title())))
                .toList();
    }

    private char letter(int column) {
        return columns.get(column).charAt(0);
    }

    /** What Argo CD has to show: kstatus, but that Degraded counts where nothing is being done, and a pause is shown. */
    String argoHealth() {
        boolean suspended = conditions.containsKey("Suspended")
                && conditions.get("Suspended").status().equals("True");
        boolean degraded = letter(3) == 'T';
        return switch (columns.get(5)) {
            case "Terminating" -> "Progressing";
            case String _ when suspended -> degraded ? "Degraded" : "Suspended";
            case "Current" -> "Healthy";
            case "Failed" -> "Degraded";
            case "InProgress" -> degraded && letter(1) == '–' ? "Degraded" : "Progressing";
            case String other -> throw new IllegalStateException(other);
        };
    }

    String fileName() {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "") + ".yaml";
    }

    /** The object, as far as Argo CD's script reads it. */
    ObjectNode object() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode object = nodes.objectNode();
        object.put("apiVersion", "lightkeeper.dev/v1alpha1").put("kind", "ServiceDeployment");
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", "api").put("namespace", "production").put("generation", GENERATION);
        if (columns.get(5).equals("Terminating")) {
            metadata.put("deletionTimestamp", "2026-01-01T00:00:00Z")
                    .putArray("finalizers")
                    .add("lightkeeper.dev/finalizer");
        }
        ObjectNode spec = object.putObject("spec");
        ObjectNode status = object.putObject("status");
        if (title.startsWith(ON_HOSTS)) {
            ObjectNode ec2 = spec.putObject("ec2");
            ec2.putObject("hosts").putObject("select").putArray("instanceIds").add("i-1");
            ec2.put("runtime", "Docker").put("runAs", "ubuntu");
            status.putArray("hosts").addObject().put("instanceId", "i-1").put("state", "running");
        } else {
            spec.putObject("lightsail").put("serviceName", "api").put("power", "nano");
        }
        status.put("observedGeneration", conditions.isEmpty() ? -1 : GENERATION);
        if (!conditions.isEmpty()) {
            ArrayNode list = status.putArray("conditions");
            conditions.forEach((type, told) -> {
                if (READ.contains(type)) {
                    list.addObject()
                            .put("type", type)
                            .put("status", told.status())
                            .put("observedGeneration", GENERATION)
                            .put("lastTransitionTime", "2026-01-01T00:00:00Z")
                            .put("reason", told.reason())
                            .put("message", told.message());
                }
            });
        }
        return object;
    }
}
