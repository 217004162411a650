package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for. Defaults come from the CRD's schema alone: a spec built in memory has none. An enum is
 * null when the stored word is unknown to this version, and then nothing may be done.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.lightsail) != has(self.ec2)",
        message = "set exactly one of spec.lightsail and spec.ec2")
@ValidationRule(
        value = "has(self.lightsail) == has(oldSelf.lightsail)",
        message = "the kind of target is immutable: spec.lightsail and spec.ec2 "
                + "cannot be exchanged; create another ServiceDeployment")
@ValidationRule(
        value = "has(self.region) == has(oldSelf.region) && (!has(self.region) || self.region == oldSelf.region)",
        message = "spec.region is immutable: a service cannot move; create another ServiceDeployment")
@ValidationRule(
        value = "self.scale >= self.minimumScale",
        fieldPath = ".scale",
        messageExpression = "'spec.scale (%d) is below spec.minimumScale (%d); raise scale, or lower "
                + "minimumScale (1 accepts a single replica)'.format([self.scale, "
                + "self.minimumScale])",
        message = "spec.scale is below spec.minimumScale")
@ValidationRule(
        value = "self.managementPolicy != 'Observe' || self.deletionPolicy != 'Delete'",
        fieldPath = ".deletionPolicy",
        message = "deletionPolicy Delete is refused with managementPolicy Observe: "
                + "an observer deletes nothing; set deletionPolicy: Retain")
@ValidationRule(
        value = "(has(self.ec2) && self.ec2.runtime == 'Pm2') || has(self.containers)",
        fieldPath = ".containers",
        message = "spec.containers is required: set at least one container (only ec2.runtime Pm2 has none)")
@ValidationRule(
        value = "!has(self.ec2) || self.ec2.runtime != 'Pm2' || !has(self.containers)",
        fieldPath = ".containers",
        message = "with ec2.runtime Pm2 there are no containers: set ec2.source and ec2.processes instead")
@ValidationRule(
        value = "!has(self.containers) || self.containers.all(c, !has(c.ports) || c.ports.all(p, "
                + "self.containers.exists_one(o, has(o.ports) && o.ports.exists(q, q.containerPort == "
                + "p.containerPort))))",
        fieldPath = ".containers",
        message = "each containerPort may be opened by one container "
                + "only: the containers of a service share one network")
@ValidationRule(
        value = "!has(self.containers) || self.containers.all(c, !has(c.ports) || "
                + "c.ports.all(p, !has(p.hostPort) || self.containers.exists_one(o, "
                + "has(o.ports) && o.ports.exists(q, has(q.hostPort) && q.hostPort == "
                + "p.hostPort))))",
        fieldPath = ".containers",
        message = "each hostPort may be used by one container only")
@ValidationRule(
        value = "!has(self.lightsail) || !has(self.containers) || "
                + "self.containers.all(c, !has(c.ports) || c.ports.all(p, "
                + "!has(p.hostPort)))",
        fieldPath = ".containers",
        message = "hostPort is for EC2; on Lightsail remove it and name the port in publicEndpoint")
@ValidationRule(
        value = "!has(self.lightsail) || !has(self.containers) || self.containers.all(c, "
                + "!c.image.startsWith(':') || c.image.startsWith(':' + self.lightsail.serviceName + "
                + "'.'))",
        fieldPath = ".containers",
        message = "an image stored at Lightsail belongs to one service: "
                + "the image must start with :<lightsail.serviceName>.")
@ValidationRule(
        value = "!has(self.ec2) || !has(self.containers) || self.containers.all(c, !c.image.startsWith(':'))",
        fieldPath = ".containers",
        message = "images stored at Lightsail cannot be pulled by an EC2 host: "
                + "push the image to a registry and name it repository:tag")
@ValidationRule(
        value = "!has(self.ec2) || !has(self.containers) || self.containers.all(c, !has(c.env) "
                + "|| c.env.all(e, !has(e.valueFrom) || !has(e.valueFrom.secretKeyRef)))",
        fieldPath = ".containers",
        message = "secretKeyRef is refused on EC2: put the value into SSM Parameter Store and use ssmParameterRef")
@ValidationRule(
        value = "!has(self.ec2) || !has(self.containers) || "
                + "self.containers.all(c, !has(c.envFrom) || c.envFrom.all(f, "
                + "!has(f.secretRef)))",
        fieldPath = ".containers",
        message = "envFrom.secretRef is refused on EC2: put the values into SSM Parameter Store and use ssmPath")
@ValidationRule(
        value = "!has(self.ec2) || !has(self.publicEndpoint)",
        fieldPath = ".publicEndpoint",
        message = "publicEndpoint is for Lightsail; on EC2 set ec2.publicUrl to the load balancer's address")
@ValidationRule(
        value = "!has(self.publicEndpoint) || !has(self.containers) || "
                + "has(self.publicEndpoint.containerName) || size(self.containers) "
                + "== 1",
        fieldPath = ".publicEndpoint",
        message = "publicEndpoint.containerName is required when there is more than one container")
@ValidationRule(
        value = "!has(self.publicEndpoint) || !has(self.containers) || "
                + "!has(self.publicEndpoint.containerName) || self.containers.exists(c, c.name == "
                + "self.publicEndpoint.containerName)",
        fieldPath = ".publicEndpoint",
        message = "publicEndpoint.containerName must be the name of one of spec.containers")
@ValidationRule(
        value = "!has(self.publicEndpoint) || !has(self.containers) || "
                + "has(self.publicEndpoint.containerPort) || self.containers.all(c, "
                + "(has(self.publicEndpoint.containerName) && c.name != "
                + "self.publicEndpoint.containerName) || (has(c.ports) && size(c.ports) == 1))",
        fieldPath = ".publicEndpoint",
        message = "publicEndpoint.containerPort is required unless its container opens exactly one port")
@ValidationRule(
        value = "!has(self.publicEndpoint) || !has(self.containers) || "
                + "!has(self.publicEndpoint.containerPort) || self.containers.exists(c, "
                + "(!has(self.publicEndpoint.containerName) || c.name == "
                + "self.publicEndpoint.containerName) && has(c.ports) && c.ports.exists(p, "
                + "p.containerPort == self.publicEndpoint.containerPort))",
        fieldPath = ".publicEndpoint",
        message = "publicEndpoint.containerPort must be one of the ports of its container")
@ValidationRule(
        value = "!has(self.publicEndpoint) || !has(self.containers) || self.containers.all(c, "
                + "(has(self.publicEndpoint.containerName) && c.name != self.publicEndpoint.containerName) "
                + "|| !has(c.ports) || c.ports.all(p, (has(self.publicEndpoint.containerPort) && "
                + "p.containerPort != self.publicEndpoint.containerPort) || p.protocol in ['HTTP', "
                + "'HTTPS']))",
        fieldPath = ".publicEndpoint",
        message = "the port of publicEndpoint must have protocol HTTP or HTTPS: Lightsail publishes no TCP or UDP port")
@ValidationRule(
        value = "!(has(self.publicEndpoint) || has(self.ec2)) || has(self.readiness)",
        fieldPath = ".readiness",
        message = "spec.readiness is required: say which path proves that the "
                + "service can work, for example readiness: {path: /health/ready}")
@ValidationRule(
        value = "!has(self.readiness) || has(self.publicEndpoint) || has(self.ec2)",
        fieldPath = ".readiness",
        message = "readiness needs an address: set publicEndpoint, or remove "
                + "readiness and declare a verification.logMilestones entry")
@ValidationRule(
        value = "has(self.publicEndpoint) || has(self.ec2) || (has(self.verification.logMilestones) "
                + "&& self.verification.logMilestones.exists(m, m.enforcement == 'Required'))",
        fieldPath = ".verification",
        message = "a service without publicEndpoint must declare at least one Required "
                + "verification.logMilestones entry: nothing else proves that it works")
@ValidationRule(
        value = "has(self.publicEndpoint) || has(self.ec2) || ((!has(self.verification.endpoints) || "
                + "size(self.verification.endpoints) == 0) && (!has(self.verification.cors) || "
                + "size(self.verification.cors) == 0) && self.verification.randomPathControl != 'Enforce')",
        fieldPath = ".verification",
        message = "verification.endpoints, cors and randomPathControl need an address: set publicEndpoint")
@ValidationRule(
        value = "!has(self.readiness) || !has(self.readiness.host) || "
                + "(has(self.lightsail) && has(self.lightsail.publicDomainNames) && "
                + "self.lightsail.publicDomainNames.exists(d, self.readiness.host in "
                + "d.domainNames))",
        fieldPath = ".readiness",
        message = "readiness.host must be one of lightsail.publicDomainNames")
@ValidationRule(
        value = "!has(self.lightsail) || !has(self.readiness) || "
                + "(!has(self.readiness.port) && !has(self.readiness.from))",
        fieldPath = ".readiness",
        message = "readiness.port and readiness.from are for EC2; remove them on Lightsail")
@ValidationRule(
        value = "!has(self.lightsail) || !has(self.verification.endpoints) "
                + "|| self.verification.endpoints.all(e, !has(e.port))",
        fieldPath = ".verification",
        message = "verification.endpoints[].port is for EC2; remove it on Lightsail")
@ValidationRule(
        value = "!has(self.ec2) || !has(self.readiness) || !has(self.readiness.from) "
                + "|| self.readiness.from != 'Operator' || has(self.ec2.publicUrl)",
        fieldPath = ".readiness",
        message = "readiness.from Operator needs ec2.publicUrl: set it, or use from: Host")
@ValidationRule(
        value = "!has(self.ec2) || !has(self.readiness) || has(self.readiness.port) || "
                + "(has(self.ec2.publicUrl) && !(has(self.readiness.from) && self.readiness.from == "
                + "'Host'))",
        fieldPath = ".readiness",
        message = "readiness.port is required when hosts are asked directly: "
                + "set the port on which the service listens on its host")
@ValidationRule(
        value = "!has(self.ec2) || !has(self.readiness) || !has(self.readiness.headers) || "
                + "(has(self.ec2.publicUrl) && !(has(self.readiness.from) && "
                + "self.readiness.from == 'Host')) || self.readiness.headers.all(h, "
                + "!has(h.valueFrom))",
        fieldPath = ".readiness",
        message = "readiness.headers[].valueFrom is refused when hosts are asked "
                + "directly: the value would be kept in SSM's command history")
@ValidationRule(
        value = "!has(self.verification.logMilestones) || "
                + "self.verification.logMilestones.all(m, self.verification.deadlineSeconds "
                + ">= m.withinSeconds + 180)",
        fieldPath = ".verification",
        message = "verification.deadlineSeconds must be at least the largest "
                + "logMilestones[].withinSeconds + 180: log lines arrive late")
@ValidationRule(
        value = "self.verification.deadlineSeconds >= 60 + "
                + "self.rollout.minReadySeconds + (has(self.readiness) ? "
                + "self.readiness.periodSeconds : 0)",
        fieldPath = ".verification",
        message = "verification.deadlineSeconds must be at least 60 + "
                + "rollout.minReadySeconds + readiness.periodSeconds, or nothing could "
                + "ever be verified")
public record ServiceDeploymentSpec(
        @JsonPropertyDescription("The AwsAccount that says which AWS account is used and what is "
                + "allowed there. Immutable. Default: the account named default.")
        @Default("{\"name\":\"default\"}")
        AccountRef accountRef,

        @JsonPropertyDescription("AWS region, for example us-east-2. Optional when the "
                + "AwsAccount has a defaultRegion. Immutable: a service cannot "
                + "move.")
        @Size(max = 32)
        @Pattern("^[a-z]{2}(-[a-z]+)+-[0-9]+$")
        @Nullable
        String region,

        @JsonPropertyDescription("How many nodes (Lightsail, 1 to 20) or hosts (EC2) run "
                + "the service. `kubectl scale` sets it. Default 2.")
        @Default("2")
        @Min(1)
        @Max(20)
        @SpecReplicas
        Integer scale,

        @JsonPropertyDescription("The fewest replicas that are acceptable; scale must not be below it. "
                + "Default 2; say 1 to accept that a single replica leaves gaps.")
        @Default("2")
        @Min(1)
        @Max(20)
        Integer minimumScale,

        @JsonPropertyDescription("Run on an AWS Lightsail container service. Exactly one of lightsail and ec2.")
        @Nullable
        LightsailTarget lightsail,

        @JsonPropertyDescription("Run on EC2 hosts that are reached through AWS Systems "
                + "Manager only. Exactly one of lightsail and ec2.")
        @Nullable
        Ec2Target ec2,

        @JsonPropertyDescription("The containers of one node or host, in the shape of a "
                + "Pod's. 1 to 10, unique by name; they share one network.")
        @Size(min = 1, max = 10)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Container> containers,

        @JsonPropertyDescription("The container and port that Lightsail publishes over HTTPS, with the "
                + "health check of its load balancer. Without it the service is a worker.")
        @Nullable
        PublicEndpoint publicEndpoint,

        @JsonPropertyDescription("The operator's own check from the outside, for as long as the "
                + "service lives. Required with publicEndpoint and on EC2.")
        @Nullable
        Readiness readiness,

        @JsonPropertyDescription("What else must hold before a deployment counts as good, and how long to wait for it.")
        @Default("{}")
        Verification verification,

        @JsonPropertyDescription("How a new revision is brought out and what happens when it fails.") @Default("{}")
        Rollout rollout,

        @JsonPropertyDescription("What to do when the live service differs from the spec: "
                + "Correct (default) repairs it, Report only tells.")
        @Default("Correct")
        @Nullable
        DriftPolicy driftPolicy,

        @JsonPropertyDescription("Enforce (default) acts; Observe only looks, plans and verifies: the dry run.")
        @Default("Enforce")
        @Nullable
        ManagementPolicy managementPolicy,

        @JsonPropertyDescription("True stops every change at AWS; looking, verifying and telling go on. "
                + "The annotation lightkeeper.dev/suspend: \"true\" does the same.")
        @Default("false")
        Boolean suspend,

        @JsonPropertyDescription("What to do with a service of that name that exists already and is not ours: "
                + "CreateOnly (default) refuses it, AdoptOrCreate takes it over, AdoptOnly never "
                + "creates.")
        @Default("CreateOnly")
        @Nullable
        AdoptionPolicy adoptionPolicy,

        @JsonPropertyDescription("What happens to the service at AWS when this object is "
                + "deleted: Retain (default) leaves it running, Delete removes it.")
        @Default("Retain")
        @Nullable
        DeletionPolicy deletionPolicy,

        @JsonPropertyDescription("How many ControllerRevisions are kept. Default 10. Those "
                + "still needed for a rollback are kept in any case.")
        @Default("10")
        @Min(2)
        @Max(50)
        Integer revisionHistoryLimit) {

    private static final String DEFAULT_ACCOUNT = "default";

    public ServiceDeploymentSpec {
        containers = containers == null ? List.of() : List.copyOf(containers);
    }

    /** Name of the AwsAccount that it belongs to, also where it names none. */
    public String accountName() {
        return accountRef == null ? DEFAULT_ACCOUNT : accountRef.name();
    }

    /** Whether it runs on EC2 hosts, where nothing is a matter of domains, tags and power. */
    public boolean runsOnHosts() {
        return ec2 != null;
    }
}
