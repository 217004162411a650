package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelRuntimeException;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One entry of {@code x-kubernetes-validations}, compiled.
 *
 * @param declaration  the entry as written
 * @param program      null when the rule is empty or does not compile
 * @param message      of {@code messageExpression}; null when there is none or it does not compile
 * @param usesOldSelf  whether this is a transition rule
 * @param ruleProblem  why the rule does not compile; empty when it does
 * @param messageProblem  the same of {@code messageExpression}
 */
record CelRule(
        JsonNode declaration,
        CelRuntime.@Nullable Program program,
        CelRuntime.@Nullable Program message,
        boolean usesOldSelf,
        String ruleProblem,
        String messageProblem) {

    /** Why there are no rules for a value that may be anything. */
    static final String NO_TYPE = "failed to construct type information for x-kubernetes-validations rules:"
            + " unable to convert structural schema to CEL declarations";

    private static final Logger LOG = LoggerFactory.getLogger(CelRule.class);

    static List<CelRule> compileAll(StructuralSchema schema, boolean isResource) {
        JsonNode declarations = schema.openApi().path("x-kubernetes-validations");
        if (declarations.isEmpty()) {
            return List.of();
        }
        CelTypes types = new CelTypes(schema, isResource);
        CelType self = types.self();
        if (self == null) {
            return List.of(new CelRule(declarations.get(0), null, null, false, NO_TYPE, ""));
        }
        Map<CelType, CelCompiler> compilers = new HashMap<>();
        List<CelRule> rules = new ArrayList<>();
        for (JsonNode declaration : declarations) {
            CelType oldSelf = declaration.path("optionalOldSelf").asBoolean() ? OptionalType.create(self) : self;
            rules.add(compile(
                    declaration,
                    compilers.computeIfAbsent(
                            oldSelf,
                            type -> CelLibrary.compiler(types.provider())
                                    .addVar("self", self)
                                    .addVar("oldSelf", type)
                                    .build())));
        }
        return rules;
    }

    private static CelRule compile(JsonNode declaration, CelCompiler compiler) {
        String text = declaration.path("rule").asText("");
        if (text.isBlank()) {
            return new CelRule(declaration, null, null, false, "", "");
        }
        Compiled rule = Compiled.of(compiler, text, SimpleType.BOOL, "", "cel expression must evaluate to a bool");
        Compiled message = declaration.path("messageExpression").asText("").isEmpty()
                ? new Compiled(null, false, "")
                : Compiled.of(
                        compiler,
                        declaration.get("messageExpression").asText(),
                        SimpleType.STRING,
                        "messageExpression ",
                        "messageExpression must evaluate to a string");
        return new CelRule(declaration, rule.program, message.program, rule.usesOldSelf, rule.problem, message.problem);
    }

    private static String inGoWords(String issues) {
        return issues.replaceAll("(?m) \\(candidates: .*\\)$", "")
                .replaceAll(
                        "(?m)^(ERROR: <input>:\\d+:\\d+: )(mismatched|extraneous|missing|no viable|token)",
                        "$1Syntax error: $2");
    }

    private record Compiled(CelRuntime.@Nullable Program program, boolean usesOldSelf, String problem) {
        static Compiled of(CelCompiler compiler, String text, CelType expected, String prefix, String wrongType) {
            CelValidationResult result = compiler.compile(text);
            try {
                CelAbstractSyntaxTree tree = result.getAst();
                if (!tree.getResultType().equals(expected)) {
                    return new Compiled(null, false, wrongType);
                }
                boolean usesOldSelf = tree.getReferenceMap().values().stream()
                        .anyMatch(reference -> reference.name().equals("oldSelf"));
                return new Compiled(CelLibrary.RUNTIME.createProgram(tree), usesOldSelf, "");
            } catch (CelValidationException e) {
                return new Compiled(null, false, prefix + "compilation failed: " + inGoWords(result.getErrorString()));
            } catch (CelEvaluationException e) {
                return new Compiled(null, false, prefix + "program instantiation failed: " + e.getMessage());
            }
        }
    }

    /** What came out: whether the rule holds; otherwise what to say, or why there is no answer. */
    sealed interface Outcome {
        record Holds() implements Outcome {}

        record Violated(String detail) implements Outcome {}

        record Failed(String detail) implements Outcome {}
    }

    /** @param oldSelf null when there is nothing to compare with; a transition rule then holds */
    Outcome evaluate(Object self, @Nullable Object oldSelf) {
        if (!ruleProblem.isEmpty()) {
            return new Outcome.Failed("rule compile error: " + ruleProblem);
        }
        boolean isOptional = declaration.path("optionalOldSelf").asBoolean();
        if (program == null || (usesOldSelf && oldSelf == null && !isOptional)) {
            return new Outcome.Holds();
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", self);
        if (isOptional) {
            variables.put("oldSelf", Optional.ofNullable(oldSelf));
        } else if (oldSelf != null) {
            variables.put("oldSelf", oldSelf);
        }
        try {
            if (program.eval(variables).equals(true)) {
                return new Outcome.Holds();
            }
        } catch (CelEvaluationException e) {
            return new Outcome.Failed(problem(e) + " evaluating rule: " + name());
        }
        return new Outcome.Violated(detail(variables));
    }

    private String detail(Map<String, Object> variables) {
        if (message != null) {
            try {
                String text = message.eval(variables) instanceof String evaluated ? evaluated.strip() : "";
                if (!text.isEmpty() && !text.contains("\n") && text.length() <= 5 * 1024) {
                    return text;
                }
            } catch (CelEvaluationException e) {
                LOG.debug("messageExpression of {} failed: {}", name(), e.getMessage());
            }
        }
        return declaration.path("message").asText("").isEmpty() ? "failed rule: " + name() : name();
    }

    private String name() {
        String message = declaration.path("message").asText("");
        return (message.isEmpty() ? declaration.path("rule").asText() : message).strip();
    }

    /** cel-go's words for what cel-java reports. */
    private static String problem(CelEvaluationException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        CelErrorCode code = e.getErrorCode();
        if (e.getCause() instanceof CelRuntimeException cause) {
            code = cause.getErrorCode();
        }
        return switch (code) {
            case ATTRIBUTE_NOT_FOUND ->
                "no such key: " + message.replaceFirst("(?s)^key '(.*)' is not present in map\\.$", "$1");
            case INDEX_OUT_OF_BOUNDS -> message.replace("Index out of bounds", "index out of bounds");
            case DIVIDE_BY_ZERO -> "division by zero";
            case NUMERIC_OVERFLOW -> "integer overflow";
            default -> message;
        };
    }
}
