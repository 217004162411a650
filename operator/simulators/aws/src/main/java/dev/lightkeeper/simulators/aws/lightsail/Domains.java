package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Custom domains of a service, by certificate. A certificate with an empty list is detached. */
final class Domains {
    private Domains() {}

    /** What the service would have after the change. */
    static Map<String, List<String>> changed(
            Region region, @Nullable ContainerService service, Input wanted, int most) {
        Map<String, List<String>> result = new LinkedHashMap<>(service == null ? Map.of() : service.domains);
        for (String name : wanted.names()) {
            List<String> domains = wanted.stringList(name);
            if (domains.isEmpty()) {
                result.remove(name);
                continue;
            }
            Certificate certificate = region.certificates.get(name);
            if (certificate == null) {
                throw ApiError.invalidInput("The specified certificates do not exist: " + name);
            }
            if (!certificate.issued()) {
                throw ApiError.invalidInput("The certificate " + name + " is not validated yet.");
            }
            for (String domain : domains) {
                if (!certificate.domains().contains(domain)) {
                    throw ApiError.invalidInput("The certificate " + name + " is not valid for " + domain + ".");
                }
                ContainerService holder = region.holderOf(domain);
                if (holder != null && holder != service) {
                    throw ApiError.invalidInput("The domain " + domain + " is attached to another container service.");
                }
            }
            result.put(name, List.copyOf(domains));
        }
        if (result.values().stream().mapToInt(List::size).sum() > most) {
            throw ApiError.invalidInput("A container service can have at most " + most + " public domain names.");
        }
        return result;
    }
}
