package dev.lightkeeper.simulators.kubernetes.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What objects of a kind may be called, in kube-apiserver's words. */
public enum NameRule {
    /** A DNS subdomain, as most kinds. */
    SUBDOMAIN,
    /** A DNS label, as namespaces and services. */
    LABEL,
    /** Anything that fits into a path, as RBAC's kinds. */
    PATH_SEGMENT;

    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN_FORM = LABEL_FORM + "(\\." + LABEL_FORM + ")*";
    private static final Pattern IS_LABEL = Pattern.compile(LABEL_FORM);
    private static final Pattern IS_SUBDOMAIN = Pattern.compile(SUBDOMAIN_FORM);

    /** What is wrong with a name; nothing when it may be used. */
    public List<String> faults(String name) {
        return switch (this) {
            case SUBDOMAIN -> subdomainFaults(name);
            case LABEL -> labelFaults(name);
            case PATH_SEGMENT -> pathSegmentFaults(name);
        };
    }

    static List<String> subdomainFaults(String name) {
        List<String> faults = tooLong(name, 253);
        if (!IS_SUBDOMAIN.matcher(name).matches()) {
            faults.add("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
                    + " and must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                    + " validation is '" + SUBDOMAIN_FORM + "')");
        }
        return faults;
    }

    private static List<String> labelFaults(String name) {
        List<String> faults = tooLong(name, 63);
        if (!IS_LABEL.matcher(name).matches()) {
            faults.add("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must"
                    + " start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for"
                    + " validation is '" + LABEL_FORM + "')");
        }
        return faults;
    }

    private static List<String> pathSegmentFaults(String name) {
        List<String> faults = new ArrayList<>();
        if (name.equals(".") || name.equals("..")) {
            faults.add("may not be '" + name + "'");
        }
        for (String character : List.of("/", "%")) {
            if (name.contains(character)) {
                faults.add("may not contain '" + character + "'");
            }
        }
        return faults;
    }

    static List<String> tooLong(String value, int longest) {
        List<String> faults = new ArrayList<>();
        if (value.length() > longest) {
            faults.add("must be no more than " + longest + " bytes");
        }
        return faults;
    }
}
