package dev.lightkeeper.probe;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which addresses may be probed. Public ones always; the operator's pod reaches far more than who writes a manifest
 * may (instance metadata, cluster services, AWS credentials on link-local addresses), so every other range has to be
 * allowed by the operator's configuration.
 *
 * @param allowed ranges that may be probed besides public addresses
 */
public record AddressPolicy(Set<Range> allowed) {
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    public AddressPolicy {
        allowed = Set.copyOf(allowed);
    }

    /** Public addresses only. */
    public static AddressPolicy publicOnly() {
        return new AddressPolicy(Set.of());
    }

    /** Public addresses and these ranges. */
    public static AddressPolicy allowing(Range first, Range... more) {
        return new AddressPolicy(EnumSet.of(first, more));
    }

    /** The range for which {@code address} may not be probed; empty if it may be. */
    public Optional<Range> refusal(InetAddress address) {
        return Range.of(address.getAddress()).filter(range -> !allowed.contains(range));
    }

    /** Addresses that are not public. */
    public enum Range {
        /** This host: 0.0.0.0/8 and {@code ::}. */
        UNSPECIFIED("unspecified"),
        LOOPBACK("loopback"),
        /** Link-local addresses, where clouds put their metadata, and EC2's metadata in fd00:ec2::/32. */
        LINK_LOCAL("link-local or metadata"),
        /** RFC 1918, shared address space (100.64.0.0/10), unique and site local IPv6. */
        PRIVATE("private"),
        MULTICAST("multicast"),
        /** Set aside by IANA, and IPv6 transition ranges that hide another address. */
        RESERVED("reserved");

        private final String words;

        Range(String words) {
            this.words = words;
        }

        /** As it appears in a sentence before the word "address". */
        public String words() {
            return words;
        }

        private static Optional<Range> of(byte[] bytes) {
            return bytes.length == 4 ? ofV4(bytes) : ofV6(bytes);
        }

        private static Optional<Range> ofV4(byte[] bytes) {
            int a = bytes[0] & 0xff;
            int b = bytes[1] & 0xff;
            int c = bytes[2] & 0xff;
            return switch (a) {
                case 0 -> Optional.of(UNSPECIFIED);
                case 10 -> Optional.of(PRIVATE);
                case 100 -> when(b >= 64 && b < 128, PRIVATE);
                case 127 -> Optional.of(LOOPBACK);
                case 169 -> when(b == 254, LINK_LOCAL);
                case 172 -> when(b >= 16 && b < 32, PRIVATE);
                case 192 -> b == 168 ? Optional.of(PRIVATE) : when(b == 0 && (c == 0 || c == 2), RESERVED);
                case 198 -> when(b == 18 || b == 19 || (b == 51 && c == 100), RESERVED);
                case 203 -> when(b == 0 && c == 113, RESERVED);
                default -> a >= 240 ? Optional.of(RESERVED) : when(a >= 224, MULTICAST);
            };
        }

        private static Optional<Range> ofV6(byte[] bytes) {
            if (startsWith(bytes, new byte[15]) && bytes[15] == 1) {
                return Optional.of(LOOPBACK);
            }
            // The last four bytes are the address that is reached: compatible, mapped, and NAT64 (how an IPv6-only
            // cluster reaches all of the IPv4 internet).
            if (startsWith(bytes, new byte[12]) || startsWith(bytes, MAPPED) || startsWith(bytes, NAT64)) {
                return ofV4(Arrays.copyOfRange(bytes, 12, 16));
            }
            int a = bytes[0] & 0xff;
            int b = bytes[1] & 0xff;
            if (a == 0xff) {
                return Optional.of(MULTICAST);
            }
            if (a == 0xfe) {
                return Optional.of(b < 0x80 ? RESERVED : b < 0xc0 ? LINK_LOCAL : PRIVATE);
            }
            if (startsWith(bytes, new byte[] {(byte) 0xfd, 0, 0x0e, (byte) 0xc2})) {
                return Optional.of(LINK_LOCAL);
            }
            if ((a & 0xfe) == 0xfc) {
                return Optional.of(PRIVATE);
            }
            // Only 2000::/3 is handed out. In it 6to4 (2002::/16), Teredo and the other protocols of 2001::/23 and
            // the addresses of documentation (2001:db8::/32) lead elsewhere.
            boolean special = (a == 0x20 && b == 0x02)
                    || (a == 0x20 && b == 0x01 && (bytes[2] & 0xfe) == 0)
                    || startsWith(bytes, new byte[] {0x20, 0x01, 0x0d, (byte) 0xb8});
            return when((a & 0xe0) != 0x20 || special, RESERVED);
        }

        private static Optional<Range> when(boolean condition, Range range) {
            return condition ? Optional.of(range) : Optional.empty();
        }

        private static boolean startsWith(byte[] bytes, byte[] prefix) {
            return Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
        }
    }
}
