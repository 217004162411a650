package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.ec2.script.HostWorld.Result;
import dev.lightkeeper.simulators.aws.host.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a manifest holds is data: no value in any field is executed, or reaches a file or command it should not. */
class ScriptHostileTest {
    private static final String FLAG = "hostile-was-here";

    private final HostWorld world = new HostWorld();

    @AfterEach
    void close() {
        world.close();
    }

    /** Runs the script's own rule for a line of a request on each value, in one shell. */
    @ParameterizedTest
    @ValueSource(strings = {"/bin/dash", "/bin/bash"})
    void everyFieldThatIsANameRefusesEveryHostileValue(String shell) throws IOException {
        world.host.shell(shell);
        Path folder = Files.createDirectories(world.host.root().resolve("tmp/values"));
        List<byte[]> values = hostile();
        int number = 0;
        for (byte[] value : values) {
            // The byte 0 cannot be in a shell's variable: what refuses it is shown below.
            if (new String(value, StandardCharsets.UTF_8).indexOf('\0') < 0) {
                Files.write(folder.resolve("%04d".formatted(number++)), value);
            }
        }
        assertThat(number).isGreaterThan(200);
        String rules = HostWorld.SCRIPT.substring(0, HostWorld.SCRIPT.indexOf("exec 3>&1 4>&2"));
        Shell.Execution execution = world.host.run(rules + """
                work=$LIGHTKEEPER_ROOT/tmp/work
                mkdir -p "$work/release"
                carriage_return=$(printf '\r')
                finish() { exit "$1"; }
                tried=0
                for file in "$LIGHTKEEPER_ROOT"/tmp/values/*; do
                  value=$(cat "$file"; printf .)
                  value=${value%.}
                  for field in version verb service operation owner revision fingerprint runtime runAs gracePeriod registryUser \
                    registryParameter repository commit credentialsParameter log log:sinceEpochSeconds limitBytes container process \
                    logDriver logOption \
                    executable probe surprise container:image container:port container:env container:parameter \
                    container:from process:script process:instances process:port process:env process:from probe:method \
                    probe:port probe:timeoutMillis; do
                    tried=$((tried + 1))
                    if (
                      group=${field%%:*} name=${field#*:} place=$work/release variable=$work/release
                      variables=' ' names=' ' groups=0 listed=0
                      accept
                    ); then
                      echo "$field ${file##*/}"
                    fi
                  done
                done
                echo "tried $tried"
                """, Duration.ofMinutes(5));
        assertThat(execution.standardError()).isEmpty();
        assertThat(execution.standardOutput()).isEqualTo("tried " + number * 38 + "\n");
        assertThat(files().keySet()).noneMatch(file -> file.contains(FLAG));
    }

    @Test
    void aHostileValueIsRefusedBeforeAnythingIsDone() throws IOException {
        Map<String, String> before = files();
        List<String> fields = List.of(
                "service",
                "operation",
                "owner",
                "revision",
                "fingerprint",
                "runtime",
                "runAs",
                "registryUser",
                "repository",
                "commit",
                "logDriver",
                "logOption",
                "container",
                "process",
                "executable",
                "probe");
        List<byte[]> values = hostile();
        // A third of them: the rules themselves have seen all.
        for (int i = 0; i < values.size(); i += 3) {
            String field = fields.get(i % fields.size());
            world.host.shell(i % 2 == 0 ? "/bin/dash" : "/bin/bash");
            assertRefused(Request.of("inspect").line(field, values.get(i)), field, values.get(i));
        }
        assertThat(files()).isEqualTo(before);
        assertThat(world.host.calls()).isEmpty();
    }

    /** Values of variables and arguments may be anything: they arrive as they are, or are refused. */
    @Test
    void freeTextArrivesAsItIsOrIsRefused() throws IOException {
        List<String> texts = new ArrayList<>();
        Request prepare = release("prepare");
        Request activate = release("activate");
        for (byte[] value : values()) {
            String text = new String(value, StandardCharsets.UTF_8);
            boolean line = text.indexOf('\0') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
            if (line && text.length() <= 8192) {
                prepare.env("V" + texts.size(), text).line("argument", text);
                texts.add(text);
            }
        }
        assertThat(texts).hasSizeGreaterThan(120);
        world.done(prepare);
        world.done(activate);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            expected.add("V" + i + "=" + texts.get(i));
        }
        assertThat(Files.readString(folder().resolve("releases/1/env.web")).split("\n"))
                .containsExactlyElementsOf(expected);
        List<String> run = world.host.calls().stream()
                .filter(call -> call.arguments().getFirst().equals("run"))
                .findFirst()
                .orElseThrow()
                .arguments();
        assertThat(run.subList(run.size() - texts.size(), run.size())).containsExactlyElementsOf(texts);
        assertThat(world.done(Request.of("inspect"))
                        .process()
                        .path("environment")
                        .asText())
                .isEqualTo("Equal");
        assertThat(files().keySet()).noneMatch(file -> file.contains(FLAG));
    }

    @Test
    void logOptionsArriveAsSingleArgumentsOrAreRefused() throws IOException {
        Request prepare = release("prepare").line("logDriver", "json-file");
        List<String> expected = new ArrayList<>();
        int refused = 0;
        for (byte[] value : values()) {
            String option = "tag=" + new String(value, StandardCharsets.UTF_8);
            if (value.length > 0 && option.length() <= 600 && option.chars().allMatch(c -> c >= ' ' && c <= '~')) {
                prepare.line("logOption", option);
                expected.add("--log-opt");
                expected.add(option);
            } else if (refused++ % 8 == 0) {
                assertRefused(
                        release("prepare").line("logDriver", "json-file").line("logOption", option), "tag", value);
            }
        }
        assertThat(expected).hasSizeGreaterThan(80);
        world.done(prepare);
        world.done(release("activate"));
        assertThat(world.host.calls().stream()
                        .filter(call -> call.arguments().getFirst().equals("run"))
                        .findFirst()
                        .orElseThrow()
                        .arguments())
                .containsSubsequence(expected);
        assertThat(files().keySet()).noneMatch(file -> file.contains(FLAG));
    }

    @Test
    void logOptionsThatReachIntoTheHostAreRefused() {
        for (String option : List.of(
                "awslogs-credentials-endpoint=/latest/meta-data",
                "awslogs-endpoint=http://127.0.0.1",
                "path=/etc/passwd",
                "env=TOKEN",
                "env-regex=.*",
                "labels-regex=.*",
                "syslog-tls-key=/root/key",
                "max-size",
                "tag=")) {
            assertRefused(
                    release("prepare").line("logDriver", "json-file").line("logOption", option),
                    "logOption",
                    option.getBytes(StandardCharsets.UTF_8));
        }
        assertRefused(release("prepare").line("logOption", "max-size=1m"), "logOption", new byte[0]);
        assertRefused(pm2().line("logDriver", "json-file"), "logDriver", new byte[0]);
    }

    @Test
    void textThatAnEnvFileCannotHoldIsRefused() {
        for (byte[] value : values()) {
            String text = new String(value, StandardCharsets.UTF_8);
            if (text.indexOf('\0') >= 0
                    || text.indexOf('\n') >= 0
                    || text.indexOf('\r') >= 0
                    || text.length() > 40_000) {
                Request request = Request.of("inspect").line("container", "web").line("env", "V");
                assertRefused(request.line("value", value), "value", value);
            }
        }
    }

    private static Request pm2() {
        return Request.of("prepare")
                .line("service", "team.x")
                .line("operation", "o")
                .release("1", "Pm2", "ubuntu")
                .line("repository", "https://git.example.com/x.git")
                .line("commit", "v1")
                .line("process", "x")
                .line("script", "main.js");
    }

    @Test
    void variablesOfPm2ArriveAsTheyAre() throws IOException {
        world.commit("x.git", "v1", Map.of("main.js", "x"));
        Map<String, String> expected = new LinkedHashMap<>();
        Request request = pm2();
        for (byte[] value : values()) {
            String text = new String(value, StandardCharsets.UTF_8);
            if (text.indexOf('\0') < 0 && text.length() <= 8192) {
                String name = "V" + expected.size();
                if (expected.size() % 4 == 0 && !text.isEmpty()) {
                    world.parameters.put("/x/" + name + ":1", text);
                    request.parameter(name, "/x/" + name + ":1");
                } else {
                    request.env(name, text);
                }
                expected.put(name, text);
            }
        }
        world.done(request);
        Map<String, String> written = new LinkedHashMap<>();
        HostWorld.JSON
                .readTree(world.host
                        .root()
                        .resolve("var/lib/lightkeeper/team.x/releases/1/ecosystem.json")
                        .toFile())
                .at("/apps/0/env")
                .properties()
                .forEach(each -> written.put(each.getKey(), each.getValue().asText()));
        assertThat(written).isEqualTo(expected);
        assertThat(files().keySet()).noneMatch(file -> file.contains(FLAG));
    }

    @Test
    void argumentsOfABuildAreNeverReadByAShell() throws IOException {
        world.commit("x.git", "v1", Map.of("main.js", "x", ".gitignore", "out\n"));
        Request request = pm2().line("build", "")
                .line("argument", "sh")
                .line("argument", "-c")
                .line("argument", "for each in \"$@\"; do printf '%s\\n--\\n' \"$each\"; done >out")
                .line("argument", "sh");
        List<String> texts = new ArrayList<>();
        for (byte[] value : values()) {
            String text = new String(value, StandardCharsets.UTF_8);
            if (text.indexOf('\0') < 0 && text.length() <= 1000) {
                request.line("argument", text);
                texts.add(text);
            }
        }
        world.done(request);
        Path out = world.host.root().resolve("var/lib/lightkeeper/team.x/releases/1/tree/out");
        assertThat(Files.readString(out)).isEqualTo(String.join("\n--\n", texts) + "\n--\n");
        assertThat(files().keySet()).noneMatch(file -> file.contains(FLAG));
    }

    @Test
    void pathsAndHeadersOfProbesReachTheApplicationOnly() throws IOException {
        Map<String, String> before = files();
        Request probes = Request.of("probe");
        int sent = 0;
        int refused = 0;
        for (byte[] value : values()) {
            String text = new String(value, StandardCharsets.UTF_8);
            boolean printable = text.chars().allMatch(c -> c > ' ' && c <= '~') && text.length() < 2000;
            if (printable) {
                probes.probe("p" + sent++, 8092, "/" + text)
                        .line("timeoutMillis", "500")
                        .line("header", "X-H: " + text);
            } else if (refused++ % 8 == 0) {
                Request request = Request.of("probe").line("probe", "p");
                assertRefused(request.line("path", "/" + text), "path", value);
            }
        }
        assertThat(sent).isGreaterThan(40);
        Result result = world.done(probes);
        assertThat(result.answer().path("responses")).hasSize(sent);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void textThatIsNoRequestIsRefused() {
        for (String request : List.of("!", "a b", "$(touch " + FLAG + ")", "QQ", "====", "AAAA", "\\", "'")) {
            String quoted = "LIGHTKEEPER_REQUEST='" + request.replace("'", "'\\''") + "'\n" + HostWorld.SCRIPT;
            assertThat(world.run(quoted).exitCode()).as(request).isEqualTo(10);
        }
    }

    private void assertRefused(Request request, String name, byte[] value) {
        Result result = world.run(request);
        assertThat(result.exitCode())
                .as("%s with %s: %s", name, new String(value, StandardCharsets.UTF_8), result)
                .isEqualTo(10);
    }

    /** Names of all files of the host with their content, but for what a running script and the simulator keep. */
    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(world.host.root())) {
            for (Path file : all.filter(each -> Files.isRegularFile(each)).toList()) {
                files.put(
                        world.host.root().relativize(file).toString(),
                        Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private Path folder() {
        return world.host.root().resolve("var/lib/lightkeeper/team.api");
    }

    private static Request release(String verb) {
        return Request.on(verb, "team.api", "o", "1").container("web", "registry.example.com/api:1", 8092);
    }

    /** What is hostile in free text, and harmless or even right as some name. */
    private static List<byte[]> values() {
        List<byte[]> values = new ArrayList<>(hostile());
        for (String text :
                List.of("null", "NaN", "0x10", "1e9", "1.0.0.", "*", ".", "a=b", "true", "", "x'y", "x\"y")) {
            values.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return values;
    }

    /** More than two hundred values that no field may take that is a name of some kind, no two the same. */
    private static List<byte[]> hostile() {
        Set<String> values = new LinkedHashSet<>();
        List<String> commands =
                List.of("touch " + FLAG, "touch /tmp/" + FLAG, "rm -rf \"$LIGHTKEEPER_ROOT\"", "kill $$", "id");
        for (String command : commands) {
            values.addAll(List.of(
                    "$(" + command + ")",
                    "`" + command + "`",
                    ";" + command,
                    "; " + command + ";",
                    "&&" + command,
                    "||" + command,
                    "|" + command,
                    "&" + command + "&",
                    "\n" + command + "\n",
                    "\r\n" + command + "\r\n",
                    "'; " + command + "; '",
                    "\"; " + command + "; \"",
                    "\\\"; " + command + "; \\\"",
                    "'\"; " + command + " #",
                    "${x:-$(" + command + ")}",
                    "${x:=`" + command + "`}",
                    "$((a[$(" + command + ")]))",
                    "a[$(" + command + ")]",
                    "<(" + command + ")",
                    ">(" + command + ")",
                    "() { :; }; " + command,
                    "{{" + command + "}}",
                    "%s$(" + command + ")%n",
                    "*$(" + command + ")*",
                    "x\0" + command));
        }
        for (String option : List.of(
                "-",
                "--",
                "-rf",
                "-n",
                "-e",
                "--help",
                "--version",
                "--env-file=/etc/passwd",
                "-v/:/host",
                "--privileged",
                "--volume=/:/host",
                "--upload-pack=touch " + FLAG,
                "-cprotocol.ext.allow=always",
                "--exec-path=/tmp",
                "-oProxyCommand=x",
                "--output=/etc/passwd",
                "--config=/etc/passwd",
                "-K/etc/passwd",
                "-T/etc/passwd",
                "@/etc/passwd",
                "-u0",
                "--user=root")) {
            values.add(option);
            values.add(" " + option);
            values.add("x " + option);
        }
        for (String path : List.of(
                "/etc/passwd",
                "../../../etc/passwd",
                "./../..",
                "a/../../../b",
                "..",
                "~",
                "~root",
                "/dev/sda",
                "//x",
                "a//b",
                "/proc/self/environ",
                "\\\\host\\share",
                "file:///etc/passwd",
                "ext::sh -c touch% " + FLAG,
                "ssh://-oProxyCommand=x/y",
                "https://user:pw@git.example.com/x.git",
                "https://-x/y",
                "http://git.example.com/x.git")) {
            values.add("\t" + path);
            values.add(path + "\u0000");
            values.add(path + " $IFS");
            values.add(path + "%00%0a$HOME");
        }
        values.addAll(List.of(
                " ",
                "\t",
                "\n",
                "\r",
                "\0",
                "\n\n\n",
                "x\n",
                "\nx",
                "'",
                "\"",
                "\\",
                "\\\\",
                "$",
                "$$",
                "$x",
                "$HOME",
                "${HOME}",
                "$IFS$9",
                "`",
                "``",
                "!",
                "!!",
                "#",
                "# x",
                "**/../x",
                "?",
                "[a-z]",
                "{a,b}",
                "<",
                ">",
                ">>x",
                "<<EOF",
                "2>&1",
                "|",
                "&",
                ";",
                ";;",
                "(",
                ")",
                "=",
                "x=$(id)",
                "%",
                "%s",
                "%n",
                "%99999999d",
                "\\x41",
                "\\0",
                "\\n",
                "\\u0041",
                "\u00fc\u00df\u00e9",
                "\u202e\u0645\u0631\u062d\u0628\u0627",
                "\ud83d\ude80",
                "\ufeffbom",
                "a\u0301",
                "\u2028",
                "\u0007\u001b[31m",
                "\u007f",
                "{\"a\":1}",
                "\"}]},{\"code\":\"",
                "<script>alert(1)</script>",
                "' OR 1=1",
                "\u00a0",
                "-1",
                "+1",
                " 1",
                "1 ",
                "\u00e9e"));
        values.add("x".repeat(40_001) + "$(touch " + FLAG + ")");
        values.add("$(touch " + FLAG + ")".repeat(200));
        List<byte[]> bytes = new ArrayList<>();
        values.forEach(value -> bytes.add(value.getBytes(StandardCharsets.UTF_8)));
        assertThat(bytes).hasSizeGreaterThan(200);
        return bytes;
    }
}
