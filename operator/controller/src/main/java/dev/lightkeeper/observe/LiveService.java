package dev.lightkeeper.observe;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Lightsail container service as AWS describes it.
 *
 * @param arn holds a uuid: a re-created service of the same name has another one
 * @param stateDetail AWS's detail code, null when there is none
 * @param url the default address, with a trailing slash
 * @param current the deployment that serves, null before the first success
 * @param next the deployment that is being activated, null when none is
 * @param publicDomainNames certificate name to domain names
 * @param ecrImagePullerRoleArn null until Lightsail has made the role
 */
public record LiveService(
        String arn,
        ServiceState state,
        @Nullable String stateDetail,
        String power,
        int scale,
        String url,
        @Nullable LiveDeployment current,
        @Nullable LiveDeployment next,
        Map<String, String> tags,
        Map<String, List<String>> publicDomainNames,
        boolean ecrImagePullerActive,
        @Nullable String ecrImagePullerRoleArn) {
    public LiveService {
        tags = Map.copyOf(tags);
        publicDomainNames = Map.copyOf(publicDomainNames);
    }
}
