package dev.lightkeeper.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FootprintTest {
    @Test
    void memoryIsReadAsLinuxTellsIt() {
        assertThat(Footprint.residentMiB(List.of("Name:\tjava", "VmHWM:\t  400000 kB", "VmRSS:\t  262144 kB")))
                .hasValue(256);
        assertThat(Footprint.residentMiB(List.of("Name:\tjava"))).isEmpty();
    }

    @Test
    void whatNeverCameIsNotTold() {
        assertThat(Footprint.summary(Duration.ofMillis(2_345), Optional.empty()))
                .startsWith("From the start of the JVM: kubeconfig after 2.3 s; memory now ")
                .doesNotContain("Ready");
    }
}
