package dev.lightkeeper.simulators.aws.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The commands of one host: links to this machine's basic tools, and stand-ins for what would change the machine. */
final class Toolbox {
    private static final List<String> REAL = List.of("""
            sh dash bash cat sed awk base64 cut tr head tail sort uniq wc grep mkdir mktemp rm mv ln readlink cp chmod find \
            flock sha256sum gzip split env touch ls true false basename dirname test tee timeout""".split(" "));
    private static final List<String> ASKING =
            List.of("docker", "podman", "pm2", "aws", "systemctl", "loginctl", "sleep");

    private final Path root;
    private final Path folder;
    private final URI endpoint;
    private final String token;
    private final String address;

    Toolbox(Path root, URI endpoint, String token, String address) {
        this.root = root;
        this.folder = root.resolve("usr/bin");
        this.endpoint = endpoint;
        this.token = token;
        this.address = address;
    }

    Path folder() {
        return folder;
    }

    void fill() {
        for (String tool : REAL) {
            try {
                Files.createSymbolicLink(folder.resolve(tool), find(tool));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        ASKING.forEach(tool -> write(tool, "bash", asking(tool)));
        try {
            Files.createDirectories(module().resolve("bin"));
            for (Path place : List.of(folder, module().resolve("bin"))) {
                var _ = Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            Files.move(folder.resolve("pm2"), module().resolve("bin/pm2"));
            Files.createSymbolicLink(folder.resolve("pm2"), module().resolve("bin/pm2"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write("curl", "exec " + find("curl") + " --disable --connect-to localhost::" + address + ": \"$@\"\n");
        write("git", """
                GIT_CONFIG_COUNT=1
                GIT_CONFIG_KEY_0=url.file://%s/repositories/.insteadOf
                GIT_CONFIG_VALUE_0=https://git.example.com/
                GIT_CONFIG_NOSYSTEM=1
                GIT_ALLOW_PROTOCOL=file
                export GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0 GIT_CONFIG_NOSYSTEM GIT_ALLOW_PROTOCOL
                exec %s "$@"
                """.formatted(root, find("git")));
        write("node", "echo v20.11.1\n");
        write("getent", "grep \"^$2:\" '" + root + "/etc/passwd' || exit 2\n");
        write("id", """
                for user in "$@"; do case $user in -*) ;; *) name=$user ;; esac; done
                name=${name:-${SIMULATED_USER:-root}}
                line=$(grep "^$name:" '%s/etc/passwd') || { echo "id: $name: no such user" >&2; exit 1; }
                case $1 in
                  -un) echo "$name" ;;
                  *) echo "$line" | cut -d: -f3 ;;
                esac
                """.formatted(root));
        write("runuser", """
                [ "$1" = -u ] || { echo 'runuser: only -u USER -- COMMAND is known here' >&2; exit 1; }
                SIMULATED_USER=$2
                while IFS=: read -r known _; do [ "$known" != "$2" ] || break; done <'%s/etc/passwd'
                [ "$known" = "$2" ] || { echo "runuser: user $2 does not exist" >&2; exit 1; }
                export SIMULATED_USER
                shift 2
                [ "$1" != -- ] || shift
                exec "$@"
                """.formatted(root));
        write("sudo", """
                user=root
                while :; do case $1 in -u) user=$2; shift 2 ;; -n | -H | -E) shift ;; --) shift; break ;; *) break ;; esac; done
                exec runuser -u "$user" -- "$@"
                """);
        write("su", """
                user=root
                while [ $# -gt 0 ]; do case $1 in -c) command=$2; shift 2 ;; -*) shift ;; *) user=$1; shift ;; esac; done
                exec runuser -u "$user" -- sh -c "$command"
                """);
        write("chown", """
                while :; do case $1 in -*) shift ;; *) break ;; esac; done
                owner=$1
                shift
                for file in "$@"; do
                  [ -e "$file" ] || { echo "chown: cannot access '$file'" >&2; exit 1; }
                  printf '%%s %%s\\n' "$owner" "$(ls -di "$file")" >>'%s/.owners'
                done
                """.formatted(root));
        write("stat", """
                [ "$1 $2" = '-c %%u %%a' ] || { echo 'stat: only -c "%%u %%a" is known here' >&2; exit 1; }
                shift 2
                %2$s -c '%%i %%a' "$@" | while read -r number mode; do
                  uid=0
                  [ ! -f '%1$s/.owners' ] || while read -r name changed _; do
                    [ "$changed" != "$number" ] || uid=$(id -u "$name")
                  done <'%1$s/.owners'
                  echo "$uid $mode"
                done
                """.formatted(root, find("stat")));
        write("df", """
                read -r free <'%s/.free'
                echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
                echo "/dev/root 31457280 $((31457280 - free * 1024)) $((free * 1024)) 50%% /"
                """.formatted(root));
        write(
                "date",
                "bash",
                "if [ \"$*\" = +%s ]; then\n" + asking("date") + "fi\nexec " + find("date") + " \"$@\"\n");
    }

    /** Where npm puts pm2, whose version is in a file there. */
    private Path module() {
        return root.resolve("usr/lib/node_modules/pm2");
    }

    void pm2Version(String version) {
        try {
            Files.writeString(module().resolve("package.json"), "{\n  \"version\": \"" + version + "\"\n}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes a command away. */
    void remove(String tool) {
        try {
            Files.deleteIfExists(folder.resolve(tool));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path find(String tool) {
        for (String place : List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin")) {
            Path candidate = Path.of(place, tool);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException("A simulated host needs the command " + tool + " of this machine");
    }

    /**
     * A stand-in that asks the simulator: arguments and input go there; exit code, errors and output come back. A script
     * makes hundreds of such calls, so bash speaks HTTP itself: to start curl takes longer than everything else.
     */
    private String asking(String tool) {
        return """
                LC_ALL=C
                input=
                case " $* " in *" --password-stdin "*) input=$(cat && printf .) && input=${input%%.} ;; esac
                length=${#input}
                for argument in "$@"; do length=$((length + ${#argument} + 1)); done
                exec 3<>/dev/tcp/%s/%s || exit 125
                {
                  printf '%%s\\r\\n' 'POST / HTTP/1.0' 'Token: %s' 'Tool: %s' "Count: $#" \\
                    "User: ${SIMULATED_USER:-root}" "Registry: ${DOCKER_CONFIG:-}" "Content-Length: $length" ''
                  [ $# -eq 0 ] || printf '%%s\\0' "$@"
                  printf %%s "$input"
                } >&3
                read -r _ status _ <&3
                [ "$status" = 200 ] || { echo "The simulator answers ${status:-nothing}" >&2; exit 125; }
                while read -r header && [ "$header" != $'\\r' ]; do :; done <&3
                read -r code <&3
                read -r error <&3
                cat <&3
                [ "$error" = - ] || printf %%s "$error" | base64 -d >&2
                exit "$code"
                """.formatted(endpoint.getHost(), endpoint.getPort(), token, tool);
    }

    private void write(String tool, String body) {
        write(tool, "sh", body);
    }

    private void write(String tool, String shell, String body) {
        try {
            Path file = folder.resolve(tool);
            Files.writeString(file, "#!" + find(shell) + "\n" + body);
            var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
