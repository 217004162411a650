package dev.lightkeeper.simulators.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.simulators.kubernetes.Clients.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every client relies on, over plain HTTP. */
class ServerIT {
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String GADGETS = "/apis/example.dev/v1/namespaces/default/gadgets";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private KubernetesApi api;

    @BeforeEach
    void start() {
        api = KubernetesApi.builder().history(50).start();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void onlyTheTokenOpensIt() {
        URI url = URI.create(api.url() + "/api");
        assertThat(Clients.send(HttpRequest.newBuilder(url).build()).status()).isEqualTo(401);
        HttpRequest wrong =
                HttpRequest.newBuilder(url).header("Authorization", "Bearer x").build();
        assertThat(Clients.send(wrong).status()).isEqualTo(401);
        assertThat(Clients.get(api, "/api").status()).isEqualTo(200);
        URI withToken = URI.create(api.url() + "/" + api.token() + "/api");
        assertThat(Clients.send(HttpRequest.newBuilder(withToken).build()).status())
                .isEqualTo(200);
    }

    @Test
    void aWatchGoesOnWhereAListEnded() {
        create("a");
        String version = Clients.get(api, CONFIG_MAPS)
                .tree()
                .path("metadata")
                .path("resourceVersion")
                .asText();
        create("b");
        delete(CONFIG_MAPS + "/a");
        assertThat(events(watch(CONFIG_MAPS, "resourceVersion=" + version))).containsExactly("ADDED b", "DELETED a");
    }

    @Test
    void aWatchOfWhatIsForgottenIsToldToListAgain() {
        create("a");
        for (int i = 0; i < 60; i++) {
            var _ = patch(CONFIG_MAPS + "/a", "{\"data\":{\"n\":\"%d\"}}".formatted(i));
        }
        JsonNode event = watch(CONFIG_MAPS, "resourceVersion=2");
        assertThat(event.path("type").asText()).isEqualTo("ERROR");
        assertThat(event.path("object").path("code").asInt()).isEqualTo(410);
        assertThat(event.path("object").path("reason").asText()).isEqualTo("Expired");
    }

    @Test
    void aWatchWithASelectorTellsWhatEntersAndLeavesTheSelection() {
        create("a");
        String version = version(CONFIG_MAPS + "/a");
        var _ = patch(CONFIG_MAPS + "/a", "{\"metadata\":{\"labels\":{\"l\":\"1\"}}}");
        var _ = patch(CONFIG_MAPS + "/a", "{\"data\":{\"n\":\"1\"}}");
        var _ = patch(CONFIG_MAPS + "/a", "{\"metadata\":{\"labels\":null}}");
        assertThat(events(watch(CONFIG_MAPS, "labelSelector=l=1&resourceVersion=" + version)))
                .containsExactly("ADDED a", "MODIFIED a", "DELETED a");
    }

    @Test
    void initialEventsEndWithABookmark() {
        create("a");
        JsonNode all =
                watch(CONFIG_MAPS, "sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan");
        assertThat(events(all)).containsExactly("ADDED a", "BOOKMARK ");
        assertThat(all.path(1).at("/object/metadata/annotations").toString()).contains("initial-events-end");
    }

    @Test
    void chunksOfAListShowOneMoment() {
        for (String name : List.of("a", "b", "c")) {
            create(name);
        }
        JsonNode first = Clients.get(api, CONFIG_MAPS + "?limit=2").tree();
        assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(1);
        delete(CONFIG_MAPS + "/c");
        create("d");
        String token = first.at("/metadata/continue").asText();
        JsonNode second =
                Clients.get(api, CONFIG_MAPS + "?limit=2&continue=" + token).tree();
        assertThat(names(second)).containsExactly("c");
        for (int i = 0; i < 60; i++) {
            var _ = patch(CONFIG_MAPS + "/a", "{\"data\":{\"n\":\"%d\"}}".formatted(i));
        }
        Reply late = Clients.get(api, CONFIG_MAPS + "?limit=2&continue=" + token);
        assertThat(late.status()).isEqualTo(410);
        String anyway = late.tree().at("/metadata/continue").asText();
        assertThat(names(Clients.get(api, CONFIG_MAPS + "?continue=" + anyway).tree()))
                .containsExactly("d");
    }

    @Test
    void aWriteThatChangesNothingIsNone() {
        create("a");
        String before = version(CONFIG_MAPS + "/a");
        var _ = patch(CONFIG_MAPS + "/a", "{\"data\":null}");
        assertThat(version(CONFIG_MAPS + "/a")).isEqualTo(before);
    }

    @Test
    void aDryRunChangesNothing() {
        Reply created = Clients.post(api, CONFIG_MAPS + "?dryRun=All", configMap("a"));
        assertThat(created.status()).isEqualTo(201);
        assertThat(Clients.get(api, CONFIG_MAPS + "/a").status()).isEqualTo(404);
        Reply crd = Clients.call(
                api,
                "POST",
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All",
                Clients.text("/gadgets.yaml"),
                "Content-Type",
                "application/yaml");
        assertThat(crd.status()).isEqualTo(201);
        assertThat(Clients.get(api, GADGETS).status()).isEqualTo(404);
    }

    @Test
    void anObjectStaysUntilItsFinalizersAreGone() {
        Clients.define(api, "/gadgets.yaml");
        var _ = Clients.post(api, GADGETS, gadget("g", "\"finalizers\":[\"e.io/f\"]", "{}"));
        JsonNode marked = delete(GADGETS + "/g").tree();
        assertThat(marked.at("/metadata/deletionTimestamp").asText()).isNotEmpty();
        assertThat(marked.at("/metadata/generation").asInt()).isEqualTo(2);
        String version = version(GADGETS + "/g");
        delete(GADGETS + "/g");
        assertThat(version(GADGETS + "/g")).isEqualTo(version);
        assertThat(patch(GADGETS + "/g", "{\"metadata\":{\"finalizers\":[\"e.io/f\",\"e.io/g\"]}}")
                        .tree()
                        .path("message")
                        .asText())
                .contains("no new finalizers can be added if the object is being deleted");
        var _ = patch(GADGETS + "/g", "{\"metadata\":{\"finalizers\":null}}");
        assertThat(Clients.get(api, GADGETS + "/g").status()).isEqualTo(404);
    }

    @Test
    void aNamespaceGoesWhenItIsEmpty() {
        var _ = Clients.post(api, "/api/v1/namespaces", "{\"metadata\":{\"name\":\"n\"}}");
        String inside = "/api/v1/namespaces/n/configmaps";
        var _ = Clients.post(api, inside, "{\"metadata\":{\"name\":\"free\"}}");
        var _ = Clients.post(api, inside, "{\"metadata\":{\"name\":\"held\",\"finalizers\":[\"e.io/f\"]}}");
        assertThat(delete("/api/v1/namespaces/n").tree().at("/status/phase").asText())
                .isEqualTo("Terminating");
        assertThat(names(Clients.get(api, inside).tree())).containsExactly("held");
        Reply refused = Clients.post(api, inside, "{\"metadata\":{\"name\":\"new\"}}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.tree().path("message").asText())
                .isEqualTo("configmaps \"new\" is forbidden: unable to create new content in namespace n because it is"
                        + " being terminated");
        var _ = patch(inside + "/held", "{\"metadata\":{\"finalizers\":null}}");
        assertThat(Clients.get(api, "/api/v1/namespaces/n").status()).isEqualTo(404);
    }

    @Test
    void instancesGoWithTheirDefinition() {
        Clients.define(api, "/gadgets.yaml");
        var _ = Clients.post(api, GADGETS, gadget("g", "\"finalizers\":[\"e.io/f\"]", "{}"));
        String crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.example.dev";
        delete(crd);
        assertThat(Clients.get(api, GADGETS + "/g")
                        .tree()
                        .at("/metadata/deletionTimestamp")
                        .asText())
                .isNotEmpty();
        assertThat(Clients.post(api, GADGETS, gadget("h", "", "{}")).status()).isEqualTo(403);
        var _ = patch(GADGETS + "/g", "{\"metadata\":{\"finalizers\":null}}");
        assertThat(Clients.get(api, crd).status()).isEqualTo(404);
        assertThat(Clients.get(api, GADGETS).status()).isEqualTo(404);
    }

    @Test
    void onlyChangesOfTheSpecCount() {
        Clients.define(api, "/gadgets.yaml");
        var _ = Clients.post(api, GADGETS, gadget("g", "", "{\"scale\":2}"));
        var _ = patch(GADGETS + "/g", "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"status\":{\"scale\":1}}");
        var _ = patch(GADGETS + "/g/status", "{\"status\":{\"scale\":2},\"spec\":{\"scale\":9}}");
        JsonNode gadget = Clients.get(api, GADGETS + "/g").tree();
        assertThat(gadget.at("/metadata/generation").asInt()).isEqualTo(1);
        assertThat(gadget.at("/status/scale").asInt()).isEqualTo(2);
        assertThat(gadget.at("/spec/scale").asInt()).isEqualTo(2);
        JsonNode scaled =
                patch(GADGETS + "/g/scale", "{\"spec\":{\"replicas\":5}}").tree();
        assertThat(scaled.path("kind").asText()).isEqualTo("Scale");
        assertThat(Clients.get(api, GADGETS + "/g")
                        .tree()
                        .at("/metadata/generation")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aStrictClientHearsOfUnknownFieldsAndOthersAreWarned() {
        Clients.define(api, "/gadgets.yaml");
        String body = gadget("g", "", "{\"color\":\"red\"}");
        Reply strict = Clients.post(api, GADGETS + "?fieldValidation=Strict", body);
        assertThat(strict.tree().path("message").asText())
                .isEqualTo("Gadget in version \"v1\" cannot be handled as a Gadget: strict decoding error: unknown"
                        + " field \"spec.color\"");
        Reply warned = Clients.post(api, GADGETS, body);
        assertThat(warned.raw().headers().allValues("Warning"))
                .containsExactly("299 - \"unknown field \\\"spec.color\\\"\"");
        assertThat(warned.tree().at("/spec/color").isMissingNode()).isTrue();
    }

    @Test
    void tablesShowTheColumnsOfADefinition() {
        Clients.define(api, "/gadgets.yaml");
        var _ = Clients.post(api, GADGETS, gadget("g", "", "{\"scale\":2}"));
        var _ = patch(
                GADGETS + "/g/status", "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
        JsonNode table = Clients.get(api, GADGETS, "Accept", TABLE).tree();
        assertThat(table.path("kind").asText()).isEqualTo("Table");
        assertThat(table.path("rows").path(0).path("cells").toString()).startsWith("[\"g\",\"True\",2,null,\"");
    }

    @Test
    void anUpgradeToWebSocketIsAnsweredAtOnceSoThatClientsFallBack() throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), api.url().getPort())) {
            socket.getOutputStream()
                    .write(("GET " + CONFIG_MAPS + "?watch=true HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                                    + "Upgrade: websocket\r\nAuthorization: Bearer " + api.token() + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void eventsOfBothApisAreTheSame() {
        var _ = Clients.post(
                api,
                "/apis/events.k8s.io/v1/namespaces/default/events",
                "{\"metadata\":{\"name\":\"e\"},\"regarding\":{\"kind\":\"A\",\"name\":\"b\",\"namespace\":\"default\"},"
                        + "\"note\":\"hello\",\"reason\":\"R\",\"type\":\"Normal\"}");
        JsonNode event = Clients.get(api, "/api/v1/namespaces/default/events/e").tree();
        assertThat(event.path("message").asText()).isEqualTo("hello");
        assertThat(event.at("/involvedObject/name").asText()).isEqualTo("b");
        assertThat(names(Clients.get(api, "/api/v1/events?fieldSelector=involvedObject.name=b")
                        .tree()))
                .containsExactly("e");
    }

    @Test
    void allRequestsAreInTheAudit() {
        create("a");
        var _ = Clients.get(api, CONFIG_MAPS + "/nope");
        assertThat(api.audit())
                .extracting(
                        e -> "%s %s/%s %s %d".formatted(e.verb(), e.namespace(), e.resource(), e.name(), e.status()))
                .containsSequence("create default/configmaps  201", "get default/configmaps nope 404");
    }

    @Test
    void faultsStrikeAsOftenAsTheyAreToldTo() {
        api.faults().fail(2, "list", "configmaps", 503);
        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(Clients.get(api, CONFIG_MAPS).status());
        }
        assertThat(answers).containsExactly(503, 503, 200);
    }

    @Test
    void aHangingRequestGetsNoAnswer() {
        api.faults().hang(1, "get", "configmaps");
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.url() + CONFIG_MAPS + "/a"))
                .header("Authorization", "Bearer " + api.token())
                .timeout(Duration.ofMillis(300))
                .build();
        assertThatThrownBy(() -> Clients.send(request)).hasCauseInstanceOf(HttpTimeoutException.class);
    }

    private void create(String name) {
        assertThat(Clients.post(api, CONFIG_MAPS, configMap(name)).status()).isEqualTo(201);
    }

    private static String configMap(String name) {
        return "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name + "\"}}";
    }

    private static String gadget(String name, String metadata, String spec) {
        return "{\"kind\":\"Gadget\",\"apiVersion\":\"example.dev/v1\",\"metadata\":{\"name\":\"%s\"%s},\"spec\":%s}"
                .formatted(name, metadata.isEmpty() ? "" : "," + metadata, spec);
    }

    private Reply patch(String path, String patch) {
        return Clients.patch(api, path, "merge-patch+json", patch);
    }

    private Reply delete(String path) {
        return Clients.call(api, "DELETE", path, "");
    }

    private JsonNode watch(String path, String query) {
        return Clients.get(api, path + "?watch=true&timeoutSeconds=1&" + query).tree();
    }

    private String version(String path) {
        return Clients.get(api, path).tree().at("/metadata/resourceVersion").asText();
    }

    private static List<String> events(JsonNode stream) {
        List<String> events = new ArrayList<>();
        (stream.isArray() ? stream : List.of(stream))
                .forEach(event -> events.add(event.path("type").asText() + " "
                        + event.at("/object/metadata/name").asText()));
        return events;
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.path("items").forEach(item -> names.add(item.at("/metadata/name").asText()));
        return names;
    }
}
