package dev.lightkeeper.simulators.kubernetes.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** The bodies are what kubectl 1.37.2 sent. */
class ProtobufTest {
    private static final String SECRET =
            "azhzAAoMCgJ2MRIGU2VjcmV0Eh0KEQoBcxIAGgAiACoAMgA4AEIAEgYKAWsSAXYaABoAIgA=";

    @Test
    void whatKubectlCreatesIsReadAsItsJson() throws IOException {
        assertThat(read(SECRET))
                .isEqualTo(
                        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},\"data\":{\"k\":\"dg==\"}}");
        assertThat(read("azhzAAoPCgJ2MRIJQ29uZmlnTWFwEhsKEQoBYxIAGgAiACoAMgA4AEIAEgYKAWsSAXYaACIA"))
                .isEqualTo(
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"},\"data\":{\"k\":\"v\"}}");
        assertThat(read("azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhkKEQoBbhIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA=="))
                .isEqualTo(
                        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"n\"},\"spec\":{},\"status\":{}}");
    }

    @Test
    void otherKindsAreRefusedByName() {
        String deployment = "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EgAaACIA";

        assertThatThrownBy(() -> read(deployment))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Deployment");
    }

    @Test
    void whatIsCutOffIsRefused() {
        byte[] body = Base64.getDecoder().decode(SECRET);

        for (int length = 0; length < body.length - 4; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            assertThatThrownBy(() -> Protobuf.read(cut)).isInstanceOf(IOException.class);
        }
    }

    private static String read(String base64) throws IOException {
        return Protobuf.read(Base64.getDecoder().decode(base64)).toString();
    }
}
