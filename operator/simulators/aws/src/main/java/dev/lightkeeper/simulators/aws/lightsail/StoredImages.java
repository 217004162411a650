package dev.lightkeeper.simulators.aws.lightsail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images registered to one service: {@code :service.label.N}, N counting per label. Guarded by the world's lock. */
final class StoredImages {
    private final String service;
    private final List<StoredImage> images = new ArrayList<>();
    private final Map<String, Integer> lastNumbers = new HashMap<>();

    /**
     * A registered image.
     *
     * @param reference {@code :service.label.N}
     * @param label part of the reference
     * @param digest as registered
     * @param createdAt simulated time
     * @param behavesLike the catalogue's image that it runs as; null to look itself up in the catalogue
     */
    record StoredImage(
            String reference,
            String label,
            String digest,
            Instant createdAt,
            @Nullable String behavesLike) {}

    StoredImages(String service) {
        this.service = service;
    }

    StoredImage register(String label, String digest, Instant now, @Nullable String behavesLike) {
        int number = lastNumbers.merge(label, 1, Integer::sum);
        StoredImage image =
                new StoredImage(":" + service + "." + label + "." + number, label, digest, now, behavesLike);
        images.add(image);
        return image;
    }

    List<StoredImage> newestFirst() {
        return images.reversed();
    }

    int size() {
        return images.size();
    }

    boolean remove(StoredImage image) {
        return images.remove(image);
    }

    /** The image of a reference, whose number may be {@code latest}, or null. */
    @Nullable
    StoredImage find(String reference) {
        if (reference.endsWith(".latest")) {
            String prefix = reference.substring(0, reference.length() - "latest".length());
            return images.reversed().stream()
                    .filter(i -> i.reference().equals(prefix + lastNumbers.get(i.label())))
                    .findFirst()
                    .orElse(null);
        }
        return images.stream()
                .filter(i -> i.reference().equals(reference))
                .findFirst()
                .orElse(null);
    }
}
