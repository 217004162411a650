package dev.lightkeeper.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands that the documentation tells people to type. */
final class Commands {
    private static final Pattern BLOCK = Pattern.compile("^ *```\\n(.*?)^ *```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern JSONPATH = Pattern.compile("jsonpath='([^']*)'");
    private static final Pattern PIECE = Pattern.compile("\\{(range )?([^}]*)}");
    private static final Pattern STEP = Pattern.compile("\\.(\\w+)|\\[[^\\]]*]");
    private static final Map<Pattern, JsonNode> SCHEMAS = Map.of(
            Pattern.compile("\\b(sdep|servicedeployments?)\\b"), schema("servicedeployments"),
            Pattern.compile("\\b(awsacct|awsaccounts?)\\b"), schema("awsaccounts"));

    private Commands() {}

    private static JsonNode schema(String plural) {
        Path crd = Documents.ROOT.resolve("crds").resolve(plural + ".lightkeeper.dev.yaml");
        try {
            return new YAMLMapper().readTree(Documents.read(crd)).at("/spec/versions/0/schema/openAPIV3Schema");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every line of a block without a language that begins with this program. */
    static List<String> of(String program) {
        return Documents.all().stream()
                .map(Documents::read)
                .flatMap(text -> BLOCK.matcher(text).results().map(found -> found.group(1)))
                .flatMap(String::lines)
                .map(line -> line.strip().replaceFirst("^\\$ ", ""))
                .flatMap(line -> Stream.concat(Stream.of(line), nested(line)))
                .filter(line -> line.matches(program + " \\S.*"))
                .toList();
    }

    private static Stream<String> nested(String line) {
        return Pattern.compile("\\$\\(([^)]*)").matcher(line).results().map(found -> found.group(1));
    }

    /** Paths of a kubectl command that the API's own kinds do not have. */
    static List<String> unknownPaths(String command) {
        List<String> unknown = new ArrayList<>();
        SCHEMAS.forEach((kind, schema) -> {
            Matcher path = JSONPATH.matcher(command);
            if (kind.matcher(command).find() && path.find()) {
                unknown.addAll(unknown(path.group(1), schema));
            }
        });
        return unknown;
    }

    private static List<String> unknown(String template, JsonNode schema) {
        List<String> unknown = new ArrayList<>();
        Deque<JsonNode> scopes = new ArrayDeque<>(List.of(schema));
        Matcher piece = PIECE.matcher(template);
        while (piece.find()) {
            String path = piece.group(2);
            if (path.equals("end")) {
                JsonNode _ = scopes.pop();
            } else if (path.startsWith(".")) {
                JsonNode found = follow(path, scopes.element());
                if (found.isMissingNode()) {
                    unknown.add(path);
                }
                if (piece.group(1) != null) {
                    scopes.push(found);
                }
            }
        }
        return unknown;
    }

    private static JsonNode follow(String path, JsonNode from) {
        JsonNode at = from;
        // What is got without a name is a list of the kind.
        Matcher step = STEP.matcher(path.replaceFirst("^\\.items\\[\\*]", ""));
        while (step.find()) {
            String field = step.group(1);
            if ("metadata".equals(field)) {
                return at;
            }
            if (field == null) {
                at = at.path("items");
            } else {
                at = at.path("properties").path(field);
            }
        }
        return at;
    }
}
