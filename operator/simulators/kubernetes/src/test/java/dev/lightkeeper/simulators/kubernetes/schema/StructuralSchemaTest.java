package dev.lightkeeper.simulators.kubernetes.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lightkeeper.simulators.kubernetes.schema.GadgetTable.Answer;
import dev.lightkeeper.simulators.kubernetes.schema.GadgetTable.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedded API answers, word for word, what a real kube-apiserver answered. */
class StructuralSchemaTest {
    private static final StructuralSchema SCHEMA = StructuralSchema.of(GadgetTable.gadgetSchema());
    private static final List<String> RECORDED = GadgetTable.recorded().lines().toList();
    private static final Comparator<FieldError> ORDER =
            Comparator.comparing(FieldError::field).thenComparing(FieldError::message);

    static Stream<Row> rows() {
        return GadgetTable.rows().stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void anObjectIsDefaultedPrunedAndJudgedAsByTheServer(Row row) {
        assertThat(GadgetTable.line(row.name(), judge(row)).strip()).isEqualTo(recorded(row.name()));
    }

    static Stream<String> problems() {
        return GadgetTable.problemSchemas().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aSchemaIsJudgedAsByTheServer(String name) {
        JsonNode schema = Objects.requireNonNull(GadgetTable.problemSchemas().get(name));
        List<FieldError> errors =
                StructuralSchema.problems(schema).stream().sorted(ORDER).toList();

        assertThat(GadgetTable.line("problem-" + name, new Answer(errors, List.of(), null))
                        .strip())
                .isEqualTo(recorded("problem-" + name));
    }

    private static String recorded(String name) {
        String start = "{\"name\":\"" + name + "\",";
        return RECORDED.stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElse("not recorded: " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"servicedeployments", "awsaccounts"})
    void ourOwnSchemasHaveNoProblems(String plural) throws IOException {
        Path file = Path.of("..", "..", "..", "crds", plural + ".lightkeeper.dev.yaml");
        JsonNode schema = new YAMLMapper().readTree(file.toFile()).at("/spec/versions/0/schema/openAPIV3Schema");

        assertThat(schema.isObject()).isTrue();
        assertThat(StructuralSchema.problems(schema)).isEmpty();
    }

    private static Answer judge(Row row) {
        ObjectNode old = row.old() == null ? null : row.old().deepCopy();
        if (old != null) {
            var _ = SCHEMA.prune(old);
            SCHEMA.applyDefaults(old);
        }
        ObjectNode object = row.object().deepCopy();
        List<String> unknown = SCHEMA.prune(object);
        SCHEMA.applyDefaults(object);
        List<FieldError> errors =
                SCHEMA.validate(object, old).stream().sorted(ORDER).toList();
        var _ = object.remove("metadata");
        return new Answer(errors, unknown, errors.isEmpty() ? asSent(object) : null);
    }

    /** A whole number loses its fraction on the way, as from the server. */
    private static JsonNode asSent(ObjectNode object) {
        try {
            return GadgetTable.JSON.readTree(GoText.json(object));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
