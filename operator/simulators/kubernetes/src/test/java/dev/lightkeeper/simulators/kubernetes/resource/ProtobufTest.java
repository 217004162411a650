package dev.lightkeeper.simulators.kubernetes.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProtobufTest {
    private final BuiltIns builtIns = BuiltIns.load();
    private final ResourceType configMaps = new Kinds(builtIns.kinds())
            .find(new GroupResource("", "configmaps"))
            .orElseThrow();

    @Test
    void whatAGoClientSendsIsTheObjectThatJsonWouldBe() throws IOException {
        byte[] metadata = join(
                field(1, text("n")), field(3, text("")), field(11, join(field(1, text("l")), field(2, text("1")))));
        byte[] object = join(
                field(1, metadata),
                field(2, join(field(1, text("a")), field(2, text("x")))),
                field(2, join(field(1, text("b")), field(2, text("")))),
                field(3, join(field(1, text("c")), field(2, new byte[] {1, 2}))),
                new byte[] {4 << 3, 1});
        assertThat(read(object).toString())
                .isEqualTo(
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"n\",\"labels\":{\"l\":\"1\"}},"
                                + "\"data\":{\"a\":\"x\",\"b\":\"\"},\"binaryData\":{\"c\":\"AQI=\"},\"immutable\":true}");
    }

    @Test
    void aFieldThatIsNotKnownIsRefusedRatherThanLost() {
        assertThatThrownBy(() -> read(field(15, text("x"))))
                .isInstanceOf(IOException.class)
                .hasMessage("field 15 of ConfigMap can only be read from JSON");
    }

    @Test
    void bytesThatEndTooEarlyAreRefused() {
        assertThatThrownBy(() -> read(new byte[] {10, 100, 1})).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> builtIns.protobuf().read(text("{}"), "ConfigMap", configMaps.openApi()))
                .isInstanceOf(IOException.class);
    }

    private ObjectNode read(byte[] object) throws IOException {
        byte[] type = join(field(1, text("v1")), field(2, text("ConfigMap")));
        byte[] body = join(new byte[] {'k', '8', 's', 0}, field(1, type), field(2, object));
        return builtIns.protobuf().read(body, "ConfigMap", configMaps.openApi());
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] field(int number, byte[] content) {
        return join(new byte[] {(byte) ((number << 3) | 2), (byte) content.length}, content);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
