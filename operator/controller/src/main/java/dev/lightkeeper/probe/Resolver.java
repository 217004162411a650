package dev.lightkeeper.probe;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks a host name up. May block for as long as it likes: the prober bounds it. */
@FunctionalInterface
public interface Resolver {
    /** The addresses of {@code host}, in the order in which they should be tried. */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** The resolver of the operating system. */
    static Resolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
