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
import org.junit.jupiter.params.provider.CsvSource;
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
                StructuralSchema.of(schema).problems().stream().sorted(ORDER).toList();

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
        assertThat(StructuralSchema.of(schema).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {count: x, needed: y} | FieldValueTypeInvalid | status.count | Invalid value: "string": count in body must be of type integer: "string"
            {count: 5, needed: y} | FieldValueInvalid | status | Invalid value: small
            {text: long text, needed: y} | FieldValueTooLong | status.text | Too long: may not be more than 3 bytes
            {count: 1} | FieldValueRequired | status.needed | Required value
            {either: c, needed: y} | FieldValueInvalid | status | Invalid value: "": "either" must validate one and only one schema (oneOf). Found none valid
            {count: 50, needed: y} | FieldValueInvalid | status.count | Invalid value: 50: count in body should be less than or equal to 9
            5 | FieldValueTypeInvalid | status | Invalid value: "integer":  in body must be of type object: "integer"
            """)
    void theMessagesAboutAStatusNameFieldsFromTheStatusOn(String status, String reason, String field, String message)
            throws IOException {
        StructuralSchema schema = StructuralSchema.of(new YAMLMapper().readTree("""
                type: object
                properties:
                  spec: {type: object, properties: {a: {type: integer}}}
                  status:
                    type: object
                    required: [needed]
                    x-kubernetes-validations: [{rule: "!has(self.count) || self.count < 3", message: small}]
                    properties:
                      count: {type: integer, maximum: 9}
                      text: {type: string, maxLength: 3}
                      needed: {type: string}
                      either: {type: string, oneOf: [{pattern: a}, {pattern: b}]}
                """));
        ObjectNode old = GadgetTable.JSON.createObjectNode();
        ObjectNode object = old.deepCopy();
        object.set("status", new YAMLMapper().readTree(status));

        assertThat(schema.validateStatus(object, old, List.of(), List.of()).getFirst())
                .isEqualTo(new FieldError(reason, field, message));
    }

    private static Answer judge(Row row) {
        ObjectNode old = row.old() == null ? null : row.old().deepCopy();
        if (old != null) {
            var _ = SCHEMA.prune(old);
            SCHEMA.dropForbiddenNulls(old);
            SCHEMA.applyDefaults(old);
        }
        ObjectNode object = row.object().deepCopy();
        List<String> unknown = SCHEMA.prune(object);
        SCHEMA.dropForbiddenNulls(object);
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
