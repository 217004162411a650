package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a CRD as people would: no quotes where none are needed, whole numbers without a fraction, nothing empty. */
final class CrdYaml {
    private static final String HEADER = """
            # Generated from the records of dev.lightkeeper.api.v1alpha1: change those, then write this file again with
            #   mvn -pl operator/controller -am test -Dtest=CrdsTest -Dsurefire.failIfNoSpecifiedTests=false -Dcrd.update=true
            """;

    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .stringQuotingChecker(new QuoteUnlessPlain())
            .build());

    private CrdYaml() {}

    static String of(CustomResourceDefinition crd) {
        try {
            JsonNode tree = new ObjectMapper().valueToTree(crd);
            return HEADER + YAML.writeValueAsString(tidy(tree));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode tidy(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Iterator<Map.Entry<String, JsonNode>> fields =
                            object.properties().iterator();
                    fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                field.setValue(tidy(field.getValue()));
                // Defaults and the status subresource are empty on purpose.
                boolean meant =
                        field.getKey().equals("default") || field.getKey().equals("status");
                if (empty(field.getValue()) && !meant) {
                    fields.remove();
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, tidy(array.get(i)));
            }
        } else if (node instanceof DoubleNode number && number.doubleValue() == Math.rint(number.doubleValue())) {
            return LongNode.valueOf(number.longValue());
        }
        return node;
    }

    private static boolean empty(JsonNode node) {
        return node.isNull() || (node.isContainerNode() && node.isEmpty());
    }

    /** Jackson's own checker leaves words bare that YAML 1.1 readers take for booleans, and rules that begin with an exclamation mark. */
    private static final class QuoteUnlessPlain extends StringQuotingChecker {
        private static final long serialVersionUID = 1L;
        private static final Pattern PLAIN =
                Pattern.compile("[A-Za-z.$/][A-Za-z0-9 _.$/;()+-]*[A-Za-z0-9.()+]|[A-Za-z]{2,}");
        private static final Pattern BOOLEAN = Pattern.compile("(?i)true|false|yes|no|on|off|null|y|n");

        @Override
        public boolean needToQuoteName(String name) {
            return BOOLEAN.matcher(name).matches();
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return !PLAIN.matcher(value).matches() || BOOLEAN.matcher(value).matches();
        }
    }
}
