package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.lightsail.LightsailApi;
import dev.lightkeeper.simulators.aws.ssm.SsmApi;
import dev.lightkeeper.simulators.aws.sts.Credentials.Role;
import dev.lightkeeper.simulators.aws.sts.StsApi;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds every answer of every operation against AWS's published models. */
class ServiceModelIT extends ManualWorld {
    private static final Pattern CONTAINER_OPERATIONS = Pattern.compile(".*Container.*|TagResource|UntagResource");

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> covered = new TreeSet<>();
    private final List<String> violations = new ArrayList<>();
    private String data = "";

    @BeforeEach
    void findModels() {
        String folder = System.getenv("BOTOCORE_DATA");
        assumeTrue(
                folder != null && !folder.isBlank(),
                "Skipped: BOTOCORE_DATA does not name a directory botocore/data with AWS's service models.");
        data = folder;
    }

    @AfterEach
    void closeHttp() {
        http.close();
    }

    private static String authorization(String service) {
        return "AWS4-HMAC-SHA256 Credential=" + AwsSimulator.DEFAULT_ACCESS_KEY + "/20261122/" + Sdk.REGION + "/"
                + service + "/aws4_request, SignedHeaders=host, Signature=" + "0".repeat(64);
    }

    private HttpResponse<String> post(Map<String, String> headers, String body) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(aws.endpoint() + "/")).POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private JsonNode call(ServiceModel model, String operation, String body) throws IOException {
        HttpResponse<String> response = post(
                Map.of(
                        "X-Amz-Target",
                        model.targetPrefix() + "." + operation,
                        "Content-Type",
                        "application/x-amz-json-1.1",
                        "Authorization",
                        authorization(model.signingName())),
                body.replace('\'', '"'));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-amz-json-1.1");
        assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
        JsonNode answer = mapper.readTree(response.body());
        covered.add(operation);
        violations.addAll(model.violations(operation, answer));
        return answer;
    }

    private void refused(ServiceModel model, String operation, String body) throws IOException {
        refused(model, operation, body, "__type", "code", "docs", "message", "tip");
    }

    private void refused(ServiceModel model, String operation, String body, String... members) throws IOException {
        HttpResponse<String> response = post(
                Map.of(
                        "X-Amz-Target",
                        model.targetPrefix() + "." + operation,
                        "Authorization",
                        authorization(model.signingName())),
                body.replace('\'', '"'));
        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = mapper.readTree(response.body());
        assertThat(error.properties().stream().map(Map.Entry::getKey)).containsExactlyInAnyOrder(members);
        assertThat(model.declares(operation, error.path("__type").asText()))
                .as(operation + " declares " + error)
                .isTrue();
    }

    @Test
    void lightsailAnswersAsItsModelSays() throws IOException {
        ServiceModel model = ServiceModel.read(Path.of(data), "lightsail", "2016-11-28");
        region().certificate("cert", "www.example.com");
        String web = "{'serviceName':'web'}";

        call(model, "GetContainerServicePowers", "{}");
        call(model, "GetContainerAPIMetadata", "{}");
        refused(model, "CreateContainerServiceRegistryLogin", "{}");
        refused(model, "GetContainerServices", web);
        refused(model, "CreateContainerService", "{'serviceName':'Web','power':'nano','scale':1}");
        call(model, "CreateContainerService", """
                {'serviceName':'web','power':'nano','scale':2,'tags':[{'key':'a','value':'b'},{'key':'only'}],
                 'publicDomainNames':{'cert':['www.example.com']},
                 'privateRegistryAccess':{'ecrImagePullerRole':{'isActive':true}},
                 'deployment':{'containers':{'app':{'image':'acme/app:1','environment':{'A':'B'},
                   'command':['run'],'ports':{'8080':'HTTP'}}},
                   'publicEndpoint':{'containerName':'app','containerPort':8080}}}
                """);
        for (int i = 0; i < 60; i++) {
            call(model, "GetContainerServices", "{}");
            pass(Duration.ofSeconds(15));
        }
        assertThat(region().service("web").currentVersion()).isEqualTo(1);
        call(model, "CreateContainerServiceRegistryLogin", "{}");
        String digest = "sha256:" + "0a".repeat(32);
        call(model, "RegisterContainerImage", "{'serviceName':'web','label':'api','digest':'" + digest + "'}");
        call(model, "GetContainerImages", web);
        call(
                model,
                "CreateContainerServiceDeployment",
                "{'serviceName':'web','containers':{'app':{'image':':web.api.1'}}}");
        refused(
                model,
                "CreateContainerServiceDeployment",
                "{'serviceName':'web','containers':{'app':{'image':':web.api.1'}}}");
        settle();
        call(model, "GetContainerServiceDeployments", web);
        call(model, "RegisterContainerImage", "{'serviceName':'web','label':'api','digest':'" + digest + "'}");
        call(model, "DeleteContainerImage", "{'serviceName':'web','image':':web.api.2'}");
        call(model, "GetContainerLog", "{'serviceName':'web','containerName':'app','startTime':1700000000.123}");
        JsonNode metrics = call(model, "GetContainerServiceMetricData", """
                {'serviceName':'web','metricName':'CPUUtilization','startTime':1700000000,'endTime':1800000000,
                 'period':300,'statistics':['Minimum','Maximum','Sum','Average','SampleCount']}
                """);
        assertThat(metrics.path("metricData")).isNotEmpty();
        call(model, "TagResource", "{'resourceName':'web','tags':[{'key':'c','value':'d'}]}");
        call(model, "UntagResource", "{'resourceName':'web','tagKeys':['a']}");
        call(model, "UpdateContainerService", "{'serviceName':'web','isDisabled':true,'power':'micro','scale':1}");
        call(model, "GetContainerServices", web);
        settle();
        call(model, "GetContainerServices", web);
        call(model, "DeleteContainerService", web);
        call(model, "GetContainerServices", web);

        assertThat(violations).isEmpty();
        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(LightsailApi.OPERATIONS)
                .containsExactlyInAnyOrderElementsOf(model.operations(CONTAINER_OPERATIONS));
    }

    @Test
    void parameterStoreAnswersAsItsModelSays() throws IOException {
        ServiceModel model = ServiceModel.read(Path.of(data), "ssm", "2014-11-06");
        for (String name : List.of("/shop/api/A", "/shop/api/B", "/shop/web/C")) {
            call(
                    model,
                    "PutParameter",
                    "{'Name':'" + name + "','Type':'SecureString','Value':'first','Tier':'Advanced',"
                            + "'Description':'d','AllowedPattern':'[a-z]+','KeyId':'alias/shop'}");
        }
        call(model, "PutParameter", "{'Name':'/shop/api/A','Value':'second','Overwrite':true}");
        call(
                model,
                "LabelParameterVersion",
                "{'Name':'/shop/api/A','ParameterVersion':1,'Labels':['live','7th','awsx']}");
        call(model, "GetParameter", "{'Name':'/shop/api/A:live','WithDecryption':true}");
        call(model, "GetParameters", "{'Names':['/shop/api/A:1','/shop/api/A','/none'],'WithDecryption':true}");
        assertThat(call(model, "GetParametersByPath", "{'Path':'/shop','Recursive':true,'MaxResults':2}")
                        .path("NextToken")
                        .asText())
                .isNotEmpty();
        call(model, "DescribeParameters", "{'MaxResults':1}");
        call(model, "GetParameterHistory", "{'Name':'/shop/api/A','MaxResults':1}");
        refused(model, "PutParameter", "{'Name':'/shop/api/A','Type':'String','Value':'x'}", "__type", "message");
        refused(model, "GetParameter", "{'Name':'/none'}", "__type", "message");
        refused(model, "GetParameter", "{'Name':'/shop/api/A:9'}", "__type", "message");
        refused(model, "GetParametersByPath", "{'Path':'/shop','NextToken':'x'}", "__type", "message");
        refused(model, "DescribeParameters", "{'ParameterFilters':[{'Key':'Label'}]}", "__type", "message");
        call(model, "DeleteParameter", "{'Name':'/shop/web/C'}");
        call(model, "DeleteParameters", "{'Names':['/shop/api/A','/shop/web/C']}");

        assertThat(violations).isEmpty();
        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(SsmApi.OPERATIONS)
                .isSubsetOf(model.operations(Pattern.compile(".*Parameter.*")));
    }

    @Test
    void stsAnswersAsItsModelSays() throws IOException {
        ServiceModel model = ServiceModel.read(Path.of(data), "sts", "2011-06-15");
        String role = "arn:aws:iam::210987654321:role/operator";
        aws.credentials().addRole(new Role(role, null, null));

        query(model, Map.of("Action", "GetCallerIdentity"));
        query(model, Map.of("Action", "AssumeRole", "RoleArn", role, "RoleSessionName", "test"));
        query(
                model,
                Map.of(
                        "Action", "AssumeRoleWithWebIdentity",
                        "RoleArn", role,
                        "RoleSessionName", "test",
                        "WebIdentityToken", "a.jwt.token"));

        assertThat(violations).isEmpty();
        assertThat(covered).containsExactlyInAnyOrderElementsOf(StsApi.OPERATIONS);
    }

    private void query(ServiceModel model, Map<String, String> parameters) throws IOException {
        String operation = String.valueOf(parameters.get("Action"));
        String body = parameters.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "Version=2011-06-15&", ""));
        HttpResponse<String> response = post(
                Map.of(
                        "Content-Type",
                        "application/x-www-form-urlencoded; charset=utf-8",
                        "Authorization",
                        authorization("sts")),
                body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        ObjectNode result = Xml.members(response.body(), operation + "Result");
        // Text in XML has no type: the expiry is checked to be a time here, and is a number for the model.
        if (result.path("Credentials") instanceof ObjectNode credentials) {
            Instant expiry = Instant.parse(credentials.path("Expiration").asText());
            credentials.put("Expiration", expiry.getEpochSecond());
        }
        covered.add(operation);
        violations.addAll(model.violations(operation, result));
    }
}
