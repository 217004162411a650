package dev.lightkeeper.probe;

import java.io.EOFException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;

/** Says in words why a TLS handshake failed. The JDK tells it by the causes of its exception only. */
final class TlsFault {
    private TlsFault() {}

    static String words(SSLException failure, String host) {
        String certificate = "the TLS certificate of " + host;
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 16; cause = cause.getCause()) {
            depth++;
            switch (cause) {
                case CertificateExpiredException _ -> {
                    return certificate + " has expired";
                }
                case CertificateNotYetValidException _ -> {
                    return certificate + " is not valid yet";
                }
                case CertPathValidatorException invalid
                when invalid.getReason() == BasicReason.EXPIRED -> {
                    return certificate + " has expired";
                }
                case CertPathValidatorException invalid
                when invalid.getReason() == BasicReason.NOT_YET_VALID -> {
                    return certificate + " is not valid yet";
                }
                case CertPathBuilderException _ -> {
                    return certificate + " is not signed by a trusted authority";
                }
                // Names are checked after trust, and their check throws the plain type.
                case CertificateException plain
                when plain.getClass() == CertificateException.class -> {
                    return certificate + " is for another name";
                }
                case EOFException _ -> {
                    return host + " ended the TLS handshake";
                }
                default -> {
                    // The next cause may say more.
                }
            }
        }
        String reason = String.valueOf(failure.getMessage());
        return reason.contains("Unsupported or unrecognized SSL message")
                ? host + " does not answer with TLS"
                : "the TLS handshake with " + host + " failed";
    }
}
