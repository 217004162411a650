package dev.lightkeeper.flow;

import static dev.lightkeeper.flow.HostCase.NEW;
import static dev.lightkeeper.flow.HostCase.titled;
import static dev.lightkeeper.flow.HostCase.whenSent;

import dev.lightkeeper.observe.HostOutcome;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Releases that cannot be brought to hosts, or are no good there, each for another reason. */
final class BadHostReleases {
    private static final String FAILED = "F DeploymentFailed | – | T DeploymentFailed | T DeploymentFailed | T";
    private static final String ALL = " i-1 i-2 i-3";
    private static final HostOutcome EXPIRED = new HostOutcome.MayHaveRun("ExecutionTimedOut");

    private BadHostReleases() {}

    static List<HostCase> all() {
        return Stream.of(
                        in("Known bad before a host is asked", declared()),
                        in("A host says so before anything is changed", found()),
                        in("It cannot be brought to a host", notBrought()),
                        in("It does not start", notStarted()),
                        in("It runs, but does not work", notWorking()),
                        in("A host is away", away()),
                        in("The commands do not go through", ofSsm()))
                .flatMap(cases -> cases)
                .toList();
    }

    private static Stream<HostCase> in(String section, Stream<HostCase> cases) {
        return cases.map(release -> release.in(section));
    }

    /** Before anything is changed. */
    private static Stream<HostCase> found() {
        return Stream.of(
                        "user ubuntu does not exist (UserMissing)",
                        "docker is not installed (ToolMissing)",
                        "docker 19.3 is older than 20.10 (ToolTooOld)",
                        "the disk is full (DiskFull)",
                        "parameter /shop/key is missing (ParameterMissing)",
                        "the instance's role may not read parameter /shop/key (ParameterDenied)",
                        "port 3697 is taken by nginx (PortTaken)",
                        "the clock is 9 minutes off (ClockSkew)",
                        "another runtime runs the service (RequestInvalid)")
                .map(problem -> titled(problem)
                        .given(flow -> flow.fleet.finds("i-2", problem))
                        .tells("", "host i-2: " + problem)
                        .sends("inspect"));
    }

    /** While what runs is not touched yet. */
    private static Stream<HostCase> notBrought() {
        return Stream.of(
                        refused("ImagePullDenied", "the registry refuses the pull of " + NEW),
                        refused("ImageNotFound", "image %s does not exist".formatted(NEW)),
                        refused("ImagePullFailed", "the registry does not answer"),
                        refused("RegistryLoginFailed", "the registry refuses the login"),
                        refused("CloneFailed", "the repository cannot be cloned"),
                        refused("RevisionNotFound", "revision v2 is not in the repository"),
                        refused("BuildFailed", "the build ended with 1"),
                        refused("DirtyTree", "the build changes files that are tracked"),
                        refused("ScriptMissing", "the file dist/main.js is not there after the build"),
                        refused("ExecutableMissing", "no file matches scripts/*.sh"),
                        refused("DiskFull", "the pull has filled the disk"),
                        refused("ParameterDenied", "the role may not read parameter /shop/key"))
                .map(why -> titled(why.message())
                        .given(flow -> flow.fleet.fails("i-2", "prepare", why))
                        .tells("", "host i-2: %s (%s)".formatted(why.message(), why.code()))
                        .sends("inspect", "prepare"));
    }

    private static HostOutcome.Failed refused(String code, String message) {
        return new HostOutcome.Failed(code, message);
    }

    /** On the first host, and on the last one. */
    private static Stream<HostCase> notStarted() {
        return Stream.of(
                        refused("StartFailed", "the container was not started"),
                        refused("ExitedAtStart", "the container ended with 1"),
                        refused("EnvironmentDiffers", "the process has another environment than its release"),
                        refused("PortTaken", "port 3697 is taken by nginx"))
                .flatMap(why -> Stream.of(
                        titled("first host: " + why.message())
                                .given(flow -> flow.fleet.fails("i-1", "activate", why))
                                .tells(FAILED, "host i-1: " + why.message(), "revision 1", "works")
                                .sends("inspect" + ALL, "prepare" + ALL, "activate i-1"),
                        titled("last host: " + why.message())
                                .given(flow -> flow.fleet.fails("i-3", "activate", why))
                                .tells(FAILED, "host i-3: " + why.message(), "revision 1", "works")
                                .sends(
                                        "inspect" + ALL,
                                        "prepare" + ALL,
                                        "activate i-1",
                                        "activate i-2",
                                        "activate i-3",
                                        "rollback i-1",
                                        "rollback i-2")));
    }

    private static Stream<HostCase> notWorking() {
        return Stream.of(
                titled("it answers 500")
                        .given(flow -> flow.fleet.sick(NEW))
                        .tells(FAILED, "host i-1: GET /health/ready", "500", "works")
                        .sends("inspect" + ALL, "prepare" + ALL, "activate i-1", "rollback i-1"),
                titled("its readiness is not there")
                        .given(flow -> flow.fleet.lacks(NEW, "/health/ready"))
                        .tells(FAILED, "host i-1: GET /health/ready", "404", "works")
                        .sends("inspect" + ALL, "prepare" + ALL, "activate i-1", "rollback i-1"),
                titled("it answers badly on the second host only")
                        .given(flow -> flow.set("/minimumScale", "2").untilSteady())
                        .happens(whenSent("activate i-2", flow -> flow.fleet.host("i-2").sick = true))
                        .tells(FAILED, "host i-2: GET /health/ready", "does not work on i-2")
                        .sends(
                                "inspect" + ALL,
                                "prepare" + ALL,
                                "activate i-1",
                                "activate i-2",
                                "rollback i-2",
                                "rollback i-1"),
                titled("a phantom endpoint")
                        .given(flow -> flow.fleet.lacks(NEW, "/api/brain"))
                        .declared(
                                flow -> flow.set("/containers/0/image", NEW)
                                        .set(
                                                "/verification/endpoints",
                                                "[{name: brain, path: /api/brain, port: 3697, method: GET, enforcement: Required}]"))
                        .tells("F RolledBack | – | T RolledBack | T RolledBack | T", "/api/brain")
                        .sends(
                                "inspect" + ALL,
                                "prepare" + ALL,
                                "activate i-1",
                                "activate i-2",
                                "activate i-3",
                                "rollback i-1",
                                "rollback i-2",
                                "rollback i-3"),
                titled("it breaks soon after it was verified")
                        .happens(flow -> {
                            flow.untilReady();
                            flow.fleet.sick(NEW);
                        })
                        .tells("F RolledBack | – | T RolledBack | T RolledBack | T", "revision 1")
                        .sends(
                                "inspect" + ALL,
                                "prepare" + ALL,
                                "activate i-1",
                                "activate i-2",
                                "activate i-3",
                                "rollback i-1",
                                "rollback i-2",
                                "rollback i-3"));
    }

    /** The progress deadline tells; nothing is bad about the release. */
    private static Stream<HostCase> away() {
        String waits = "U ProgressDeadlineExceeded | – | T ProgressDeadlineExceeded | F | T";
        return Stream.of(
                titled("a host is offline")
                        .given(flow -> flow.fleet.host("i-2").online = false)
                        .tells(waits, "i-2")
                        .sends(),
                titled("half of the fleet is unreachable")
                        .given(flow -> {
                            flow.fleet.host("i-2").online = false;
                            flow.fleet.host("i-3").online = false;
                        })
                        .tells("U ProgressDeadlineExceeded | – | T ProgressDeadlineExceeded | F | U", "i-2, i-3")
                        .sends(),
                titled("a host goes offline while it is prepared")
                        .happens(whenSent("prepare" + ALL, offline("i-3")))
                        .tells(waits, "i-3")
                        .sends("inspect" + ALL, "prepare" + ALL),
                titled("a host's agent hangs")
                        .given(flow -> flow.fleet.host("i-2").mute = true)
                        .happens(flow -> flow.fleet.unusually(
                                id -> id.equals("i-2") ? new HostOutcome.NotRun("DeliveryTimedOut") : null))
                        .tells("", "host i-2: inspect did not reach it (DeliveryTimedOut)")
                        .sends("inspect"));
    }

    private static Consumer<Flow> offline(String host) {
        return flow -> flow.fleet.host(host).online = false;
    }

    private static Stream<HostCase> ofSsm() {
        return Stream.of(
                titled("the script's answer cannot be read, as of an agent that is too old")
                        .given(flow -> flow.fleet.fails(
                                "i-1", "inspect", refused("NoAnswer", "the host script ended with 127")))
                        .tells("", "host i-1: the host script ended with 127")
                        .sends("inspect"),
                titled("prepare runs out of time again and again")
                        .given(flow -> flow.fleet.fails("i-2", "prepare", EXPIRED))
                        .tells("", "host i-2: prepare did not end in time (ExecutionTimedOut)")
                        .sends("inspect", "prepare"));
    }

    private static Stream<HostCase> declared() {
        return Stream.of(
                titled("a secret in a command")
                        .declared(flow -> flow.set(
                                "/containers/0/env",
                                "[{name: TOKEN, valueFrom: {secretKeyRef: {name: api, key: token}}}]"))
                        .tells("F InvalidSpec | – | T InvalidSpec | F | T", "secretKeyRef of variable TOKEN")
                        .sends(),
                titled("a parameter that does not exist")
                        .declared(flow -> flow.set(
                                "/containers/0/env", "[{name: KEY, valueFrom: {ssmParameterRef: {name: /shop/none}}}]"))
                        .tells("F ReferenceNotFound | – | T ReferenceNotFound | T ReferenceNotFound | T", "/shop/none")
                        .sends(),
                titled("a host belongs to another cluster")
                        .given(flow -> flow.fleet.host("i-2").owner = "another-cluster")
                        .tells("F AlreadyManaged | – | T AlreadyManaged | F | T")
                        .sends());
    }
}
