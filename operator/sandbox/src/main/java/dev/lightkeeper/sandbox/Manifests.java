package dev.lightkeeper.sandbox;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Objects as files declare them, applied as {@code kubectl apply --server-side} does. */
public final class Manifests {
    /** Who owns the fields; {@code kubectl} and {@code kubectl edit} may take them over. */
    private static final String FIELD_MANAGER = "sandbox";

    private static final List<String> CRDS =
            List.of("crds/awsaccounts.lightkeeper.dev.yaml", "crds/servicedeployments.lightkeeper.dev.yaml");
    private static final List<String> FIRST =
            List.of("CustomResourceDefinition", "Namespace", "AwsAccount", "ConfigMap", "Secret");
    private static final long CRD_SECONDS = 30;

    private final KubernetesClient client;

    /** With the rights of this client. */
    public Manifests(KubernetesClient client) {
        this.client = client;
    }

    /** Installs the CRDs of this version and waits until objects of them can be stored. */
    public void installCrds() {
        // At once, since compiling their rules is what takes longest when the embedded API starts. Not in a parallel
        // stream:
        // the HTTP client of the JDK hands its answers out in the common pool, so that nothing may wait for one there.
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> installed = CRDS.stream()
                    .map(name -> each.submit(() -> installCrd(name)))
                    .toList();
            for (Future<?> crd : installed) {
                crd.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException why ? why : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("the start was interrupted", e);
        }
    }

    private void installCrd(String name) {
        try (InputStream file = Manifests.class.getClassLoader().getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing in the jar");
            }
            for (HasMetadata crd : client.load(file).items()) {
                var _ = apply(crd);
                client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(crd.getMetadata().getName())
                        .waitUntilCondition(Manifests::established, CRD_SECONDS, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read from the jar", e);
        }
    }

    private static boolean established(@Nullable CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    /**
     * Reads a file, or all YAML files of a folder.
     *
     * @return in an order in which each finds what it refers to
     */
    public List<HasMetadata> read(Path path) {
        List<HasMetadata> found = new ArrayList<>();
        for (Path file : files(path)) {
            try (InputStream content = Files.newInputStream(file)) {
                found.addAll(client.load(content).items());
            } catch (IOException | RuntimeException e) {
                throw new CannotStart("--apply: %s cannot be read: %s".formatted(file, firstLine(e)), e);
            }
        }
        if (found.isEmpty()) {
            throw new CannotStart("--apply: %s declares nothing".formatted(path));
        }
        return inOrder(found);
    }

    /** Reads YAML documents. */
    public List<HasMetadata> parse(InputStream yaml) {
        return inOrder(client.load(yaml).items());
    }

    /** Applies one object; the answer is what is stored. */
    public HasMetadata apply(HasMetadata object) {
        return client.resource(object)
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    private static List<HasMetadata> inOrder(List<HasMetadata> objects) {
        return objects.stream()
                .sorted(Comparator.comparingInt(object -> {
                    int place = FIRST.indexOf(object.getKind());
                    return place < 0 ? FIRST.size() : place;
                }))
                .toList();
    }

    private static List<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CannotStart("--apply: %s cannot be read".formatted(path), e);
        }
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
