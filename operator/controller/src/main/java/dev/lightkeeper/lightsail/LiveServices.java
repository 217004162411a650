package dev.lightkeeper.lightsail;

import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.ServiceState;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lightsail.model.ContainerService;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceDeployment;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceECRImagePullerRole;

/**
 * What AWS describes, in our words. Environments are digested here, at once. A word that is not known becomes
 * UNRECOGNIZED; a description without a member that decisions need is Unknown, for that service alone.
 */
final class LiveServices {
    private final Digester digester;

    LiveServices(Digester digester) {
        this.digester = digester;
    }

    Observed<LiveService> service(ContainerService service) {
        return readable(() -> new LiveService(
                needed(service.arn(), "arn"),
                recognized(ServiceState.class, service.stateAsString(), ServiceState.UNRECOGNIZED),
                service.stateDetail() == null ? null : service.stateDetail().codeAsString(),
                needed(service.powerAsString(), "power"),
                needed(service.scale(), "scale"),
                service.url() == null ? "" : service.url(),
                deployment(service.currentDeployment()),
                deployment(service.nextDeployment()),
                tags(service),
                domains(service),
                isActive(puller(service)),
                pullerArn(puller(service))));
    }

    /** Newest version first, whatever AWS's order is. */
    Observed<List<LiveDeployment>> deployments(List<ContainerServiceDeployment> deployments) {
        return readable(() -> deployments.stream()
                .map(deployment -> known(deployment, true))
                .sorted((left, right) -> Integer.compare(right.version(), left.version()))
                .toList());
    }

    private @Nullable LiveDeployment deployment(@Nullable ContainerServiceDeployment deployment) {
        return deployment == null ? null : known(deployment, false);
    }

    /** Values in clear are kept for the list only, which is read while a rollout may have to be taken back. */
    private LiveDeployment known(ContainerServiceDeployment deployment, boolean withValues) {
        Content content = LightsailContent.content(deployment);
        Set<String> empty = new TreeSet<>();
        content.containers()
                .forEach((container, its) -> its.environment().forEach((name, value) -> {
                    if (value.isEmpty()) {
                        empty.add(container + "/" + name);
                    }
                }));
        return new LiveDeployment(
                needed(deployment.version(), "version"),
                recognized(LiveDeployment.State.class, deployment.stateAsString(), LiveDeployment.State.UNRECOGNIZED),
                content.digested(digester),
                withValues ? content : null,
                empty,
                deployment.createdAt() == null ? Instant.EPOCH : deployment.createdAt());
    }

    private static Map<String, String> tags(ContainerService service) {
        Map<String, String> tags = new HashMap<>();
        service.tags().forEach(tag -> tags.put(tag.key(), tag.value() == null ? "" : tag.value()));
        return tags;
    }

    /** A certificate that was detached may stay as a name without domains. */
    private static Map<String, List<String>> domains(ContainerService service) {
        Map<String, List<String>> domains = new HashMap<>();
        service.publicDomainNames().forEach((certificate, names) -> {
            if (!names.isEmpty()) {
                domains.put(certificate, List.copyOf(names));
            }
        });
        return domains;
    }

    private static @Nullable ContainerServiceECRImagePullerRole puller(ContainerService service) {
        return service.privateRegistryAccess() == null
                ? null
                : service.privateRegistryAccess().ecrImagePullerRole();
    }

    private static boolean isActive(@Nullable ContainerServiceECRImagePullerRole role) {
        return role != null && Boolean.TRUE.equals(role.isActive());
    }

    private static @Nullable String pullerArn(@Nullable ContainerServiceECRImagePullerRole role) {
        String arn = role == null ? null : role.principalArn();
        return arn == null || arn.isBlank() ? null : arn;
    }

    private static <E extends Enum<E>> E recognized(Class<E> words, @Nullable String word, E otherwise) {
        return Arrays.stream(words.getEnumConstants())
                .filter(known -> known.name().equals(word))
                .findFirst()
                .orElse(otherwise);
    }

    private static <T> T needed(@Nullable T value, String member) {
        if (value == null) {
            throw new UnreadableAnswer(member);
        }
        return value;
    }

    private static <T> Observed<T> readable(Supplier<T> mapping) {
        try {
            return new Observed.Present<>(mapping.get());
        } catch (UnreadableAnswer e) {
            return new Observed.Unknown<>(new Failure.Transient(
                    "UnreadableAnswer", "AWS described the service without its " + e.member, false));
        } catch (NumberFormatException e) {
            return new Observed.Unknown<>(new Failure.Transient(
                    "UnreadableAnswer", "AWS described the service with a port that is no number", false));
        }
    }

    private static final class UnreadableAnswer extends RuntimeException {
        private final String member;

        private UnreadableAnswer(String member) {
            super(member, null, false, false);
            this.member = member;
        }
    }
}
