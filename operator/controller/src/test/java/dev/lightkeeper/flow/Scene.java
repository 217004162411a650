package dev.lightkeeper.flow;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.readers.ArgoHealth;
import dev.lightkeeper.readers.Kstatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A state that a resource can be in, how it comes there, and what each reader then has to see. */
public final class Scene {
    private final String section;
    private final String title;
    private final String when;
    private final Supplier<Flow> beginning;
    private final Consumer<Flow> story;
    private final List<String> expected;

    /**
     * Describes one.
     *
     * @param expected Ready, Reconciling, Stalled, Degraded, Available, kstatus and Argo CD's health, separated by bars:
     *     the first letter of the status and, where the status alone does not say it, the reason
     * @param beginning a resource that nobody has looked at yet
     */
    Scene(String section, String title, String when, String expected, Supplier<Flow> beginning, Consumer<Flow> story) {
        this.section = section;
        this.title = title;
        this.when = when;
        this.beginning = beginning;
        this.story = story;
        this.expected = List.of(expected.split(" \\| "));
    }

    /** What is seen of the resource. */
    public record Seen(List<Condition> conditions, Kstatus kstatus, ArgoHealth argoHealth) {
        static Seen of(Flow flow) {
            ServiceDeploymentStatus status = flow.store.status();
            boolean deleted = flow.manifest.resource(status).isMarkedForDeletion();
            Long generation = flow.manifest.generation();
            Long observed = status.observedGeneration();
            return new Seen(
                    status.conditions(),
                    Kstatus.of(deleted, generation, observed, status.conditions()),
                    ArgoHealth.of(deleted, generation, observed, status.conditions()));
        }

        /** The condition of that type. */
        public Optional<Condition> condition(String type) {
            return conditions.stream()
                    .filter(condition -> condition.type().equals(type))
                    .findFirst();
        }

        /** As {@link Scene} describes its expectation. */
        public List<String> columns() {
            return List.of(
                    column("Ready", true),
                    column("Reconciling", true),
                    column("Stalled", true),
                    column("Degraded", is("Degraded", ConditionStatus.True)),
                    column("Available", false),
                    kstatus.name(),
                    argoHealth.name());
        }

        /** The columns of Ready, Reconciling, Stalled, Degraded and Available, separated by bars. */
        public String conditionColumns() {
            return String.join(" | ", columns().subList(0, 5));
        }

        /** Whether it has that status. */
        public boolean is(String type, ConditionStatus status) {
            return condition(type).filter(found -> found.status() == status).isPresent();
        }

        private String column(String type, boolean reason) {
            @Nullable Condition found = condition(type).orElse(null);
            if (found == null) {
                return "–";
            }
            String letter = found.status().name().substring(0, 1);
            return reason ? letter + " " + found.reason() : letter;
        }
    }

    /** Under which heading it belongs. */
    public String section() {
        return section;
    }

    /** The state in a few words. */
    public String title() {
        return title;
    }

    /** What has happened. */
    public String when() {
        return when;
    }

    /** What has to be seen. */
    public List<String> expected() {
        return expected;
    }

    /** Makes it happen and looks. */
    public Seen play() {
        Flow flow = beginning.get();
        story.accept(flow);
        return Seen.of(flow);
    }

    @Override
    public String toString() {
        return section + ": " + title;
    }
}
