package dev.lightkeeper.simulators.aws.lightsail;

/** What a service in a transitional state is busy with, in AWS's order. */
public enum StateDetailCode {
    /** PENDING. */
    CREATING_SYSTEM_RESOURCES("Creating system resources for your container service."),
    /** PENDING. */
    CREATING_NETWORK_INFRASTRUCTURE("Creating network infrastructure for your container service."),
    /** PENDING. */
    PROVISIONING_CERTIFICATE("Provisioning the SSL/TLS certificate of your container service."),
    /** PENDING and UPDATING. */
    PROVISIONING_SERVICE("Provisioning your container service."),
    /** DEPLOYING. */
    CREATING_DEPLOYMENT("Creating your deployment."),
    /** DEPLOYING. */
    EVALUATING_HEALTH_CHECK("Evaluating the health of your deployment."),
    /** DEPLOYING. */
    ACTIVATING_DEPLOYMENT("Activating your deployment."),
    /** PENDING, and it stays so. */
    CERTIFICATE_LIMIT_EXCEEDED("The SSL/TLS certificate limit of your account is exceeded."),
    /** PENDING, and it stays so. */
    UNKNOWN_ERROR("An unknown error occurred while your container service was created.");

    private final String message;

    StateDetailCode(String message) {
        this.message = message;
    }

    String message() {
        return message;
    }

    boolean isStuck() {
        return this == CERTIFICATE_LIMIT_EXCEEDED || this == UNKNOWN_ERROR;
    }
}
