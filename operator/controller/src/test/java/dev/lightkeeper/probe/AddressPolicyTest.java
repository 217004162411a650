package dev.lightkeeper.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.probe.AddressPolicy.Range;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, UNSPECIFIED",
        "0.1.2.3, UNSPECIFIED",
        "::, UNSPECIFIED",
        "::5, UNSPECIFIED",
        "127.0.0.1, LOOPBACK",
        "127.255.255.255, LOOPBACK",
        "::1, LOOPBACK",
        "::ffff:127.0.0.1, LOOPBACK",
        "::127.0.0.1, LOOPBACK",
        "169.254.169.254, LINK_LOCAL",
        "169.254.170.2, LINK_LOCAL",
        "::ffff:169.254.169.254, LINK_LOCAL",
        "64:ff9b::169.254.169.254, LINK_LOCAL",
        "fe80::1, LINK_LOCAL",
        "fd00:ec2::254, LINK_LOCAL",
        "fd00:ec2:0:1::23, LINK_LOCAL",
        "10.0.0.1, PRIVATE",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "100.127.255.255, PRIVATE",
        "64:ff9b::10.0.0.1, PRIVATE",
        "fc00::1, PRIVATE",
        "fd12:3456::1, PRIVATE",
        "fec0::1, PRIVATE",
        "224.0.0.1, MULTICAST",
        "239.255.255.255, MULTICAST",
        "ff02::1, MULTICAST",
        "192.0.0.1, RESERVED",
        "192.0.2.1, RESERVED",
        "198.18.0.1, RESERVED",
        "198.19.0.1, RESERVED",
        "198.51.100.1, RESERVED",
        "203.0.113.1, RESERVED",
        "240.0.0.1, RESERVED",
        "255.255.255.255, RESERVED",
        "64:ff9b:1::1, RESERVED",
        "fe00::1, RESERVED",
        "2001::1, RESERVED",
        "2001:db8::1, RESERVED",
        "2002:7f00:1::, RESERVED",
        "4000::1, RESERVED",
    })
    void addressesThatAreNotPublicAreRefused(String address, Range range) throws UnknownHostException {
        InetAddress parsed = InetAddress.ofLiteral(address);
        assertThat(AddressPolicy.publicOnly().refusal(parsed)).contains(range);
        assertThat(AddressPolicy.allowing(range).refusal(parsed)).isEmpty();
        for (Range other : Range.values()) {
            if (other != range) {
                assertThat(AddressPolicy.allowing(other).refusal(parsed)).contains(range);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.1",
                "192.1.0.1",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.1",
                "203.0.112.1",
                "203.1.113.1",
                "223.255.255.255",
                "64:ff9b::1.1.1.1",
                "2600:1f18::1",
                "2001:4860:4860::8888",
                "2a05:d018::1",
            })
    void publicAddressesMayBeProbed(String address) throws UnknownHostException {
        assertThat(AddressPolicy.publicOnly().refusal(InetAddress.ofLiteral(address)))
                .isEmpty();
    }

    @Test
    void mappedAddressIsSeenThroughEvenWhereJavaKeepsItAsIpv6() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 127, 0, 0, 1};
        InetAddress address = Inet6Address.getByAddress("mapped", mapped, 0);
        assertThat(AddressPolicy.publicOnly().refusal(address)).contains(Range.LOOPBACK);
    }
}
