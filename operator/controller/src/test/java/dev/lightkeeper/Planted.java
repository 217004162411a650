package dev.lightkeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Secrets that are put where secrets are, and found again wherever they come out, also when they are encoded. */
final class Planted {
    private static final int BASE64_GROUP = 3;

    private final Map<String, String> needles = new LinkedHashMap<>();

    /** Makes a secret that no other text contains; what it holds besides letters is changed by every encoding. */
    String secret(String what) {
        String core =
                "pl4nted" + HexFormat.of().toHexDigits(what.hashCode()) + what.replaceAll("[^A-Za-z]", "") + "Zq7";
        String value = core + "/+=& \"%ä";
        watch(what, core);
        needles.put(URLEncoder.encode(value, UTF_8), what + ", URL-encoded");
        return value;
    }

    /** Looks for a value that somebody else has made. */
    void watch(String what, String value) {
        byte[] bytes = value.getBytes(UTF_8);
        needles.put(value, what);
        needles.put(HexFormat.of().formatHex(bytes), what + ", hexadecimal");
        for (int before = 0; before < BASE64_GROUP; before++) {
            needles.put(base64(bytes, before), what + ", base64");
        }
    }

    /** The letters that do not depend on what stands before or after the value; the core has none that URL-safe base64 changes. */
    private static String base64(byte[] value, int before) {
        byte[] shifted = new byte[before + value.length];
        System.arraycopy(value, 0, shifted, before, value.length);
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int stable = value.length + before - (value.length + before) % BASE64_GROUP;
        return encoded.substring(before == 0 ? 0 : BASE64_GROUP + 1, stable / BASE64_GROUP * (BASE64_GROUP + 1));
    }

    /** Which of them a text gives away. */
    List<String> in(String text) {
        TreeSet<String> found = new TreeSet<>();
        needles.forEach((needle, what) -> {
            if (text.contains(needle)) {
                found.add(what);
            }
        });
        return new ArrayList<>(found);
    }

    /** The same of all that was emitted, by where it was. */
    Map<String, List<String>> in(Map<String, String> emitted) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        emitted.forEach((where, text) -> {
            List<String> there = in(text);
            if (!there.isEmpty()) {
                found.put(where, there);
            }
        });
        return found;
    }

    @Override
    public String toString() {
        return Arrays.toString(needles.values().toArray());
    }
}
