package dev.lightkeeper.simulators.kubernetes.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
    private static final Kinds KINDS = new Kinds(BuiltIns.load().kinds());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1|true",
                "a==1|true",
                "a=2|false",
                "a!=2|true",
                "b!=2|true",
                "a|true",
                "!a|false",
                "!b|true",
                "a in (1,2)|true",
                "a in (2)|false",
                "a notin (2,3)|true",
                "b notin (1)|true",
                "b in (1)|false",
                "a=1,e.io/f=x|true",
                "a=1,e.io/f=y|false",
                "a>0|true",
                "a<1|false",
                "e.io/f in (x),a notin (7)|true"
            })
    void labelSelectorsChooseAsKubernetesDoes(String selector, boolean chosen) {
        assertThat(Selector.of(kind("configmaps"), selector, "").test(object())).isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metadata.name=n|true",
                "metadata.name!=n|false",
                "metadata.name=n,metadata.namespace=ns|true",
                "type=Opaque|true",
                "type!=Opaque|false"
            })
    void fieldSelectorsChooseByTheFieldsThatAKindOffers(String selector, boolean chosen) {
        assertThat(Selector.of(kind("secrets"), "", selector).test(object())).isEqualTo(chosen);
    }

    @Test
    void otherFieldsAreRefused() {
        assertThatThrownBy(() -> Selector.of(kind("secrets"), "", "data.x=1"))
                .isInstanceOf(ApiFailure.class)
                .hasMessage("field label not supported: data.x");
        assertThatThrownBy(() -> Selector.of(kind("configmaps"), "a b", ""))
                .hasMessageStartingWith("unable to parse requirement: found 'b'");
    }

    private static ResourceType kind(String plural) {
        return KINDS.find(new GroupResource("", plural)).orElseThrow();
    }

    private static ObjectNode object() {
        ObjectNode object = Trees.object().put("type", "Opaque");
        ObjectNode metadata = object.putObject("metadata").put("name", "n").put("namespace", "ns");
        metadata.putObject("labels").put("a", "1").put("e.io/f", "x");
        return object;
    }
}
