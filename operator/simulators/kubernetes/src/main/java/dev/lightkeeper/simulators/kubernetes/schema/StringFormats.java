package dev.lightkeeper.simulators.kubernetes.schema;

import com.google.common.net.InetAddresses;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The string formats that kube-apiserver checks; it ignores all others. */
final class StringFormats {
    private static final String SHORT_NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String HOST_CHARACTERS = "[a-zA-Z0-9\\p{S}\\p{L}]";
    private static final Pattern TIME =
            Pattern.compile("([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))");
    private static final Pattern GO_DURATION =
            Pattern.compile("[+-]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)");
    private static final Pattern GO_DURATION_PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern WORDY_DURATION = Pattern.compile("(\\d+)\\s*([A-Za-zµ]+)");
    private static final Map<String, Long> NANOS = Map.of(
            "ns",
            1L,
            "us",
            1_000L,
            "ms",
            1_000_000L,
            "s",
            1_000_000_000L,
            "m",
            60_000_000_000L,
            "h",
            3_600_000_000_000L,
            "d",
            86_400_000_000_000L,
            "w",
            604_800_000_000_000L);
    private static final Map<String, Set<String>> WORDS = Map.of(
            "ns",
            Set.of("nano"),
            "us",
            Set.of("µs", "micro"),
            "ms",
            Set.of("milli"),
            "s",
            Set.of("sec"),
            "m",
            Set.of("min"),
            "h",
            Set.of("hr", "hour"),
            "d",
            Set.of("day"),
            "w",
            Set.of("wk", "week"));
    private static final Set<String> PREFIXES = Set.of("nano", "micro", "milli", "sec", "min", "hour", "day", "week");

    private static final Map<String, Predicate<String>> FORMATS = Map.ofEntries(
            Map.entry("bsonobjectid", regex("[0-9a-fA-F]{24}")),
            Map.entry("uri", StringFormats::isRequestUri),
            Map.entry("email", regex("(.*<)?[^\\s@<>]+@[^\\s@<>]+>?")),
            Map.entry("hostname", StringFormats::isHostname),
            Map.entry("ipv4", text -> text.contains(".") && InetAddresses.isInetAddress(text)),
            Map.entry("ipv6", text -> text.contains(":") && InetAddresses.isInetAddress(text)),
            Map.entry("cidr", StringFormats::isCidr),
            Map.entry(
                    "mac",
                    regex("([0-9a-fA-F]{2}([:-]))([0-9a-fA-F]{2}\\2){4}[0-9a-fA-F]{2}"
                            + "|([0-9a-fA-F]{4}\\.){2}[0-9a-fA-F]{4}")),
            Map.entry("uuid", uuid("[0-9a-f]{4}", "[0-9a-f]{4}")),
            Map.entry("uuid3", uuid("3[0-9a-f]{3}", "[0-9a-f]{4}")),
            Map.entry("uuid4", uuid("4[0-9a-f]{3}", "[89ab][0-9a-f]{3}")),
            Map.entry("uuid5", uuid("5[0-9a-f]{3}", "[89ab][0-9a-f]{3}")),
            Map.entry("isbn", text -> isIsbn10(text) || isIsbn13(text)),
            Map.entry("isbn10", StringFormats::isIsbn10),
            Map.entry("isbn13", StringFormats::isIsbn13),
            Map.entry("creditcard", StringFormats::isCreditCard),
            Map.entry("ssn", regex("\\d{3}[- ]\\d{2}[- ]\\d{4}")),
            Map.entry("hexcolor", regex("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")),
            Map.entry(
                    "rgbcolor",
                    regex("rgb\\((\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*(,(?!\\))|(?=\\)))){3}\\)")),
            Map.entry("byte", regex("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})")),
            Map.entry("password", text -> true),
            Map.entry("date", StringFormats::isDate),
            Map.entry("duration", text -> duration(text).isPresent()),
            Map.entry("datetime", StringFormats::isDateTime),
            Map.entry("k8sshortname", text -> text.length() <= 63 && text.matches(SHORT_NAME)),
            Map.entry(
                    "k8slongname",
                    text -> text.length() <= 253 && text.matches(SHORT_NAME + "(\\." + SHORT_NAME + ")*")));

    private StringFormats() {}

    static boolean isKnown(String format) {
        return FORMATS.containsKey(format.replace("-", ""));
    }

    static boolean matches(String format, String text) {
        Predicate<String> predicate = FORMATS.get(format.replace("-", ""));
        return predicate == null || predicate.test(text);
    }

    /** What Go's {@code time.ParseDuration} reads, or the likes of {@code 2 days}. */
    static Optional<Duration> duration(String text) {
        if (GO_DURATION.matcher(text).matches()) {
            double nanos = GO_DURATION_PART
                    .matcher(text)
                    .results()
                    .mapToDouble(part -> Double.parseDouble(part.group(1))
                            * nanosOf(part.group(2).replaceAll("[µμ]", "u")))
                    .sum();
            return Optional.of(Duration.ofNanos(Math.round(text.startsWith("-") ? -nanos : nanos)));
        }
        Duration total = Duration.ZERO;
        boolean found = false;
        for (MatchResult part :
                (Iterable<MatchResult>) WORDY_DURATION.matcher(text).results()::iterator) {
            String unit = part.group(2).toLowerCase(Locale.ROOT);
            for (Map.Entry<String, Set<String>> word : WORDS.entrySet()) {
                if (unit.equals(word.getKey())
                        || word.getValue().contains(unit)
                        || word.getValue().stream().anyMatch(w -> PREFIXES.contains(w) && unit.startsWith(w))) {
                    total = total.plusNanos(Long.parseLong(part.group(1)) * nanosOf(word.getKey()));
                    found = true;
                }
            }
        }
        return found ? Optional.of(total) : Optional.empty();
    }

    private static long nanosOf(String unit) {
        return NANOS.getOrDefault(unit, 0L);
    }

    private static Predicate<String> regex(String regex) {
        return Pattern.compile(regex, Pattern.DOTALL).asMatchPredicate();
    }

    private static Predicate<String> uuid(String third, String fourth) {
        return Pattern.compile(
                        "[0-9a-f]{8}-?[0-9a-f]{4}-?" + third + "-?" + fourth + "-?[0-9a-f]{12}",
                        Pattern.CASE_INSENSITIVE)
                .asMatchPredicate();
    }

    private static boolean isRequestUri(String text) {
        try {
            URI uri = new URI(text);
            return text.startsWith("/") || uri.isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isHostname(String text) {
        return text.length() <= 255
                && text.matches("(" + HOST_CHARACTERS + "(-?" + HOST_CHARACTERS + "{0,62})?)|((" + HOST_CHARACTERS
                        + "(([a-zA-Z0-9\\-\\p{S}\\p{L}]{0,61}" + HOST_CHARACTERS + ")?)\\.)+[a-zA-Z\\p{L}]{2,63})")
                && Pattern.compile("\\.").splitAsStream(text).allMatch(label -> label.length() <= 63);
    }

    private static boolean isCidr(String text) {
        Matcher cidr = Pattern.compile("(.+)/(\\d{1,3})").matcher(text);
        return cidr.matches()
                && InetAddresses.isInetAddress(cidr.group(1))
                && Integer.parseInt(cidr.group(2)) <= (cidr.group(1).contains(":") ? 128 : 32);
    }

    private static boolean isDate(String text) {
        try {
            var _ = LocalDate.parse(text);
            return text.length() == 10;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("t", -1);
        if (text.length() < 4 || parts.length < 2 || !isDate(parts[0])) {
            return false;
        }
        Matcher time = TIME.matcher(parts[1]);
        return time.matches()
                && time.group(1).compareTo("23") <= 0
                && time.group(2).compareTo("59") <= 0
                && time.group(3).compareTo("59") <= 0;
    }

    private static boolean isIsbn10(String text) {
        String digits = text.replaceAll("[\\s-]+", "");
        if (!digits.matches("[0-9]{9}[0-9X]")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += (i + 1) * (digits.charAt(i) == 'X' ? 10 : digits.charAt(i) - '0');
        }
        return sum % 11 == 0;
    }

    private static boolean isIsbn13(String text) {
        String digits = text.replaceAll("[\\s-]+", "");
        return digits.matches("[0-9]{13}") && weightedSum(digits, 1, 3) % 10 == 0;
    }

    private static int weightedSum(String digits, int even, int odd) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            sum += (i % 2 == 0 ? even : odd) * (digits.charAt(i) - '0');
        }
        return sum;
    }

    private static boolean isCreditCard(String text) {
        String digits = text.replaceAll("[^0-9]+", "");
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = (digits.charAt(digits.length() - 1 - i) - '0') * (i % 2 + 1);
            sum += digit >= 10 ? digit % 10 + 1 : digit;
        }
        return sum % 10 == 0
                && digits.matches("4[0-9]{12}([0-9]{3})?|5[1-5][0-9]{14}|6(011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}"
                        + "|3(0[0-5]|[68][0-9])[0-9]{11}|(2131|1800|35\\d{3})\\d{11}");
    }
}
