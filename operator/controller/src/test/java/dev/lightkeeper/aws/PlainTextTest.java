package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.desired.SecretText;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void onlyTheFirstSentenceIsKept() {
        assertThat(PlainText.firstSentence("The image :api.x.1 is wrong. An example is :api.y.2.", List.of()))
                .isEqualTo("The image :api.x.1 is wrong");
    }

    @Test
    void aLongSentenceIsCut() {
        assertThat(PlainText.firstSentence("x".repeat(1000), List.of()))
                .hasSize(300)
                .endsWith("…");
    }

    @Test
    void quotesAndLineBreaksAreCleaned() {
        assertThat(PlainText.firstSentence("a \"b\"\r\n\t'c' \u001b[31m`d`", List.of()))
                .isEqualTo("a b c [31md");
    }

    @Test
    void aSecretIsRemovedThoughAwsSplitsOrEscapesIt() {
        SecretText key = SecretText.of("-----BEGIN KEY-----\nabcdef\n\"quoted\"\n");

        assertThat(PlainText.firstSentence("got abcdef here", List.of(key))).isEqualTo("got *** here");
        assertThat(PlainText.firstSentence("got -----BEGIN KEY-----\\nabcdef\\n\\\"quoted\\\"\\n here", List.of(key)))
                .doesNotContain("abcdef", "quoted");
    }

    @Test
    void theLongestSecretIsRemovedFirst() {
        assertThat(PlainText.firstSentence(
                        "got pass-word here", List.of(SecretText.of("pass"), SecretText.of("pass-word"))))
                .isEqualTo("got *** here");
    }

    @Test
    void aShortSecretIsRemovedAsAWordOnly() {
        assertThat(PlainText.firstSentence("value \"on\" on container", List.of(SecretText.of("on"))))
                .isEqualTo("value *** *** container");
    }

    @Test
    void anEmptySecretRemovesNothing() {
        assertThat(PlainText.firstSentence("all of it", List.of(SecretText.of(""), SecretText.of(" "))))
                .isEqualTo("all of it");
    }

    @Test
    void idsOfRequestsGoAndThoseOfResourcesStay() {
        String uuid = "11111111-2222-3333-4444-555555555555";

        assertThat(PlainText.firstSentence("failed " + uuid, List.of())).isEqualTo("failed");
        assertThat(PlainText.firstSentence("failed (RequestId: abc-1)", List.of()))
                .isEqualTo("failed");
        assertThat(PlainText.firstSentence("see ContainerService/" + uuid, List.of()))
                .endsWith(uuid);
    }
}
