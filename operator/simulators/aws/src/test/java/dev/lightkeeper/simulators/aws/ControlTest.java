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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ssm.SsmClient;

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
    void instancesAndWhatPeopleDoToThem() throws IOException, InterruptedException {
        String at = "?region=" + Sdk.REGION;
        String launched = ok("POST", "instances" + at, "{'tags':{'Service':'web'}}")
                .path("id")
                .asText();
        JsonNode running = ok("POST", "instances" + at, "{'running':true,'tags':{'Service':'web'}}");
        assertThat(running.path("state").asText()).isEqualTo("RUNNING");
        String id = running.path("id").asText();
        assertThat(ok("GET", "instances" + at, "")).hasSize(2);
        assertThat(ok("GET", "instances?region=us-east-1", "")).isEmpty();
        assertThat(ok("GET", "", "").path("instances").asInt()).isEqualTo(2);

        ok("POST", "instances/" + id + "/tag", "{'key':'Owner','value':'ops'}");
        ok("POST", "instances/" + id + "/tag", "{'key':'Service'}");
        ok("POST", "instances/" + id + "/protect", "");
        ok("POST", "instances/" + id + "/impair", "{'impaired':false}");
        ok("POST", "instances/" + id + "/agent-offline", "");
        ok("POST", "instances/" + id + "/agent-version", "{'version':'3.0.0.0'}");
        JsonNode shown = ok("GET", "instances/" + id, "");
        assertThat(shown.path("tags").path("Owner").asText()).isEqualTo("ops");
        assertThat(shown.path("tags").has("Service")).isFalse();
        assertThat(shown.path("agent").path("version").asText()).isEqualTo("3.0.0.0");
        assertThat(shown.path("agent").path("offlineSince").asText()).isEqualTo(START.toString());
        ok("POST", "instances/" + id + "/agent-online", "");
        ok("POST", "instances/" + id + "/stop", "");
        refused(409, "POST", "instances/" + id + "/start", "");
        pass(Duration.ofMinutes(2));
        ok("POST", "instances/" + id + "/start", "");
        ok("POST", "instances/" + id + "/agent-remove", "");
        assertThat(ok("POST", "instances/" + launched + "/terminate", "")
                        .path("state")
                        .asText())
                .isEqualTo("SHUTTING_DOWN");
        ok("POST", "capacity" + at, "{'refused':true,'instances':5,'failNextLaunch':'Server.InternalError'}");
        ok("POST", "command-rights" + at, "{'instance':'" + id + "','denied':true,'acceptStopped':true}");
        assertThat(ok("GET", "commands" + at, "")).isEmpty();
        refused(404, "POST", "instances/" + id + "/explode", "");
        refused(404, "GET", "instances/i-0", "");
        refused(400, "POST", "instances", "");
    }

    @Test
    void commandsAreShownWithoutScriptAndOutput() throws IOException, InterruptedException {
        String id = aws.ec2(Sdk.REGION).running(Map.of());
        try (SsmClient ssm = Sdk.ssm(aws)) {
            ssm.sendCommand(r -> r.documentName("AWS-RunShellScript")
                    .instanceIds(id)
                    .comment("operation 1")
                    .parameters(Map.of("commands", List.of("echo hunter2"))));
        }
        JsonNode shown = ok("GET", "commands?region=" + Sdk.REGION, "").path(0);
        assertThat(shown.path("comment").asText()).isEqualTo("operation 1");
        assertThat(shown.path("instances").path(id).asText()).isEqualTo("Pending");
        assertThat(ok("GET", "audit?operation=SendCommand", "")
                        .path(0)
                        .path("comment")
                        .asText())
                .isEqualTo("operation 1");
    }

    @Test
    void logLinesThatAgentsWrite() throws IOException, InterruptedException {
        String at = "?region=" + Sdk.REGION;
        ok("POST", "log-groups" + at, "{'name':'/shop/production','retentionDays':7,'emptyFirstPage':true}");
        ok("POST", "log-events" + at, "{'group':'/shop/production','stream':'web/1','message':'hunter2'}");
        JsonNode shown = ok("GET", "log-groups" + at, "").path(0);
        assertThat(shown.path("events").asInt()).isEqualTo(1);
        assertThat(shown.path("streams").path(0).asText()).isEqualTo("web/1");
        refused(400, "POST", "log-events" + at, "{'group':'a b','stream':'web/1','message':'x'}");
        ok("DELETE", "log-groups" + at + "&name=/shop/production", "");
        assertThat(ok("GET", "log-groups" + at, "")).isEmpty();
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
