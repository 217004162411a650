package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlTest extends ManualWorld {
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void closeHttp() {
        http.close();
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(aws.endpoint() + "/_simulator/" + path))
                        .method(method, BodyPublishers.ofString(body.replace('\'', '"')))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode ok(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send(method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).doesNotContain("hunter2");
        return new JsonMapper().readTree(response.body());
    }

    private void refused(int status, String method, String path, String body) throws IOException, InterruptedException {
        assertThat(send(method, path, body).statusCode()).isEqualTo(status);
    }

    @Test
    void parametersAndWhatPeopleDoToThem() throws IOException, InterruptedException {
        String name = "'name':'/shop/api/DSN'";
        ok("POST", "parameters?region=" + Sdk.REGION, "{" + name + ",'type':'SecureString','value':'hunter2'}");
        ok("POST", "parameters?region=" + Sdk.REGION, "{" + name + ",'type':'SecureString','value':'hunter2b'}");
        ok("POST", "parameter-labels?region=" + Sdk.REGION, "{" + name + ",'version':2,'label':'live'}");
        JsonNode shown = ok("GET", "parameters?region=" + Sdk.REGION, "").path(0);
        assertThat(shown.path("version").asLong()).isEqualTo(2);
        assertThat(shown.path("labels").path(0).asText()).isEqualTo("live");
        ok("POST", "keys?region=" + Sdk.REGION, "{'name':'alias/aws/ssm','denied':false}");
        refused(409, "POST", "parameters?region=" + Sdk.REGION, "{'name':'/ssm/x','value':'v'}");
        refused(400, "GET", "parameters", "");
        ok("DELETE", "parameters?region=" + Sdk.REGION + "&name=/shop/api/DSN", "");
        refused(409, "DELETE", "parameters?region=" + Sdk.REGION + "&name=/shop/api/DSN", "");
    }

    @Test
    void servicesAndWhatPeopleDoToThem() throws IOException, InterruptedException {
        ok("POST", "services/made/create?region=" + Sdk.REGION, "{'power':'nano','scale':1}");
        running("web");

        assertThat(ok("GET", "services", "")).hasSize(2);
        assertThat(ok("GET", "services/web", "").path("state").asText()).isEqualTo("RUNNING");
        assertThat(ok("POST", "services/web/deploy", "{'image':'acme/app:2'}")
                        .path("version")
                        .asInt())
                .isEqualTo(2);
        refused(409, "POST", "services/web/scale", "{'scale':2}");
        ok("POST", "services/web/freeze", "");
        ok("POST", "services/web/unfreeze", "");
        ok("POST", "clock", "{'advanceSeconds':1800}");
        assertThat(ok("GET", "services/web", "").path("currentVersion").asInt()).isEqualTo(2);
        ok("POST", "services/web/break-node", "{'node':0}");
        ok("POST", "services/web/heal-node", "{'node':0}");
        ok("POST", "services/web/tag", "{'key':'owner','value':'somebody else'}");
        assertThat(ok("POST", "services/web/register-image", "{'label':'api'}")
                        .path("image")
                        .asText())
                .isEqualTo(":web.api.1");
        ok("POST", "services/web/scale", "{'scale':2}");
        ok("POST", "clock", "{'advanceSeconds':1800}");
        ok("POST", "services/web/power", "{'power':'small'}");
        ok("POST", "clock", "{'advanceSeconds':1800}");
        ok("POST", "services/web/disable", "");
        ok("POST", "clock", "{'advanceSeconds':1800}");
        ok("POST", "services/web/enable", "");
        ok("POST", "services/made/stick", "{'code':'UNKNOWN_ERROR'}");
        ok("POST", "services/web/recreate", "");
        ok("POST", "services/web/delete", "");
        ok("POST", "services/made/vanish", "");
        refused(404, "GET", "services/made", "");
        refused(404, "POST", "services/web/explode", "");
        assertThat(ok("GET", "cost", "").path("usd").asDouble()).isPositive();
    }

    @Test
    void faultsAndAudit() throws IOException, InterruptedException {
        JsonNode fault = ok(
                "POST",
                "faults",
                "{'kind':'SLOW','operation':'GetContainerServices','count':1," + "'delaySeconds':0.01}");
        client.getContainerServices(r -> {});

        assertThat(ok("GET", "faults", "").get(0).path("hits").asInt()).isEqualTo(1);
        assertThat(ok("GET", "audit?operation=GetContainerServices", "")
                        .get(0)
                        .path("fault")
                        .asText())
                .isEqualTo("SLOW");
        assertThat(ok("GET", "audit?mutations=true", "")).isEmpty();
        ok("DELETE", "faults/" + fault.path("id").asInt(), "");
        assertThat(ok("GET", "faults", "")).isEmpty();
        ok("DELETE", "audit", "");
        assertThat(ok("GET", "audit", "")).isEmpty();
        refused(400, "POST", "faults", "{'kind':'NONSENSE'}");
        refused(400, "POST", "faults", "nonsense");
        refused(404, "DELETE", "faults/77", "");
        refused(404, "GET", "nonsense", "");
    }

    @Test
    void theRestOfTheWorld() throws IOException, InterruptedException {
        ok("GET", "", "");
        ok("POST", "certificates?region=" + Sdk.REGION, "{'name':'cert','domains':['a.example']}");
        ok("POST", "names?region=" + Sdk.REGION, "{'name':'taken'}");
        ok("POST", "closed-repositories?region=" + Sdk.REGION, "{'name':'team/app'}");
        ok("POST", "sessions", "");
        assertThat(ok("POST", "clock", "{'speed':10}").path("speed").asDouble()).isEqualTo(10);
        refused(400, "POST", "names", "{'name':'taken'}");
    }

    @Test
    void webPagesAreRefused() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(aws.endpoint() + "/_simulator/clock"))
                .header("Origin", "https://attacker.example")
                .POST(BodyPublishers.ofString("{}"))
                .build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
    }
}
