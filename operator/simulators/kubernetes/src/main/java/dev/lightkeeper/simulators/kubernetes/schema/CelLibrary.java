package dev.lightkeeper.simulators.kubernetes.schema;

import com.google.common.collect.ImmutableList;
import com.google.common.net.InetAddresses;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelRuntimeException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.CelStandardFunctions.StandardFunction.Overload.Arithmetic;
import dev.cel.runtime.RuntimeHelpers;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The CEL that rules are written in: the standard, cel-go's extensions, and what Kubernetes adds. */
final class CelLibrary {
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableTimestampEpoch(true)
            .evaluateCanonicalTypesToNativeValues(true)
            .build();
    private static final CelType URL = OpaqueType.create("kubernetes.URL");
    private static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    private static final CelType IP = OpaqueType.create("net.IP");
    private static final CelType CIDR = OpaqueType.create("net.CIDR");
    private static final CelType ANY = TypeParamType.create("T");
    private static final CelType LIST = ListType.create(ANY);
    private static final CelType STRINGS = ListType.create(SimpleType.STRING);
    private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final List<Function> FUNCTIONS = functions();

    static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardEnvironmentEnabled(false)
            .setStandardFunctions(CelStandardFunctions.newBuilder()
                    .filterFunctions((function, overload) -> function != StandardFunction.EQUALS
                            && function != StandardFunction.NOT_EQUALS
                            && overload != Arithmetic.ADD_LIST)
                    .build())
            .addFunctionBindings(
                    CelFunctionBinding.from("equals", Object.class, Object.class, CelValues::areEqual),
                    CelFunctionBinding.from(
                            "not_equals", Object.class, Object.class, (a, b) -> !CelValues.areEqual(a, b)),
                    CelFunctionBinding.from("add_list", List.class, List.class, CelLibrary::addLists))
            .addFunctionBindings(FUNCTIONS.stream().map(Function::binding).toList())
            .addLibraries(
                    CelExtensions.strings(),
                    CelExtensions.sets(OPTIONS),
                    CelExtensions.lists(),
                    CelExtensions.optional(),
                    CelExtensions.comprehensions())
            .build();

    private CelLibrary() {}

    static CelCompilerBuilder compiler(CelTypeProvider types) {
        Map<String, List<CelOverloadDecl>> overloads = new LinkedHashMap<>();
        FUNCTIONS.forEach(function -> overloads
                .computeIfAbsent(function.name, name -> new ArrayList<>())
                .add(function.declaration));
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setTypeProvider(types)
                .addFunctionDeclarations(overloads.entrySet().stream()
                        .map(entry -> CelFunctionDecl.newFunctionDeclaration(entry.getKey(), entry.getValue()))
                        .toList())
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.lists(),
                        CelExtensions.optional(),
                        CelExtensions.comprehensions());
    }

    private record Function(String name, CelOverloadDecl declaration, CelFunctionBinding binding) {
        static Function member(
                String name, String id, CelType result, CelFunctionOverload code, CelType... parameters) {
            CelOverloadDecl declaration = CelOverloadDecl.newMemberOverload(id, result, parameters);
            return new Function(name, declaration, CelFunctionBinding.from(id, classes(parameters), code));
        }

        static Function global(
                String name, String id, CelType result, CelFunctionOverload code, CelType... parameters) {
            CelOverloadDecl declaration = CelOverloadDecl.newGlobalOverload(id, result, parameters);
            return new Function(name, declaration, CelFunctionBinding.from(id, classes(parameters), code));
        }

        private static ImmutableList<Class<?>> classes(CelType... parameters) {
            return Arrays.stream(parameters)
                    .<Class<?>>map(type -> switch (type.kind()) {
                        case STRING -> String.class;
                        case INT -> Long.class;
                        case LIST -> List.class;
                        case OPAQUE ->
                            type.equals(URL)
                                    ? URI.class
                                    : type.equals(QUANTITY)
                                            ? BigDecimal.class
                                            : type.equals(IP) ? InetAddress.class : Network.class;
                        default -> Object.class;
                    })
                    .collect(ImmutableList.toImmutableList());
        }
    }

    private static List<Function> functions() {
        List<Function> all = new ArrayList<>();
        all.addAll(listFunctions());
        all.addAll(textFunctions());
        all.addAll(quantityFunctions());
        all.addAll(networkFunctions());
        return List.copyOf(all);
    }

    private static List<Function> listFunctions() {
        List<Function> all = new ArrayList<>(List.of(
                Function.member(
                        "isSorted", "list_is_sorted_bool", SimpleType.BOOL, a -> isSorted((List<?>) a[0]), LIST),
                Function.member("min", "list_min", ANY, a -> extreme("min", (List<?>) a[0], -1), LIST),
                Function.member("max", "list_max", ANY, a -> extreme("max", (List<?>) a[0], 1), LIST),
                Function.member(
                        "indexOf",
                        "list_a_index_of_int",
                        SimpleType.INT,
                        a -> indexOf((List<?>) a[0], a[1]),
                        LIST,
                        ANY),
                Function.member(
                        "lastIndexOf",
                        "list_a_last_index_of_int",
                        SimpleType.INT,
                        a -> {
                            List<?> list = (List<?>) a[0];
                            long fromEnd = indexOf(list.reversed(), a[1]);
                            return fromEnd < 0 ? -1L : list.size() - 1 - fromEnd;
                        },
                        LIST,
                        ANY)));
        all.add(Function.member(
                "sum",
                "list_int_sum_int",
                SimpleType.INT,
                a -> ((List<?>) a[0]).stream().mapToLong(i -> (Long) i).reduce(0, Math::addExact),
                ListType.create(SimpleType.INT)));
        all.add(Function.member(
                "sum",
                "list_double_sum_double",
                SimpleType.DOUBLE,
                a -> ((List<?>) a[0]).stream().mapToDouble(i -> (Double) i).sum(),
                ListType.create(SimpleType.DOUBLE)));
        all.add(Function.member(
                "sum",
                "list_duration_sum_duration",
                SimpleType.DURATION,
                a -> ((List<?>) a[0]).stream().map(Duration.class::cast).reduce(Duration.ZERO, Duration::plus),
                ListType.create(SimpleType.DURATION)));
        return all;
    }

    private static List<Function> textFunctions() {
        return List.of(
                Function.member(
                        "format",
                        "string_format",
                        SimpleType.STRING,
                        a -> format((String) a[0], (List<?>) a[1]),
                        SimpleType.STRING,
                        ListType.create(SimpleType.DYN)),
                Function.member(
                        "find",
                        "string_find_string",
                        SimpleType.STRING,
                        a -> String.join("", findAll((String) a[0], (String) a[1], 1)),
                        SimpleType.STRING,
                        SimpleType.STRING),
                Function.member(
                        "findAll",
                        "string_find_all_string",
                        STRINGS,
                        a -> findAll((String) a[0], (String) a[1], -1),
                        SimpleType.STRING,
                        SimpleType.STRING),
                Function.member(
                        "findAll",
                        "string_find_all_string_int",
                        STRINGS,
                        a -> findAll((String) a[0], (String) a[1], (Long) a[2]),
                        SimpleType.STRING,
                        SimpleType.STRING,
                        SimpleType.INT),
                Function.global("url", "string_to_url", URL, a -> url((String) a[0]), SimpleType.STRING),
                Function.global(
                        "isURL",
                        "is_url_string",
                        SimpleType.BOOL,
                        a -> succeeds(() -> url((String) a[0])),
                        SimpleType.STRING),
                Function.member(
                        "getScheme", "url_get_scheme", SimpleType.STRING, a -> orEmpty(((URI) a[0]).getScheme()), URL),
                Function.member(
                        "getHost",
                        "url_get_host",
                        SimpleType.STRING,
                        a -> orEmpty(((URI) a[0]).getRawAuthority()),
                        URL),
                Function.member(
                        "getHostname",
                        "url_get_hostname",
                        SimpleType.STRING,
                        a -> orEmpty(((URI) a[0]).getHost()).replaceAll("[\\[\\]]", ""),
                        URL),
                Function.member(
                        "getPort",
                        "url_get_port",
                        SimpleType.STRING,
                        a -> ((URI) a[0]).getPort() < 0 ? "" : String.valueOf(((URI) a[0]).getPort()),
                        URL),
                Function.member(
                        "getEscapedPath",
                        "url_get_escaped_path",
                        SimpleType.STRING,
                        a -> orEmpty(((URI) a[0]).getRawPath()),
                        URL),
                Function.member(
                        "getQuery",
                        "url_get_query",
                        MapType.create(SimpleType.STRING, STRINGS),
                        a -> query((URI) a[0]),
                        URL));
    }

    private static List<Function> quantityFunctions() {
        return List.of(
                Function.global(
                        "quantity", "string_to_quantity", QUANTITY, a -> quantity((String) a[0]), SimpleType.STRING),
                Function.global(
                        "isQuantity",
                        "is_quantity_string",
                        SimpleType.BOOL,
                        a -> succeeds(() -> quantity((String) a[0])),
                        SimpleType.STRING),
                Function.member(
                        "sign", "quantity_sign", SimpleType.INT, a -> (long) ((BigDecimal) a[0]).signum(), QUANTITY),
                Function.member(
                        "compareTo", "quantity_compare_to", SimpleType.INT, a -> (long) order(a), QUANTITY, QUANTITY),
                Function.member(
                        "isGreaterThan",
                        "quantity_is_greater_than",
                        SimpleType.BOOL,
                        a -> order(a) > 0,
                        QUANTITY,
                        QUANTITY),
                Function.member(
                        "isLessThan", "quantity_is_less_than", SimpleType.BOOL, a -> order(a) < 0, QUANTITY, QUANTITY),
                Function.member(
                        "asApproximateFloat",
                        "quantity_get_float",
                        SimpleType.DOUBLE,
                        a -> ((BigDecimal) a[0]).doubleValue(),
                        QUANTITY),
                Function.member(
                        "isInteger", "quantity_is_integer", SimpleType.BOOL, a -> isLong((BigDecimal) a[0]), QUANTITY),
                Function.member(
                        "asInteger",
                        "quantity_get_int",
                        SimpleType.INT,
                        a -> {
                            if (!isLong((BigDecimal) a[0])) {
                                throw failure("cannot convert value to integer");
                            }
                            return ((BigDecimal) a[0]).longValue();
                        },
                        QUANTITY),
                Function.member(
                        "add",
                        "quantity_add",
                        QUANTITY,
                        a -> ((BigDecimal) a[0]).add((BigDecimal) a[1]),
                        QUANTITY,
                        QUANTITY),
                Function.member(
                        "add",
                        "quantity_add_int",
                        QUANTITY,
                        a -> ((BigDecimal) a[0]).add(BigDecimal.valueOf((Long) a[1])),
                        QUANTITY,
                        SimpleType.INT),
                Function.member(
                        "sub",
                        "quantity_sub",
                        QUANTITY,
                        a -> ((BigDecimal) a[0]).subtract((BigDecimal) a[1]),
                        QUANTITY,
                        QUANTITY),
                Function.member(
                        "sub",
                        "quantity_sub_int",
                        QUANTITY,
                        a -> ((BigDecimal) a[0]).subtract(BigDecimal.valueOf((Long) a[1])),
                        QUANTITY,
                        SimpleType.INT));
    }

    private static List<Function> networkFunctions() {
        return List.of(
                Function.global("ip", "string_to_ip", IP, a -> ip((String) a[0]), SimpleType.STRING),
                Function.global(
                        "isIP", "is_ip", SimpleType.BOOL, a -> succeeds(() -> ip((String) a[0])), SimpleType.STRING),
                Function.global(
                        "ip.isCanonical",
                        "ip_is_canonical",
                        SimpleType.BOOL,
                        a -> InetAddresses.toAddrString(ip((String) a[0])).equals(a[0]),
                        SimpleType.STRING),
                Function.global(
                        "string",
                        "ip_to_string",
                        SimpleType.STRING,
                        a -> InetAddresses.toAddrString((InetAddress) a[0]),
                        IP),
                Function.member(
                        "family",
                        "ip_family",
                        SimpleType.INT,
                        a -> ((InetAddress) a[0]).getAddress().length == 4 ? 4L : 6L,
                        IP),
                Function.member(
                        "isUnspecified",
                        "ip_is_unspecified",
                        SimpleType.BOOL,
                        a -> ((InetAddress) a[0]).isAnyLocalAddress(),
                        IP),
                Function.member(
                        "isLoopback",
                        "ip_is_loopback",
                        SimpleType.BOOL,
                        a -> ((InetAddress) a[0]).isLoopbackAddress(),
                        IP),
                Function.member(
                        "isLinkLocalMulticast",
                        "ip_is_link_local_multicast",
                        SimpleType.BOOL,
                        a -> ((InetAddress) a[0]).isMCLinkLocal(),
                        IP),
                Function.member(
                        "isLinkLocalUnicast",
                        "ip_is_link_local_unicast",
                        SimpleType.BOOL,
                        a -> ((InetAddress) a[0]).isLinkLocalAddress(),
                        IP),
                Function.member(
                        "isGlobalUnicast",
                        "ip_is_global_unicast",
                        SimpleType.BOOL,
                        a -> {
                            InetAddress ip = (InetAddress) a[0];
                            return !ip.isAnyLocalAddress()
                                    && !ip.isLoopbackAddress()
                                    && !ip.isMulticastAddress()
                                    && !ip.isLinkLocalAddress();
                        },
                        IP),
                Function.global("cidr", "string_to_cidr", CIDR, a -> Network.of((String) a[0]), SimpleType.STRING),
                Function.global(
                        "isCIDR",
                        "is_cidr",
                        SimpleType.BOOL,
                        a -> succeeds(() -> Network.of((String) a[0])),
                        SimpleType.STRING),
                Function.global("string", "cidr_to_string", SimpleType.STRING, a -> a[0].toString(), CIDR),
                Function.member("ip", "cidr_ip", IP, a -> ((Network) a[0]).address, CIDR),
                Function.member(
                        "prefixLength",
                        "cidr_prefix_length",
                        SimpleType.INT,
                        a -> (long) ((Network) a[0]).prefix,
                        CIDR),
                Function.member("masked", "cidr_masked", CIDR, a -> ((Network) a[0]).masked(), CIDR),
                Function.member(
                        "containsIP",
                        "cidr_contains_ip_string",
                        SimpleType.BOOL,
                        a -> ((Network) a[0]).contains(ip((String) a[1])),
                        CIDR,
                        SimpleType.STRING),
                Function.member(
                        "containsIP",
                        "cidr_contains_ip_ip",
                        SimpleType.BOOL,
                        a -> ((Network) a[0]).contains((InetAddress) a[1]),
                        CIDR,
                        IP),
                Function.member(
                        "containsCIDR",
                        "cidr_contains_cidr_string",
                        SimpleType.BOOL,
                        a -> ((Network) a[0]).contains(Network.of((String) a[1])),
                        CIDR,
                        SimpleType.STRING),
                Function.member(
                        "containsCIDR",
                        "cidr_contains_cidr",
                        SimpleType.BOOL,
                        a -> ((Network) a[0]).contains((Network) a[1]),
                        CIDR,
                        CIDR));
    }

    private static CelRuntimeException failure(String message) {
        return new CelRuntimeException(new IllegalArgumentException(message), CelErrorCode.INVALID_ARGUMENT);
    }

    private static boolean succeeds(Supplier<?> parse) {
        try {
            return parse.get() != null;
        } catch (CelRuntimeException e) {
            return false;
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Object> addLists(List<?> a, List<?> b) {
        return a instanceof CelValues.TypedList typed
                ? CelValues.sum(typed, b)
                : RuntimeHelpers.concat((List<Object>) a, (List<Object>) b);
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

    private static InetAddress ip(String text) {
        if (!InetAddresses.isInetAddress(text)) {
            throw failure("IP Address " + GoText.quote(text) + " parse error during conversion from string");
        }
        return InetAddresses.forString(text);
    }

    private record Network(InetAddress address, int prefix) {
        static Network of(String text) {
            int slash = text.indexOf('/');
            String prefix = text.substring(slash + 1);
            boolean isValid =
                    slash > 0 && InetAddresses.isInetAddress(text.substring(0, slash)) && prefix.matches("\\d{1,3}");
            if (isValid) {
                InetAddress address = InetAddresses.forString(text.substring(0, slash));
                if (Integer.parseInt(prefix) <= address.getAddress().length * 8) {
                    return new Network(address, Integer.parseInt(prefix));
                }
            }
            throw failure("network address parse error during conversion from string: network prefix parse error");
        }

        Network masked() {
            byte[] bytes = address.getAddress();
            for (int bit = prefix; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            }
            try {
                return new Network(InetAddress.getByAddress(bytes), prefix);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address keeps its length", e);
            }
        }

        boolean contains(InetAddress other) {
            return other.getAddress().length == address.getAddress().length
                    && new Network(other, prefix).masked().equals(masked());
        }

        boolean contains(Network other) {
            return other.prefix >= prefix && contains(other.address);
        }

        @Override
        public String toString() {
            return InetAddresses.toAddrString(address) + "/" + prefix;
        }
    }
}
