package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.ec2.Ec2Api;
import dev.lightkeeper.simulators.aws.lightsail.LightsailApi;
import dev.lightkeeper.simulators.aws.logs.LogsApi;
import dev.lightkeeper.simulators.aws.ssm.RunCommand;
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
import org.w3c.dom.Element;

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
    void runCommandAnswersAsItsModelSays() throws IOException {
        ServiceModel model = ServiceModel.read(Path.of(data), "ssm", "2014-11-06");
        String host = aws.ec2(Sdk.REGION).running(Map.of("Name", "web-1"));
        String offline = aws.ec2(Sdk.REGION).running(Map.of());
        aws.ec2(Sdk.REGION).agentOffline(offline);
        call(model, "DescribeInstanceInformation", "{'MaxResults':5}");
        JsonNode sent = call(
                model,
                "SendCommand",
                "{'DocumentName':'AWS-RunShellScript','InstanceIds':['" + host + "','" + offline + "'],"
                        + "'Comment':'c','TimeoutSeconds':30,'MaxErrors':'50%','DocumentVersion':'$LATEST',"
                        + "'CloudWatchOutputConfig':{'CloudWatchOutputEnabled':false},"
                        + "'Parameters':{'commands':['i=0; while [ $i -lt 9000 ]; do echo $i; i=$((i+1)); done']}}");
        String command =
                "'CommandId':'" + sent.path("Command").path("CommandId").asText() + "'";
        refused(model, "GetCommandInvocation", "{" + command + ",'InstanceId':'" + host + "'}", "__type", "message");
        call(
                model,
                "SendCommand",
                "{'DocumentName':'AWS-RunShellScript','Targets':[{'Key':'tag:Name','Values':['none']}],"
                        + "'Parameters':{'commands':['true']}}");
        for (int i = 0; i < 40; i++) {
            pass(Duration.ofSeconds(1));
            assertThat(aws.ssm().awaitScripts(Duration.ofSeconds(60))).isTrue();
            call(model, "ListCommands", "{}");
            call(model, "ListCommandInvocations", "{'Details':true}");
            call(model, "GetCommandInvocation", "{" + command + ",'InstanceId':'" + host + "'}");
            call(model, "GetCommandInvocation", "{" + command + ",'InstanceId':'" + offline + "'}");
        }
        assertThat(call(model, "ListCommandInvocations", "{'MaxResults':1}")
                        .path("NextToken")
                        .asText())
                .isNotEmpty();
        call(model, "CancelCommand", "{" + command + "}");
        for (String refused : List.of(
                "'DocumentName':'none','InstanceIds':['" + host + "']",
                "'DocumentName':'AWS-RunShellScript','InstanceIds':['i-0123456789abcdef0'],"
                        + "'Parameters':{'commands':['true']}",
                "'DocumentName':'AWS-RunShellScript','InstanceIds':['" + host + "'],'Parameters':{}")) {
            refused(model, "SendCommand", "{" + refused + "}", "__type", "message");
        }
        refused(model, "CancelCommand", "{'CommandId':'" + "0".repeat(36) + "'}", "__type", "message");
        refused(
                model,
                "DescribeInstanceInformation",
                "{'Filters':[{'Key':'InstanceIds','Values':['i-0123456789abcdef0']}]}",
                "__type",
                "message");

        // The model's pattern of these three takes no time of day with fractions, no duration and no empty text, which
        // are
        // what the service is documented to send.
        violations.removeIf(violation -> violation.matches(
                "GetCommandInvocation\\.Execution(StartDateTime|EndDateTime|ElapsedTime) does not match .*"));
        assertThat(violations).isEmpty();
        assertThat(covered).containsExactlyInAnyOrderElementsOf(RunCommand.OPERATIONS);
    }

    @Test
    void logsAnswerAsTheirModelSays() throws IOException {
        ServiceModel model = ServiceModel.read(Path.of(data), "logs", "2014-03-28");
        for (int i = 0; i < 3; i++) {
            aws.logs().in(Sdk.REGION).put("/shop/production", "web/" + i, "line");
        }
        aws.logs().in(Sdk.REGION).group("/shop/staging", 7);
        call(model, "DescribeLogStreams", "{'logGroupName':'/shop/production'}");
        pass(Duration.ofSeconds(10));
        call(model, "DescribeLogGroups", "{'limit':1}");
        call(model, "DescribeLogGroups", "{}");
        call(model, "DescribeLogStreams", "{'logGroupName':'/shop/production','orderBy':'LastEventTime'}");
        assertThat(call(model, "FilterLogEvents", "{'logGroupName':'/shop/production','limit':2}")
                        .path("nextToken")
                        .asText())
                .isNotEmpty();
        assertThat(call(model, "GetLogEvents", "{'logGroupName':'/shop/production','logStreamName':'web/1'}")
                        .path("events"))
                .hasSize(1);
        refused(model, "FilterLogEvents", "{'logGroupName':'/none'}", "__type", "message");
        refused(model, "GetLogEvents", "{'logGroupName':'/shop/production'}", "__type", "message");
        refused(model, "DescribeLogGroups", "{'nextToken':'x'}", "__type", "message");

        assertThat(violations).isEmpty();
        assertThat(covered).containsExactlyInAnyOrderElementsOf(LogsApi.OPERATIONS);
    }

    @Test
    void ec2AnswersAsItsModelSays() throws IOException {
        ServiceModel model = ServiceModel.read(Path.of(data), "ec2", Ec2Api.VERSION);
        String launched = ec2(
                        model,
                        Map.of(
                                "Action", "RunInstances",
                                "ImageId", "ami-1",
                                "MinCount", "2",
                                "MaxCount", "2",
                                "ClientToken", "slot-1",
                                "IamInstanceProfile.Name", "host",
                                "TagSpecification.1.ResourceType", "instance",
                                "TagSpecification.1.Tag.1.Key", "Name",
                                "TagSpecification.1.Tag.1.Value", "<web> & \"more\""))
                .at("/Instances/0/InstanceId")
                .asText();
        for (int i = 0; i < 8; i++) {
            aws.ec2(Sdk.REGION).running(Map.of("Index", Integer.toString(i)));
        }
        for (int i = 0; i < 30; i++) {
            pass(Duration.ofSeconds(1));
            ec2(model, Map.of("Action", "DescribeInstances"));
        }
        assertThat(ec2(model, Map.of("Action", "DescribeInstances", "InstanceId.1", launched))
                        .at("/Reservations/0/Instances/0/Tags/0/Value")
                        .asText())
                .isEqualTo("<web> & \"more\"");
        ec2(model, Map.of("Action", "CreateTags", "ResourceId.1", launched, "Tag.1.Key", "a", "Tag.1.Value", "b"));
        ec2(model, Map.of("Action", "DeleteTags", "ResourceId.1", launched, "Tag.1.Key", "Name"));
        ec2(model, Map.of("Action", "StopInstances", "InstanceId.1", launched));
        pass(Duration.ofMinutes(2));
        ec2(model, Map.of("Action", "DescribeInstanceStatus", "IncludeAllInstances", "true"));
        ec2(model, Map.of("Action", "DescribeInstances"));
        ec2(model, Map.of("Action", "StartInstances", "InstanceId.1", launched));
        ec2(model, Map.of("Action", "TerminateInstances", "InstanceId.1", launched));
        pass(Duration.ofMinutes(2));
        ec2(model, Map.of("Action", "DescribeInstances"));
        assertThat(ec2(model, Map.of("Action", "DescribeInstances", "MaxResults", "5"))
                        .has("NextToken"))
                .isTrue();
        assertThat(ec2(model, Map.of("Action", "DescribeTags", "MaxResults", "5"))
                        .has("NextToken"))
                .isTrue();
        ec2(model, Map.of("Action", "DescribeRegions"));

        assertThat(violations).isEmpty();
        assertThat(covered).containsExactlyInAnyOrderElementsOf(Ec2Api.OPERATIONS);
    }

    private ObjectNode ec2(ServiceModel model, Map<String, String> parameters) throws IOException {
        String operation = String.valueOf(parameters.get("Action"));
        Element root = Xml.root(form(parameters, Ec2Api.VERSION, "ec2"));
        assertThat(root.getTagName()).isEqualTo(operation + "Response");
        assertThat(root.getAttribute("xmlns")).isEqualTo("http://ec2.amazonaws.com/doc/2016-11-15/");
        assertThat(Xml.children(root).getFirst().getTagName()).isEqualTo("requestId");
        ObjectNode answer = model.answer(operation, root);
        if (operation.endsWith("Tags") && answer.has("return")) {
            // The model has no output here, and the service sends this one.
            assertThat(answer.remove("return").asText()).isEqualTo("true");
        }
        covered.add(operation);
        violations.addAll(model.violations(operation, answer));
        return answer;
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
        ObjectNode result = Xml.members(form(parameters, StsApi.VERSION, "sts"), operation + "Result");
        // Text in XML has no type: the expiry is checked to be a time here, and is a number for the model.
        if (result.path("Credentials") instanceof ObjectNode credentials) {
            Instant expiry = Instant.parse(credentials.path("Expiration").asText());
            credentials.put("Expiration", expiry.getEpochSecond());
        }
        covered.add(operation);
        violations.addAll(model.violations(operation, result));
    }

    private String form(Map<String, String> parameters, String version, String service) throws IOException {
        String body = parameters.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "Version=" + version + "&", ""));
        HttpResponse<String> response = post(
                Map.of(
                        "Content-Type",
                        "application/x-www-form-urlencoded; charset=utf-8",
                        "Authorization",
                        authorization(service)),
                body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }
}
