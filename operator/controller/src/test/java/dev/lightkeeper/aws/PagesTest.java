package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked
class PagesTest {
    private final List<String> tokens = new ArrayList<>();

    /** Page n leads to page n + 1, until the last. */
    private AwsAnswer<Integer> page(String token) {
        tokens.add(String.valueOf(token));
        return new AwsAnswer.Answered<>(token == null ? 1 : Integer.parseInt(token));
    }

    @Test
    void allPagesAreReadInTheirOrder() {
        assertThat(new Pages(20).read(this::page, number -> number == 3 ? "" : String.valueOf(number + 1)))
                .isEqualTo(new Pages.Read<>(List.of(1, 2, 3), true, null));
        assertThat(tokens).containsExactly("null", "2", "3");
    }

    @Test
    void noPageIsReadThatIsNotNeeded() {
        assertThat(new Pages(20).read(this::page, number -> String.valueOf(number + 1), number -> number == 2))
                .isEqualTo(new Pages.Read<>(List.of(1, 2), true, null));
    }

    @Test
    void aListWithoutEndIsGivenUp() {
        assertThat(new Pages(4).read(this::page, number -> String.valueOf(number + 1)))
                .isEqualTo(new Pages.Read<>(List.of(1, 2, 3, 4), false, null));
    }

    @Test
    void aPartOfAListThatIsTooLongIsAFailureForWhomAPartIsOfNoUse() {
        assertThat(new Pages(4)
                        .read(this::page, number -> String.valueOf(number + 1))
                        .orFailure())
                .isInstanceOf(AwsAnswer.Failed.class);
    }

    @Test
    void aPageThatLeadsToItselfIsTheLast() {
        assertThat(new Pages(20).read(this::page, number -> "2"))
                .isEqualTo(new Pages.Read<>(List.of(1, 2), true, null));
    }

    @Test
    void whatWasReadBeforeAFailureIsGivenToWhoeverHasUseForIt() {
        Failure throttled = new Failure.Throttled("slow down");
        Pages.Read<Integer> read = new Pages(20)
                .read(token -> token == null ? page(null) : new AwsAnswer.Failed<>(throttled), number -> "2");
        assertThat(read).isEqualTo(new Pages.Read<>(List.of(1), false, throttled));
        assertThat(read.orFailure()).isEqualTo(new AwsAnswer.Failed<>(throttled));
    }
}
