package dev.lightkeeper.simulators.kubernetes.schema;

import com.google.common.net.InetAddresses;
import dev.lightkeeper.simulators.kubernetes.schema.KubernetesFunctions.Function;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** What Kubernetes adds to CEL for IP addresses and networks. */
final class NetworkFunctions {
    private NetworkFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.of("ip(string) net.IP", a -> ip((String) a[0])),
                Function.of("isIP(string) bool", a -> KubernetesFunctions.succeeds(() -> ip((String) a[0]))),
                Function.of(
                        "ip.isCanonical(string) bool",
                        a -> InetAddresses.toAddrString(ip((String) a[0])).equals(a[0])),
                Function.of("string(net.IP) string", a -> InetAddresses.toAddrString((InetAddress) a[0])),
                Function.of("net.IP::family() int", a -> ((InetAddress) a[0]).getAddress().length == 4 ? 4L : 6L),
                Function.of("net.IP::isUnspecified() bool", a -> ((InetAddress) a[0]).isAnyLocalAddress()),
                Function.of("net.IP::isLoopback() bool", a -> ((InetAddress) a[0]).isLoopbackAddress()),
                Function.of("net.IP::isLinkLocalMulticast() bool", a -> ((InetAddress) a[0]).isMCLinkLocal()),
                Function.of("net.IP::isLinkLocalUnicast() bool", a -> ((InetAddress) a[0]).isLinkLocalAddress()),
                Function.of("net.IP::isGlobalUnicast() bool", a -> isGlobalUnicast((InetAddress) a[0])),
                Function.of("cidr(string) net.CIDR", a -> Network.of((String) a[0])),
                Function.of("isCIDR(string) bool", a -> KubernetesFunctions.succeeds(() -> Network.of((String) a[0]))),
                Function.of("string(net.CIDR) string", a -> a[0].toString()),
                Function.of("net.CIDR::ip() net.IP", a -> ((Network) a[0]).address),
                Function.of("net.CIDR::prefixLength() int", a -> (long) ((Network) a[0]).prefix),
                Function.of("net.CIDR::masked() net.CIDR", a -> ((Network) a[0]).masked()),
                Function.of("net.CIDR::containsIP(string) bool", a -> ((Network) a[0]).contains(ip((String) a[1]))),
                Function.of("net.CIDR::containsIP(net.IP) bool", a -> ((Network) a[0]).contains((InetAddress) a[1])),
                Function.of(
                        "net.CIDR::containsCIDR(string) bool",
                        a -> ((Network) a[0]).contains(Network.of((String) a[1]))),
                Function.of("net.CIDR::containsCIDR(net.CIDR) bool", a -> ((Network) a[0]).contains((Network) a[1])));
    }

    private static boolean isGlobalUnicast(InetAddress ip) {
        return !ip.isAnyLocalAddress()
                && !ip.isLoopbackAddress()
                && !ip.isMulticastAddress()
                && !ip.isLinkLocalAddress();
    }

    private static InetAddress ip(String text) {
        if (!InetAddresses.isInetAddress(text)) {
            throw KubernetesFunctions.failure(
                    "IP Address " + GoText.quote(text) + " parse error during conversion from string");
        }
        return InetAddresses.forString(text);
    }

    record Network(InetAddress address, int prefix) {
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
            throw KubernetesFunctions.failure(
                    "network address parse error during conversion from string: network prefix parse error");
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
