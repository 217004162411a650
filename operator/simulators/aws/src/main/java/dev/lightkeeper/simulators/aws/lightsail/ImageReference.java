package dev.lightkeeper.simulators.aws.lightsail;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms of images that Lightsail takes. */
final class ImageReference {
    private static final Pattern STORED =
            Pattern.compile(":([a-z0-9][a-z0-9-]*)\\.([a-z0-9][a-z0-9-]*)\\.(\\d{1,9}|latest)");
    private static final Pattern ECR =
            Pattern.compile("(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com/([^:@]+)(?:[:@].+)?");
    private static final Pattern REGISTRY = Pattern.compile("(?:[a-zA-Z0-9.-]+(?::\\d{1,5})?/)?"
            + "[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*"
            + "(?::\\w[\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?");

    private ImageReference() {}

    /**
     * An image in ECR.
     *
     * @param account that owns the repository
     * @param region of the registry
     * @param repository without tag
     */
    record Ecr(String account, String region, String repository) {}

    static boolean isValid(String image) {
        return image.length() <= 512
                && (image.startsWith(":")
                        ? STORED.matcher(image).matches()
                        : REGISTRY.matcher(image).matches());
    }

    static boolean isStored(String image) {
        return image.startsWith(":");
    }

    static @Nullable Ecr ecr(String image) {
        Matcher matcher = ECR.matcher(image);
        return matcher.matches() ? new Ecr(matcher.group(1), matcher.group(2), matcher.group(3)) : null;
    }
}
