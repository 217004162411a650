package dev.lightkeeper.status;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image that was pushed to Lightsail: {@code :service.label.number}.
 *
 * @param family the service and the label, with the dots around them
 * @param number counts up with each push of the label
 */
record StoredImage(String family, int number) {
    private static final Pattern REFERENCE = Pattern.compile("(:[^.:]+\\.[^.:]+\\.)(\\d{1,9})");

    /** Empty for an image of another registry. */
    static Optional<StoredImage> of(String reference) {
        Matcher matcher = REFERENCE.matcher(reference);
        return matcher.matches()
                ? Optional.of(new StoredImage(matcher.group(1), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** Those of {@code references} that are stored at Lightsail. */
    static List<StoredImage> among(Collection<String> references) {
        return references.stream()
                .flatMap(reference -> of(reference).stream())
                .distinct()
                .sorted(Comparator.comparing(StoredImage::family).thenComparingInt(StoredImage::number))
                .toList();
    }

    /** The one of the same label that was pushed last; empty where none is there any more. */
    Optional<StoredImage> newest(Collection<String> pushed) {
        return pushed.stream()
                .filter(reference -> reference.startsWith(family))
                .flatMap(reference -> of(reference).stream())
                .max(Comparator.comparingInt(StoredImage::number));
    }

    @Override
    public String toString() {
        return family + number;
    }
}
