package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallExperienceTest {
    private static final String LIST = "lightsail:GetContainerServices";
    private static final String CREATE = "lightsail:CreateContainerService";
    private static final Failure LOST = new Failure.Transient("Timeout", LIST + ": AWS did not answer in time", false);

    private final MovableClock clock = new MovableClock();
    private final CallExperience experience = new CallExperience(Duration.ofMinutes(10), clock);

    @Test
    void aDeniedActionIsNamedUntilItWorksAgain() {
        called("us-east-2", CREATE, denied(CREATE));
        called("us-east-2", LIST, null);
        assertThat(experience.denied("default")).containsExactly(CREATE);
        assertThat(experience.denied("other")).isEmpty();
        assertThat(experience.exercised("default")).isFalse();

        called("us-east-2", CREATE, null);
        assertThat(experience.denied("default")).isEmpty();
        assertThat(experience.accepted("default")).contains(CREATE, LIST);
        assertThat(experience.exercised("default")).isTrue();
    }

    @Test
    void aRoleThatCanBeAssumedAgainIsNotDeniedAnyMore() {
        called("us-east-2", "sts:GetCallerIdentity", denied("sts:AssumeRole"));
        assertThat(experience.denied("default")).containsExactly("sts:AssumeRole");
        assertThat(experience.accepted("default")).isEmpty();

        called("us-east-2", "sts:GetCallerIdentity", null);
        assertThat(experience.denied("default")).isEmpty();
        assertThat(experience.accepted("default")).contains("sts:AssumeRole");
    }

    @Test
    void aDeniedParameterSaysNothingOfTheAccountsOtherParameters() {
        called("us-east-2", "ssm:GetParameters", denied("ssm:GetParameters"));
        called("us-east-2", "ssm:GetParametersByPath", denied("ssm:GetParametersByPath"));

        assertThat(experience.denied("default")).isEmpty();
    }

    @Test
    void readingParametersProvesNoRightToChangeAnything() {
        called("us-east-2", "ssm:GetParameters", null);
        called("us-east-2", "ssm:GetParametersByPath", null);

        assertThat(experience.exercised("default")).isFalse();
    }

    @Test
    void rejectedCredentialsAreNoDeniedAction() {
        called("us-east-2", LIST, new Failure.Denied("ExpiredTokenException", LIST, "expired"));

        assertThat(experience.denied("default")).isEmpty();
    }

    @Test
    void whatAnotherIdentityMayDoIsNotKnown() {
        called("us-east-2", "sts:GetCallerIdentity", null);
        called("us-east-2", CREATE, denied(CREATE));
        called("us-east-2", LIST, LOST);
        experience.renewed("default");

        assertThat(experience.accepted("default")).isEmpty();
        assertThat(experience.denied("default")).isEmpty();
        assertThat(experience.silence("default")).isNull();
    }

    @Test
    void anEndpointIsSilentUntilItAnswersAndARefusalIsAnAnswer() {
        called("us-east-2", LIST, LOST);
        called("eu-west-1", LIST, null);
        called("us-east-2", "sts:GetCallerIdentity", null);
        assertThat(experience.silence("default")).contains("AWS did not answer in time", "us-east-2");

        called("us-east-2", CREATE, denied(CREATE));
        assertThat(experience.silence("default")).isNull();
    }

    @Test
    void anAwsThatSaysSlowDownIsNotSilent() {
        called("us-east-2", LIST, LOST);
        called("us-east-2", LIST, new Failure.Throttled(LIST + ": too many calls"));

        assertThat(experience.silence("default")).isNull();
    }

    @Test
    void anEndpointThatNobodyCallsAnyMoreIsForgotten() {
        called("us-east-2", LIST, LOST);

        clock.advance(Duration.ofMinutes(10));

        assertThat(experience.silence("default")).isNull();
    }

    private void called(String region, String action, @Nullable Failure failure) {
        experience.called("default", region, action, Duration.ZERO, failure);
    }

    private static Failure denied(String action) {
        return new Failure.Denied("AccessDeniedException", action, action + " is denied");
    }
}
