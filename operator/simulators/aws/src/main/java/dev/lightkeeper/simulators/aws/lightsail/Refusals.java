package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.http.ApiError;

/** What a service refuses in which state. The texts have the shape of those that users have published. */
final class Refusals {
    private Refusals() {}

    static void ifNotDeployable(ContainerService service) {
        if (service.state != ServiceState.PENDING) {
            ifDeploying(service);
        }
        ifTransitional(service, "deployed to");
        if (service.disabled) {
            throw ApiError.invalidInput(
                    "The container service \"" + service.name + "\" is disabled and cannot be deployed to.");
        }
    }

    static void ifNotUpdatable(ContainerService service) {
        ifTransitional(service, "updated");
    }

    static void ifNotDeletable(ContainerService service) {
        if (service.detail != null && service.detail.isStuck()) {
            return;
        }
        if (service.state != ServiceState.PENDING) {
            ifDeploying(service);
        }
        ifTransitional(service, "deleted");
    }

    private static void ifDeploying(ContainerService service) {
        if (service.next != null && service.state != ServiceState.DELETING) {
            throw ApiError.invalidInput("Deployment " + service.next.version + " is in progress for service \""
                    + service.name + "\". Please wait for it to complete before trying again.");
        }
    }

    private static void ifTransitional(ContainerService service, String verb) {
        if (service.state.isTransitional()) {
            throw ApiError.invalidInput("The container service \"" + service.name + "\" is in the state "
                    + service.state + " and cannot be " + verb + ". Please try again in a few minutes.");
        }
    }
}
