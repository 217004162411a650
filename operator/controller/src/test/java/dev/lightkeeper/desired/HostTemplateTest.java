package dev.lightkeeper.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lightkeeper.api.v1alpha1.Ec2Runtime;
import dev.lightkeeper.api.v1alpha1.Logging;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HostTemplateTest {
    /** As it was stored before there was logging. */
    private static final String STORED =
            "{\"runtime\":\"Docker\",\"runAs\":\"ubuntu\",\"terminationGracePeriodSeconds\":30,\"source\":null,\"build\":[],\"processes\":[],\"executables\":[]}";

    @Test
    void templateWithoutLoggingIsWhatItWasBeforeThereWasSuchAField() throws IOException {
        HostTemplate stored = new ObjectMapper().readValue(STORED, HostTemplate.class);
        assertThat(stored).isEqualTo(with(null));
        assertThat(stored.settings())
                .isEqualTo(Canonical.hash(Ec2Runtime.Docker, "ubuntu", 30, null, List.of(), List.of()));
    }

    @Test
    void everyOptionMakesAnotherRelease() {
        List<String> settings = List.of(
                with(null).settings(),
                with(new Logging("local", Map.of())).settings(),
                with(new Logging("journald", Map.of())).settings(),
                with(new Logging("local", Map.of("max-size", "1m"))).settings(),
                with(new Logging("local", Map.of("max-size", "2m"))).settings());
        assertThat(settings).doesNotHaveDuplicates();
    }

    private static HostTemplate with(@Nullable Logging logging) {
        return new HostTemplate(Ec2Runtime.Docker, "ubuntu", 30, null, List.of(), List.of(), List.of(), logging);
    }
}
