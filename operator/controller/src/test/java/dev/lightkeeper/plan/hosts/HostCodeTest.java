package dev.lightkeeper.plan.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words that the host script and the operator share. */
@NullUnmarked
class HostCodeTest {
    private static final Pattern TOLD =
            Pattern.compile("(?:\\bproblem|\\bfail|finish \\S+ (?:Failed|Refused|Busy)|code=) ?([A-Z][a-z][A-Za-z]+)");

    private static final Set<String> CODES =
            Arrays.stream(HostCode.values()).map(Enum::name).collect(Collectors.toCollection(TreeSet::new));

    @Test
    void everyCodeOfTheScriptIsKnownAndNoOther() throws IOException {
        Set<String> told = new TreeSet<>();
        try (InputStream script = Objects.requireNonNull(
                HostCodeTest.class.getResourceAsStream("/dev/lightkeeper/ec2/lightkeeper-host.sh"))) {
            TOLD.matcher(new String(script.readAllBytes(), StandardCharsets.UTF_8))
                    .results()
                    .forEach(code -> told.add(code.group(1)));
        }
        assertThat(told).isEqualTo(CODES);
    }

    @Test
    void everyCodeIsInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("../../docs/hosts.md"));
        assertThat(CODES).allSatisfy(code -> assertThat(page).contains("`" + code + "`"));
    }

    @ParameterizedTest
    @CsvSource({
        "BuildFailed, true",
        "ImageNotFound, true",
        "ImagePullDenied, false",
        "DiskFull, false",
        "Whatever, false"
    })
    void onlyWhatSpeaksAgainstTheReleaseBlamesIt(String code, boolean blamed) {
        assertThat(HostCode.blamesTheRelease(code)).isEqualTo(blamed);
    }
}
