package dev.lightkeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search that finds nothing proves nothing, unless it finds what is there. */
class PlantedTest {
    private final Planted planted = new Planted();
    private final String secret = planted.secret("password");

    @Test
    void aSecretIsFoundInTheMiddleOfAText() {
        assertThat(planted.in("url=postgres://user:" + secret + "@db")).containsExactly("password");
        assertThat(planted.in("{\"a\":\"" + secret.replace("\"", "\\\"") + "\"}"))
                .containsExactly("password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u", "u:", "us:", "user:"})
    void aSecretIsFoundInBase64WhateverStandsBeforeAndAfterIt(String before) {
        byte[] bytes = (before + secret + " and more").getBytes(UTF_8);
        assertThat(planted.in("Authorization: Basic " + Base64.getEncoder().encodeToString(bytes)))
                .containsExactly("password, base64");
        assertThat(planted.in(Base64.getUrlEncoder().encodeToString(bytes))).containsExactly("password, base64");
    }

    @Test
    void aSecretIsFoundInAnAddressAndInHexadecimal() {
        assertThat(planted.in("/path?p=" + URLEncoder.encode(secret, UTF_8))).contains("password, URL-encoded");
        assertThat(planted.in(HexFormat.of().formatHex(("x" + secret).getBytes(UTF_8))))
                .containsExactly("password, hexadecimal");
    }

    @Test
    void whatWasNotPlantedIsNotFound() {
        assertThat(planted.in(Map.of("log", "nothing of it", "status", secret))).containsOnlyKeys("status");
        assertThat(planted.in(new Planted().secret("other"))).isEmpty();
    }
}
