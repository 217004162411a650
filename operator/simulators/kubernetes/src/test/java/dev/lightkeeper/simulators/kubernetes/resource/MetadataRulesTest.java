package dev.lightkeeper.simulators.kubernetes.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataRulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "a-b", "a.b_c", "example.dev/a", "A1"})
    void qualifiedNamesMayBeUsed(String name) {
        assertThat(MetadataRules.qualifiedNameFaults(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "a b", "/a", "a/", "Example.dev/a", "a/b/c"})
    void othersMayNot(String name) {
        assertThat(MetadataRules.qualifiedNameFaults(name)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "a_b", "a..b", "-a", ""})
    void mostKindsWantSubdomainsAsNames(String name) {
        assertThat(NameRule.SUBDOMAIN.faults(name)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"system:admin", "A", "a.b"})
    void rolesAreFree(String name) {
        assertThat(NameRule.PATH_SEGMENT.faults(name)).isEmpty();
        assertThat(NameRule.LABEL.faults(name)).isNotEmpty();
    }
}
