package dev.lightkeeper.simulators.aws.lightsail;

import java.util.List;

/**
 * A Lightsail TLS certificate, as far as container services care.
 *
 * @param name unique in the region
 * @param domains that it is valid for
 * @param issued whether its domains were validated
 */
public record Certificate(String name, List<String> domains, boolean issued) {
    /** Copies. */
    public Certificate {
        domains = List.copyOf(domains);
    }
}
