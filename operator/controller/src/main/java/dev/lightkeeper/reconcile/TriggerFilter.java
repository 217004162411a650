package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Map;
import java.util.Objects;

/**
 * Which updates of an object are a reason to run: spec, our annotations, deletion, finalizers. Status and foreign metadata
 * are not, or each own status write would start the next run. Replaces the framework's filter, which has to be switched
 * off ({@code withGenerationAware(false)}): it would be and-ed with this one.
 */
public final class TriggerFilter implements OnUpdateFilter<HasMetadata> {
    @Override
    public boolean accept(HasMetadata now, HasMetadata before) {
        ObjectMeta after = now.getMetadata();
        ObjectMeta earlier = before.getMetadata();
        return !Objects.equals(after.getGeneration(), earlier.getGeneration())
                || !Objects.equals(after.getDeletionTimestamp(), earlier.getDeletionTimestamp())
                || !Objects.equals(after.getFinalizers(), earlier.getFinalizers())
                || Annotations.TRIGGERS.stream()
                        .anyMatch(name -> !Objects.equals(annotation(after, name), annotation(earlier, name)));
    }

    private static String annotation(ObjectMeta metadata, String name) {
        Map<String, String> annotations = metadata.getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(name, "");
    }
}
