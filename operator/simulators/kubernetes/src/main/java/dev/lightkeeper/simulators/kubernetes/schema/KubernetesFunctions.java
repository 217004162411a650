package dev.lightkeeper.simulators.kubernetes.schema;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelRuntimeException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Kubernetes adds to CEL: lists, regular expressions, formats, URLs, quantities, IP addresses and networks. */
final class KubernetesFunctions {
    private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private KubernetesFunctions() {}

    /**
     * A function, declared by its signature, which is its overload's id, too.
     *
     * @param name without the receiver
     */
    record Function(String name, CelOverloadDecl declaration, CelFunctionBinding binding) {
        private static final java.util.regex.Pattern SIGNATURE =
                java.util.regex.Pattern.compile("(?:(.+)::)?([\\w.]+)\\((.*)\\) (.+)");

        static Function of(String signature, CelFunctionOverload code) {
            MatchResult parts =
                    SIGNATURE.matcher(signature).results().findFirst().orElseThrow();
            List<CelType> parameters = new ArrayList<>();
            if (parts.group(1) != null) {
                parameters.add(type(parts.group(1)));
            }
            Arrays.stream(parts.group(3).split(", ", -1))
                    .filter(parameter -> !parameter.isEmpty())
                    .forEach(parameter -> parameters.add(type(parameter)));
            CelType result = type(parts.group(4));
            CelOverloadDecl declaration = parts.group(1) == null
                    ? CelOverloadDecl.newGlobalOverload(signature, result, parameters)
                    : CelOverloadDecl.newMemberOverload(signature, result, parameters);
            List<Class<?>> classes = new ArrayList<>();
            parameters.forEach(parameter -> classes.add(javaClass(parameter)));
            return new Function(parts.group(2), declaration, CelFunctionBinding.from(signature, classes, code));
        }

        private static CelType type(String name) {
            if (name.startsWith("list<")) {
                return ListType.create(type(name.substring(5, name.length() - 1)));
            }
            return switch (name) {
                case "T" -> TypeParamType.create("T");
                case "bool" -> SimpleType.BOOL;
                case "int" -> SimpleType.INT;
                case "double" -> SimpleType.DOUBLE;
                case "string" -> SimpleType.STRING;
                case "duration" -> SimpleType.DURATION;
                case "dyn" -> SimpleType.DYN;
                case "query" -> MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING));
                default -> OpaqueType.create(name);
            };
        }

        private static Class<?> javaClass(CelType type) {
            return switch (type.name()) {
                case "string" -> String.class;
                case "int" -> Long.class;
                case "list" -> List.class;
                case "kubernetes.URL" -> URI.class;
                case "kubernetes.Quantity" -> BigDecimal.class;
                case "net.IP" -> InetAddress.class;
                case "net.CIDR" -> NetworkFunctions.Network.class;
                default -> Object.class;
            };
        }
    }

    static List<Function> all() {
        return Stream.of(listFunctions(), textFunctions(), quantityFunctions(), NetworkFunctions.all())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Function> listFunctions() {
        return List.of(
                Function.of("list<T>::isSorted() bool", a -> isSorted((List<?>) a[0])),
                Function.of("list<T>::min() T", a -> extreme("min", (List<?>) a[0], -1)),
                Function.of("list<T>::max() T", a -> extreme("max", (List<?>) a[0], 1)),
                Function.of("list<T>::indexOf(T) int", a -> indexOf((List<?>) a[0], a[1])),
                Function.of("list<T>::lastIndexOf(T) int", a -> lastIndexOf((List<?>) a[0], a[1])),
                Function.of(
                        "list<int>::sum() int",
                        a -> ((List<?>) a[0]).stream().mapToLong(i -> (Long) i).reduce(0, Math::addExact)),
                Function.of(
                        "list<double>::sum() double",
                        a -> ((List<?>) a[0])
                                .stream().mapToDouble(i -> (Double) i).sum()),
                Function.of(
                        "list<duration>::sum() duration",
                        a -> ((List<?>) a[0])
                                .stream().map(Duration.class::cast).reduce(Duration.ZERO, Duration::plus)));
    }

    private static List<Function> textFunctions() {
        return List.of(
                Function.of("string::format(list<dyn>) string", a -> format((String) a[0], (List<?>) a[1])),
                Function.of(
                        "string::find(string) string", a -> String.join("", findAll((String) a[0], (String) a[1], 1))),
                Function.of("string::findAll(string) list<string>", a -> findAll((String) a[0], (String) a[1], -1)),
                Function.of(
                        "string::findAll(string, int) list<string>",
                        a -> findAll((String) a[0], (String) a[1], (Long) a[2])),
                Function.of("url(string) kubernetes.URL", a -> url((String) a[0])),
                Function.of("isURL(string) bool", a -> succeeds(() -> url((String) a[0]))),
                Function.of("kubernetes.URL::getScheme() string", a -> orEmpty(((URI) a[0]).getScheme())),
                Function.of("kubernetes.URL::getHost() string", a -> orEmpty(((URI) a[0]).getRawAuthority())),
                Function.of(
                        "kubernetes.URL::getHostname() string",
                        a -> orEmpty(((URI) a[0]).getHost()).replaceAll("[\\[\\]]", "")),
                Function.of(
                        "kubernetes.URL::getPort() string",
                        a -> ((URI) a[0]).getPort() < 0 ? "" : String.valueOf(((URI) a[0]).getPort())),
                Function.of("kubernetes.URL::getEscapedPath() string", a -> orEmpty(((URI) a[0]).getRawPath())),
                Function.of("kubernetes.URL::getQuery() query", a -> query((URI) a[0])));
    }

    private static List<Function> quantityFunctions() {
        String quantity = "kubernetes.Quantity";
        return List.of(
                Function.of("quantity(string) " + quantity, a -> quantity((String) a[0])),
                Function.of("isQuantity(string) bool", a -> succeeds(() -> quantity((String) a[0]))),
                Function.of(quantity + "::sign() int", a -> (long) ((BigDecimal) a[0]).signum()),
                Function.of(quantity + "::compareTo(" + quantity + ") int", a -> (long) order(a)),
                Function.of(quantity + "::isGreaterThan(" + quantity + ") bool", a -> order(a) > 0),
                Function.of(quantity + "::isLessThan(" + quantity + ") bool", a -> order(a) < 0),
                Function.of(quantity + "::asApproximateFloat() double", a -> ((BigDecimal) a[0]).doubleValue()),
                Function.of(quantity + "::isInteger() bool", a -> isLong((BigDecimal) a[0])),
                Function.of(quantity + "::asInteger() int", a -> asLong((BigDecimal) a[0])),
                Function.of(
                        quantity + "::add(" + quantity + ") " + quantity,
                        a -> ((BigDecimal) a[0]).add((BigDecimal) a[1])),
                Function.of(
                        quantity + "::add(int) " + quantity,
                        a -> ((BigDecimal) a[0]).add(BigDecimal.valueOf((Long) a[1]))),
                Function.of(
                        quantity + "::sub(" + quantity + ") " + quantity,
                        a -> ((BigDecimal) a[0]).subtract((BigDecimal) a[1])),
                Function.of(
                        quantity + "::sub(int) " + quantity,
                        a -> ((BigDecimal) a[0]).subtract(BigDecimal.valueOf((Long) a[1]))));
    }

    static CelRuntimeException failure(String message) {
        return new CelRuntimeException(new IllegalArgumentException(message), CelErrorCode.INVALID_ARGUMENT);
    }

    static boolean succeeds(Supplier<?> parse) {
        try {
            return parse.get() != null;
        } catch (CelRuntimeException e) {
            return false;
        }
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (CelValues.compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(String name, List<?> list, int sign) {
        return list.stream()
                .map(Object.class::cast)
                .reduce((best, next) -> CelValues.compare(next, best) * sign > 0 ? next : best)
                .orElseThrow(() -> failure(name + " called on empty list"));
    }

    private static long lastIndexOf(List<?> list, Object item) {
        long fromEnd = indexOf(list.reversed(), item);
        return fromEnd < 0 ? -1 : list.size() - 1 - fromEnd;
    }

    private static long indexOf(List<?> list, Object item) {
        for (int i = 0; i < list.size(); i++) {
            if (CelValues.areEqual(list.get(i), item)) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> findAll(String text, String regex, long limit) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(regex).matcher(text);
        while ((limit < 0 || found.size() < limit) && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    /** {@code %s}, {@code %d}, {@code %f}, {@code %e}, {@code %b}, {@code %x}, {@code %X} and {@code %o}. */
    private static String format(String format, List<?> values) {
        StringBuilder out = new StringBuilder();
        Matcher verb = Pattern.compile("%(\\.\\d+)?(.)").matcher(format);
        int end = 0;
        int next = 0;
        while (verb.find()) {
            out.append(format, end, verb.start());
            end = verb.end();
            if (verb.group(2).equals("%")) {
                out.append('%');
                continue;
            }
            if (next == values.size()) {
                throw failure("index " + next + " out of range");
            }
            Object value = values.get(next++);
            String precision = verb.group(1) == null ? ".6" : verb.group(1);
            out.append(
                    switch (verb.group(2)) {
                        case "s", "d" -> CelValues.text(value, false);
                        case "f", "e" -> ("%" + precision + verb.group(2)).formatted(((Number) value).doubleValue());
                        case "b" ->
                            value instanceof Boolean flag ? (flag ? "1" : "0") : Long.toBinaryString((Long) value);
                        case "x", "X" -> ("%" + verb.group(2)).formatted(value);
                        case "o" -> Long.toOctalString((Long) value);
                        default -> throw failure("unrecognized formatting clause \"" + verb.group(2) + "\"");
                    });
        }
        return out.append(format.substring(end)).toString();
    }

    private static URI url(String text) {
        try {
            URI uri = new URI(text);
            if (!text.startsWith("/") && !uri.isAbsolute()) {
                throw failure("URL parse error during conversion from string: parse " + GoText.quote(text)
                        + ": invalid URI for request");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw failure("URL parse error during conversion from string: parse " + GoText.quote(text) + ": "
                    + e.getReason());
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Map<String, List<String>> query(URI url) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : orEmpty(url.getRawQuery()).split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                values.computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), key -> new ArrayList<>())
                        .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    private static BigDecimal quantity(String text) {
        Matcher quantity = Pattern.compile("([+-]?[0-9]*\\.?[0-9]*)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?")
                .matcher(text);
        if (!quantity.matches() || !text.matches(".*[0-9].*")) {
            throw failure(
                    "quantities must match the regular expression" + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
        String suffix = orEmpty(quantity.group(2));
        BigDecimal number = new BigDecimal(quantity.group(1));
        if (suffix.endsWith("i")) {
            return number.multiply(BigDecimal.valueOf(1024).pow("KMGTPE".indexOf(suffix.charAt(0)) + 1));
        }
        int thousands = suffix.length() == 1 ? "num kMGTPE".indexOf(suffix) - 3 : 0;
        return suffix.length() > 1
                ? number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)))
                : number.scaleByPowerOfTen(3 * thousands);
    }

    private static int order(Object[] quantities) {
        return ((BigDecimal) quantities[0]).compareTo((BigDecimal) quantities[1]);
    }

    private static boolean isLong(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0 && number.abs().compareTo(LONG_MAX) <= 0;
    }

    private static long asLong(BigDecimal number) {
        if (!isLong(number)) {
            throw failure("cannot convert value to integer");
        }
        return number.longValue();
    }
}
