package dev.lightkeeper.desired;

import static dev.lightkeeper.desired.DesiredStep.invalid;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.HeaderAssertion;
import dev.lightkeeper.api.v1alpha1.RandomPathControl;
import dev.lightkeeper.api.v1alpha1.Readiness;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RequiredEnv;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.Verification;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the schema could not refuse, and what this version of the operator does not do. */
final class SpecRules {
    /** Lightsail's limit for the value of a tag. */
    private static final int TAG_VALUE_LIMIT = 256;

    private SpecRules() {}

    static List<Problem> check(ResourceIdentity resource, ServiceDeploymentSpec spec) {
        List<Problem> problems = new ArrayList<>();
        unknownValues(spec, problems);
        unsupported(spec, problems);
        patterns(spec, problems);
        if (resource.qualifiedName().length() > TAG_VALUE_LIMIT) {
            problems.add(invalid(
                    Reason.InvalidSpec,
                    "namespace and name together are longer than the %d characters of an ownership tag; use a shorter name"
                            .formatted(TAG_VALUE_LIMIT - 1)));
        }
        return problems;
    }

    private static void unknownValues(ServiceDeploymentSpec spec, List<Problem> problems) {
        known(spec.driftPolicy(), "spec.driftPolicy", problems);
        known(spec.managementPolicy(), "spec.managementPolicy", problems);
        known(spec.adoptionPolicy(), "spec.adoptionPolicy", problems);
        known(spec.deletionPolicy(), "spec.deletionPolicy", problems);
        known(spec.rollout().onFailure(), "spec.rollout.onFailure", problems);
        known(spec.verification().randomPathControl(), "spec.verification.randomPathControl", problems);
        if (spec.lightsail() != null) {
            known(spec.lightsail().power(), "spec.lightsail.power", problems);
            known(spec.lightsail().ecrImagePuller(), "spec.lightsail.ecrImagePuller", problems);
        }
        for (Container container : spec.containers()) {
            container.ports().forEach(port -> known(port.protocol(), "spec.containers[].ports[].protocol", problems));
        }
    }

    private static void known(@Nullable Object value, String field, List<Problem> problems) {
        if (value == null) {
            problems.add(invalid(
                    Reason.UnknownValue,
                    "%s has a value that this version does not know; upgrade the operator or change the value"
                            .formatted(field)));
        }
    }

    private static void unsupported(ServiceDeploymentSpec spec, List<Problem> problems) {
        Verification verification = spec.verification();
        notYet(spec.ec2() != null, "spec.ec2", problems);
        notYet(!verification.endpoints().isEmpty(), "spec.verification.endpoints", problems);
        notYet(!verification.cors().isEmpty(), "spec.verification.cors", problems);
        notYet(
                verification.randomPathControl() == RandomPathControl.Enforce,
                "spec.verification.randomPathControl",
                problems);
        notYet(!verification.logMilestones().isEmpty(), "spec.verification.logMilestones", problems);
        notYet(!verification.forbiddenLogPatterns().isEmpty(), "spec.verification.forbiddenLogPatterns", problems);
        notYet(spec.rollout().maxAttempts() > 1, "spec.rollout.maxAttempts above 1", problems);
    }

    private static void notYet(boolean used, String field, List<Problem> problems) {
        if (used) {
            problems.add(invalid(
                    Reason.InvalidSpec, "%s is not supported by this version; remove it to go on".formatted(field)));
        }
    }

    private static void patterns(ServiceDeploymentSpec spec, List<Problem> problems) {
        for (Container container : spec.containers()) {
            for (RequiredEnv required : container.requiredEnv()) {
                String where = "requiredEnv %s of container \"%s\"".formatted(required.name(), container.name());
                compiles(required.pattern(), where + ".pattern", problems);
                compiles(required.notPattern(), where + ".notPattern", problems);
            }
        }
        Readiness readiness = spec.readiness();
        if (readiness != null && readiness.expect() != null) {
            for (HeaderAssertion header : readiness.expect().headers()) {
                compiles(header.pattern(), "readiness.expect.headers[%s].pattern".formatted(header.name()), problems);
            }
        }
    }

    private static void compiles(@Nullable String pattern, String where, List<Problem> problems) {
        if (pattern == null) {
            return;
        }
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            problems.add(invalid(
                    Reason.InvalidSpec,
                    "%s is not a regular expression of RE2: %s".formatted(where, e.getDescription())));
        }
    }
}
