package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** EC2 hosts, reached only through SSM Run Command. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.runtime != 'Pm2' || (has(self.source) && has(self.processes))",
        message = "runtime Pm2 needs ec2.source and ec2.processes")
@ValidationRule(
        value = "self.runtime == 'Pm2' || (!has(self.source) && !has(self.processes) && (!has(self.build) "
                + "|| size(self.build) == 0) && (!has(self.executables) || size(self.executables) == 0))",
        message = "ec2.source, build, processes and executables are for "
                + "runtime Pm2 only; Docker and Podman run spec.containers")
@ValidationRule(
        value = "self.runtime != 'Pm2' || !has(self.registryCredentials)",
        message = "ec2.registryCredentials are for Docker and Podman; Pm2 pulls no image: "
                + "name a token for the repository with ec2.source.credentialsParameter")
@ValidationRule(
        value = "self.runtime != 'Pm2' || !has(self.logging)",
        message = "ec2.logging is for Docker and Podman; pm2 keeps log files of its own: remove it")
@ValidationRule(
        value = "!has(self.logging) || self.runtime != 'Docker' "
                + "|| self.logging.driver in ['json-file', 'local', 'journald', 'awslogs', 'none']",
        message =
                "with Docker, ec2.logging.driver is json-file (instead of k8s-file), local, journald, awslogs or none; "
                        + "let an agent of the hosts ship the log elsewhere")
@ValidationRule(
        value = "!has(self.logging) || self.runtime != 'Podman' "
                + "|| self.logging.driver in ['k8s-file', 'journald', 'none']",
        message = "with Podman, ec2.logging.driver is k8s-file (instead of json-file or local), journald (instead of "
                + "passthrough) or none; instead of awslogs, let an agent of the hosts ship the journal")
public record Ec2Target(
        @JsonPropertyDescription("Which hosts may run the service.") @Required
        Ec2Hosts hosts,

        @JsonPropertyDescription("Docker or Podman run spec.containers, Pm2 runs processes from built source.")
        @Required
        @Nullable
        Ec2Runtime runtime,

        @JsonPropertyDescription("The user of the host that runs every command of the service; "
                + "the AwsAccount must allow it in access.ec2.runAsUsers.")
        @Required
        @Size(min = 1, max = 32)
        @Pattern("^[a-z_][a-z0-9_-]*$")
        String runAs,

        @JsonPropertyDescription("How many hosts are worked on at a time. Default 1. Never "
                + "fewer verified hosts than minimumScale - maxUnavailable.")
        @Default("1")
        @Min(1)
        @Max(20)
        Integer maxUnavailable,

        @JsonPropertyDescription("Seconds that a stopping process has before it is killed. Default 30.")
        @Default("30")
        @Min(1)
        @Max(600)
        Integer terminationGracePeriodSeconds,

        @ValidationRule(
                value = "self.matches('^https?://[A-Za-z0-9.-]+(:[0-9]+)?/?$')",
                message = "publicUrl is scheme and host without user, path or query: https://tech.example.com")
        @JsonPropertyDescription("The address of the load balancer, for example https://tech.example.com; the "
                + "AwsAccount must list its host in access.probeHosts. With it checks run from the "
                + "outside.")
        @Size(min = 1, max = 255)
        @Nullable
        String publicUrl,

        @JsonPropertyDescription(
                "Where CloudWatch Logs keeps the service's log; the AwsAccount must allow the group in access.ec2.logGroups. Lightkeeper ships no logs. Without it the runtime's own log on each host is read.")
        @Nullable
        LogGroup logGroup,

        @JsonPropertyDescription("Docker and Podman only: where what containers print is put. A change is a new "
                + "release. Default for Docker json-file with max-size 10m and max-file 3, for Podman "
                + "what the host is set to.")
        @Nullable
        Logging logging,

        @JsonPropertyDescription("Docker and Podman only: the login at the registry of the images. Without it "
                + "images are pulled without login.")
        @Nullable
        RegistryCredentials registryCredentials,

        @JsonPropertyDescription("Pm2 only: the code.") @Nullable
        GitSource source,

        @JsonPropertyDescription("Pm2 only: commands that build the code in a clean checkout, as argument "
                + "vectors without a shell. The AwsAccount must allow build commands.")
        @Size(max = 20)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 50) List<@Size(max = 1024) String>> build,

        @JsonPropertyDescription("Pm2 only: the processes to run.")
        @Size(min = 1, max = 10)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Pm2Process> processes,

        @ValidationRule(
                value =
                        "self.all(e, e.matches('^[A-Za-z0-9_.*?-]+(/[A-Za-z0-9_.*?-]+)*$') && !e.matches('(^|/)[.][.](/|$)'))",
                message = "executables are paths relative to the checkout without .., for example scripts/*.sh")
        @JsonPropertyDescription(
                "Pm2 only: files, with * and ? as wildcards, that get their execute permission on each deployment.")
        @Size(max = 50)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 256) String> executables) {

    public Ec2Target {
        build = build == null ? List.of() : List.copyOf(build);
        processes = processes == null ? List.of() : List.copyOf(processes);
        executables = executables == null ? List.of() : List.copyOf(executables);
    }
}
