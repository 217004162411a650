package dev.lightkeeper.sandbox;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tells what the operator does (its events) and how conditions move, as they move, read from the Kubernetes API. */
public final class Narrator implements AutoCloseable {
    private static final List<String> TOLD = List.of(
            "Ready", "Stalled", "Degraded", "Available", "Synced", "EnvironmentValid", "ReadinessPassed", "Suspended");
    private static final Set<String> BAD_WHEN_TRUE = Set.of("Stalled", "Degraded");
    private static final Set<String> ALWAYS_TOLD = Set.of("Ready", "Stalled", "Degraded", "Suspended");
    private static final Set<String> FALSE_AT_FIRST = Set.of("Stalled", "Degraded", "Suspended");

    private final Terminal terminal;
    private final Predicate<@Nullable String> namespaces;
    private final Runnable stopListening;
    private final SharedIndexInformer<Event> events;
    private final Set<String> toldEvents = ConcurrentHashMap.newKeySet();
    private final Set<String> onceReady = ConcurrentHashMap.newKeySet();

    /** Begins to tell of these namespaces. */
    public Narrator(
            Terminal terminal, Predicate<@Nullable String> namespaces, Sightings sightings, KubernetesClient client) {
        this.terminal = terminal;
        this.namespaces = namespaces;
        this.stopListening = sightings.listen(this::seen);
        this.events = client.events().v1().events().inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Event event) {
                tell(event);
            }

            @Override
            public void onUpdate(Event before, Event now) {
                tell(now);
            }

            @Override
            public void onDelete(Event event, boolean stateUnknown) {}
        });
    }

    private void tell(Event event) {
        if (event.getRegarding() != null
                && "ServiceDeployment".equals(event.getRegarding().getKind())
                && namespaces.test(event.getRegarding().getNamespace())
                && toldEvents.add(event.getMetadata().getUid())) {
            boolean warning = "Warning".equals(event.getType());
            terminal.happened(
                    warning ? Terminal.Tone.BAD : Terminal.Tone.BUSY,
                    "%s/%s  event %s: %s"
                            .formatted(
                                    event.getRegarding().getNamespace(),
                                    event.getRegarding().getName(),
                                    event.getReason(),
                                    event.getNote()));
        }
    }

    private void seen(@Nullable ServiceDeployment before, @Nullable ServiceDeployment now) {
        if (now == null) {
            if (before != null && namespaces.test(before.getMetadata().getNamespace())) {
                terminal.happened(Terminal.Tone.PLAIN, Sightings.key(before) + "  is gone");
            }
            return;
        }
        if (!namespaces.test(now.getMetadata().getNamespace())) {
            return;
        }
        for (String type : TOLD) {
            moved(now, type, Sightings.condition(before, type), Sightings.condition(now, type));
        }
    }

    private void moved(ServiceDeployment resource, String type, Optional<Condition> before, Optional<Condition> now) {
        String was = before.map(Narrator::word).orElse(FALSE_AT_FIRST.contains(type) ? "False" : "Unknown");
        if (now.isEmpty()) {
            if (was.equals("True")) {
                terminal.happened(
                        Terminal.Tone.GOOD, "%s  %s is no longer true".formatted(Sightings.key(resource), type));
            }
            return;
        }
        Condition condition = now.get();
        boolean sameReason =
                before.map(Condition::reason).filter(condition.reason()::equals).isPresent();
        boolean sameStatus = was.equals(word(condition));
        if (sameStatus && (sameReason || !type.equals("Ready"))) {
            return;
        }
        if (type.equals("Ready") && condition.status() == ConditionStatus.True) {
            var _ = onceReady.add(Sightings.key(resource));
        }
        if (!ALWAYS_TOLD.contains(type) && !onceReady.contains(Sightings.key(resource))) {
            // What is found out about a new service on the way to Ready is no news.
            return;
        }
        terminal.happened(
                tone(type, condition),
                "%s  %s %s: %s. %s"
                        .formatted(
                                Sightings.key(resource),
                                type,
                                sameStatus ? word(condition) : was + " → " + word(condition),
                                condition.reason(),
                                condition.message()));
    }

    private static String word(Condition condition) {
        return String.valueOf(condition.status());
    }

    private static Terminal.Tone tone(String type, Condition condition) {
        ConditionStatus good =
                BAD_WHEN_TRUE.contains(type) || type.equals("Suspended") ? ConditionStatus.False : ConditionStatus.True;
        if (condition.status() == ConditionStatus.Unknown) {
            return Terminal.Tone.PLAIN;
        }
        return condition.status() == good ? Terminal.Tone.GOOD : Terminal.Tone.BAD;
    }

    @Override
    public void close() {
        stopListening.run();
        events.close();
    }
}
