package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.AccountAccess;
import dev.lightkeeper.api.v1alpha1.Ec2Access;
import dev.lightkeeper.api.v1alpha1.Ec2Hosts;
import dev.lightkeeper.api.v1alpha1.Ec2Runtime;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.HostSelector;
import dev.lightkeeper.api.v1alpha1.LabelExpression;
import dev.lightkeeper.api.v1alpha1.LabelOperator;
import dev.lightkeeper.api.v1alpha1.LogGroup;
import dev.lightkeeper.api.v1alpha1.Logging;
import dev.lightkeeper.api.v1alpha1.NamespaceSelector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {
    @Test
    void absentRulesAllowNobodyNothing() {
        for (AccessRules rules : List.of(new AccessRules(null), rules(null, List.of()))) {
            assertThat(rules.needsLabels()).isFalse();
            assertThat(rules.allowsNamespace(Map.of("team", "core"))).isFalse();
            assertThat(rules.allowsService("production", "api")).isFalse();
            assertThat(rules.allowsDeletion()).isFalse();
        }
    }

    @Test
    void anEmptySelectorAllowsEverybodyWithoutAskingForLabels() {
        AccessRules rules = rules(new NamespaceSelector(Map.of(), List.of()), List.of("*"));

        assertThat(rules.needsLabels()).isFalse();
        assertThat(rules.allowsNamespace(Map.of())).isTrue();
    }

    @Test
    void everyLabelOfTheSelectorMustMatch() {
        AccessRules rules = rules(new NamespaceSelector(Map.of("team", "core", "stage", "live"), List.of()), List.of());

        assertThat(rules.allowsNamespace(Map.of("team", "core", "stage", "live", "more", "x")))
                .isTrue();
        assertThat(rules.allowsNamespace(Map.of("team", "core"))).isFalse();
        assertThat(rules.allowsNamespace(Map.of("team", "core", "stage", "test")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "In,core,true",
        "In,edge,false",
        "In,,false",
        "NotIn,core,false",
        "NotIn,edge,true",
        "NotIn,,true",
        "Exists,core,true",
        "Exists,,false",
        "DoesNotExist,core,false",
        "DoesNotExist,,true",
        ",core,false",
        ",,false"
    })
    void expressionsMeanWhatKubernetesMeansAndAnUnknownOperatorAllowsNothing(
            @Nullable LabelOperator operator, @Nullable String label, boolean allowed) {
        AccessRules rules = rules(
                new NamespaceSelector(Map.of(), List.of(new LabelExpression("team", operator, List.of("core")))),
                List.of());

        assertThat(rules.needsLabels()).isTrue();
        assertThat(rules.allowsNamespace(label == null ? Map.of() : Map.of("team", label)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "{namespace}-*,shop-api,true",
        "{namespace}-*,shop-,true",
        "{namespace}-*,shop,false",
        "{namespace}-*,other-api,false",
        "{namespace},shop,true",
        "api,api,true",
        "api,apis,false",
        "api,my-api,false",
        "*,anything,true",
        "a*b*c,a-x-b-y-b-c,true",
        "a*b*c,acb,false",
        "**,x,true",
        "*-api,shop-api,true",
        "*-api,shop-api-2,false"
    })
    void aServiceNameMustMatchAPatternAsAWhole(String pattern, String name, boolean allowed) {
        assertThat(rules(null, List.of("never", pattern)).allowsService("shop", name))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "/{namespace}/*,/shop/api/DSN,true",
        "/{namespace}/*,/shop,false",
        "/{namespace}/*,/shopping/DSN,false",
        "/{namespace}/*,/other/shop/DSN,false",
        "/{namespace}/api/*,/shop/web/DSN,false",
        "/shop/api/DSN,/shop/api/DSN,true",
        "/*,DSN,true",
        "/DSN,DSN,true",
        "/{namespace}/*,shop/DSN,true"
    })
    void aParameterMustMatchAPatternAsAWhole(String pattern, String name, boolean allowed) {
        assertThat(parameterRules("/never", pattern).allowsParameter("shop", name))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "/{namespace}/*,/shop/api/,true",
        "/{namespace}/*,/shop/api,true",
        "/{namespace}/*,/shop,true",
        "/{namespace}/*,/,false",
        "/{namespace}/*,/shopping/,false",
        "/shop/api/D*,/shop/api/,false",
        "/shop/api/DSN,/shop/api/,false",
        "/shop/*/DSN,/shop/api/,false",
        "/*,/,true"
    })
    void aPathIsAllowedOnlyWhereEverythingBelowItIs(String pattern, String path, boolean allowed) {
        assertThat(parameterRules("/never", pattern).allowsParametersBelow("shop", path))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "/read/shop,/ship/shop,true",
        "/read/shop,/ship/other,false",
        "/other,/ship/shop,false",
        ",/ship/shop,true",
        ",/other,false"
    })
    void groupThatIsShippedIntoIsHeldToTheSamePatternsAsOneThatIsRead(
            @Nullable String read, String shipped, boolean allowed) {
        Ec2Access access = new Ec2Access(
                Map.of("a", "b"), List.of("ubuntu"), false, List.of("/read/{namespace}", "/ship/{namespace}"));
        Ec2Target target = new Ec2Target(
                new Ec2Hosts(new HostSelector(Map.of("a", "b"), List.of())),
                Ec2Runtime.Docker,
                "ubuntu",
                1,
                30,
                null,
                read == null ? null : new LogGroup(read, null),
                new Logging("awslogs", Map.of("awslogs-group", shipped)),
                null,
                null,
                List.of(),
                List.of(),
                List.of());
        AccessRules rules =
                new AccessRules(new AccountAccess(null, List.of(), List.of(), false, false, List.of(), access));
        assertThat(rules.refusesHosts("shop", target).isEmpty()).isEqualTo(allowed);
    }

    @Test
    void withoutPatternsNoParameterIsAllowed() {
        for (AccessRules rules : List.of(new AccessRules(null), parameterRules())) {
            assertThat(rules.allowsParameter("shop", "/shop/DSN")).isFalse();
            assertThat(rules.allowsParametersBelow("shop", "/")).isFalse();
        }
    }

    private static AccessRules parameterRules(String... patterns) {
        return new AccessRules(new AccountAccess(null, List.of(), List.of(patterns), false, false, List.of(), null));
    }

    private static AccessRules rules(@Nullable NamespaceSelector namespaces, List<String> patterns) {
        return new AccessRules(new AccountAccess(namespaces, patterns, List.of(), false, false, List.of(), null));
    }
}
