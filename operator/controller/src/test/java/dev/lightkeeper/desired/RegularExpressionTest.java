package dev.lightkeeper.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions of tenants, which the process has to outlive. */
class RegularExpressionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "^sk-[A-Za-z0-9]{20,200}$",
                "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:)",
                "(\\d{1,3}\\.){3}\\d{1,3}",
                ".{1000}",
                "\\Q(a{1000}){1000}\\E",
                "[[:alpha:]{1000}(]{10}",
                "\\{\"level\":\"(error|fatal)\"",
            })
    void whatPeopleWriteIsCompiledAndNoLongerThanCounted(String expression) {
        assertThat(RegularExpression.refusal(expression)).isNull();
        // RE2/J adds an instruction for the beginning and one for the end.
        assertThat(RegularExpression.compile(expression).programSize())
                .isLessThanOrEqualTo(RegularExpression.MOST_STEPS + 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".{1000}!",
                ".{501}.{500}",
                "x{0,1000}",
                "(?:x?){1000}",
                "((a{1000}){1000}){1000}",
                "(((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9}){9}){9}",
                "(a{100}[)]){100}",
                "(a{100}\\)){100}",
                "(a{100}[[:alpha:])]){100}",
                "(a{100}[]){100}[)]){100}",
                "(a{100}\\Q)\\E){100}",
                "(a\\pL\\x{41}[b-c]){300}",
                "a{99999999999999999999}",
            })
    void whatRepeatsTooMuchIsRefusedBeforeItIsCompiled(String expression) {
        assertThat(RegularExpression.refusal(expression))
                .startsWith("repeats too much")
                .contains("1000");
        assertThatExceptionOfType(PatternSyntaxException.class).isThrownBy(() -> RegularExpression.compile(expression));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", ")", "a(?=b)", "[", "a{2}{3}", "*"})
    void whatRe2DoesNotReadIsNoExpression(String expression) {
        assertThat(RegularExpression.refusal(expression)).startsWith("is not a regular expression of RE2: ");
    }
}
