package dev.lightkeeper.probe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.lightkeeper.verify.JsonReader;
import java.io.IOException;

/**
 * Reads one value of a JSON text with Jackson. The text is read to its end, so that what is cut or followed by
 * something else is no JSON; so is what is nested more than {@value #DEEPEST} deep. Of equal keys the last one counts.
 */
public final class JacksonJsonReader implements JsonReader {
    private static final int DEEPEST = 100;

    private final JsonFactory factory = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();

    @Override
    public Reading read(String body, String pointer) {
        try (JsonParser parser = factory.createParser(body.startsWith("\ufeff") ? body.substring(1) : body)) {
            Reading found = new Reading.Missing();
            int depth = 0;
            JsonToken token = parser.nextToken();
            if (token == null) {
                return new Reading.NotJson();
            }
            do {
                if ((token.isScalarValue() || token.isStructStart())
                        && parser.getParsingContext().pathAsPointer().toString().equals(pointer)) {
                    found = token.isScalarValue() ? new Reading.Found(parser.getText()) : new Reading.NotScalar();
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                token = parser.nextToken();
            } while (token != null && depth > 0);
            return token == null ? found : new Reading.NotJson();
        } catch (IOException e) {
            return new Reading.NotJson();
        }
    }
}
