package dev.lightkeeper.simulators.aws.lightsail;

import java.util.regex.Pattern;

/** AWS's rule for names, in the anchored form that its server applies (the published model's is not anchored). */
final class Names {
    static final String FORM = "^(?:[a-z0-9]{1,2}|[a-z0-9][a-z0-9-]+[a-z0-9])$";
    static final int LONGEST_SERVICE_NAME = 63;
    static final int LONGEST_CONTAINER_NAME = 53;

    private static final Pattern PATTERN = Pattern.compile(FORM);

    private Names() {}

    static boolean isServiceName(String name) {
        return name.length() <= LONGEST_SERVICE_NAME && PATTERN.matcher(name).matches();
    }

    static boolean isContainerName(String name) {
        return name.length() <= LONGEST_CONTAINER_NAME && PATTERN.matcher(name).matches();
    }
}
