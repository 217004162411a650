package dev.lightkeeper.probe;

import dev.lightkeeper.verify.Prober;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.DefaultClassicHttpResponseFactory;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicLineParser;
import org.apache.hc.core5.http.message.MessageSupport;
import org.jspecify.annotations.Nullable;

/** Reads one HTTP/1.x answer within bounded memory. Time is bounded by whoever closes the connection. */
final class ResponseReader {
    static final int LARGEST_HEAD = 64 * 1024;
    static final int LARGEST_BODY = 64 * 1024;

    private static final int BUFFER = 8 * 1024;
    private static final int MOST_INTERIM_ANSWERS = 10;
    private static final Http1Config BOUNDS = Http1Config.custom()
            .setMaxLineLength(32 * 1024)
            .setMaxHeaderCount(500)
            .setMaxEmptyLineCount(1)
            .build();

    private final String method;
    private final Wire wire;
    private final SessionInputBuffer buffer = new SessionInputBufferImpl(BUFFER, BOUNDS.getMaxLineLength());

    /**
     * A reader of the answer to one request.
     *
     * @param method of the request: it decides whether the answer has a body
     */
    ResponseReader(String method, InputStream in) {
        this.method = method;
        this.wire = new Wire(in);
    }

    /** Status and headers, then as much of the body as is kept. */
    Received read() throws IOException, Unreadable {
        try {
            ClassicHttpResponse head = head();
            wire.left = Long.MAX_VALUE;
            if (!MessageSupport.canResponseHaveBody(method, head)) {
                return new Received(head.getCode(), headers(head), "", false);
            }
            InputStream in = body(head);
            byte[] body = in.readNBytes(LARGEST_BODY + 1);
            // The reader takes the end of the connection for the end of the trailers.
            if (in instanceof ChunkedInputStream && wire.ended) {
                throw cut(null);
            }
            String text = new String(body, 0, Math.min(body.length, LARGEST_BODY), StandardCharsets.UTF_8);
            return new Received(head.getCode(), headers(head), text, body.length > LARGEST_BODY);
        } catch (MessageConstraintException e) {
            throw new Unreadable(Prober.Fault.MALFORMED, "the headers of the answer are too large", e);
        } catch (HttpException e) {
            // The last line of a head that is cut looks malformed to the parser.
            if (wire.ended && wire.start.toString().equals("HTTP/")) {
                throw cut(e);
            }
            throw new Unreadable(Prober.Fault.MALFORMED, "what came is not an HTTP answer", e);
        } catch (TruncatedChunkException e) {
            throw cut(e);
        } catch (MalformedChunkCodingException e) {
            // Half of a chunk's header looks malformed to the reader although it is only cut.
            if (wire.ended) {
                throw cut(e);
            }
            throw new Unreadable(Prober.Fault.MALFORMED, "the body of the answer is not readable HTTP", e);
        } catch (IOException e) {
            if (wire.ended) {
                throw cut(e);
            }
            throw e;
        }
    }

    /** Whether at least one byte came. */
    boolean begun() {
        return !wire.start.isEmpty();
    }

    private ClassicHttpResponse head() throws IOException, HttpException, Unreadable {
        DefaultHttpResponseParser parser = new DefaultHttpResponseParser(
                BOUNDS, BasicLineParser.INSTANCE, DefaultClassicHttpResponseFactory.INSTANCE);
        for (int answers = 0; answers < MOST_INTERIM_ANSWERS; answers++) {
            ClassicHttpResponse head = parser.parse(buffer, wire);
            // The parser takes the end of the connection for the end of the headers.
            if (head == null || wire.ended) {
                throw cut(null);
            }
            if (head.getVersion() != null && head.getVersion().getMajor() != HttpVersion.HTTP_1_1.getMajor()) {
                throw new Unreadable(Prober.Fault.MALFORMED, "what came is not an HTTP answer", null);
            }
            if (head.getCode() >= 200 || head.getCode() == 101) {
                return head;
            }
        }
        throw new Unreadable(Prober.Fault.MALFORMED, "only interim answers came", null);
    }

    private InputStream body(ClassicHttpResponse head) throws HttpException {
        long length = DefaultContentLengthStrategy.INSTANCE.determineLength(head);
        if (length == ContentLengthStrategy.CHUNKED) {
            return new ChunkedInputStream(buffer, wire, BOUNDS);
        }
        return length == ContentLengthStrategy.UNDEFINED
                ? new IdentityInputStream(buffer, wire)
                : new ContentLengthInputStream(buffer, wire, length);
    }

    private Unreadable cut(@Nullable Throwable cause) {
        return new Unreadable(
                Prober.Fault.TRUNCATED,
                begun() ? "the answer was cut off" : "the connection was closed before an answer came",
                cause);
    }

    private static Map<String, List<String>> headers(ClassicHttpResponse head) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Header header : head.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.getValue() == null ? "" : header.getValue());
        }
        headers.replaceAll((name, values) -> List.copyOf(values));
        return Map.copyOf(headers);
    }

    /** What was received. */
    record Received(int status, Map<String, List<String>> headers, String body, boolean bodyCut) {}

    /** The answer is none. The message is fit for a condition. */
    static final class Unreadable extends Exception {
        private final Prober.Fault fault;
        private final String words;

        private Unreadable(Prober.Fault fault, String words, @Nullable Throwable cause) {
            super(words, cause);
            this.fault = fault;
            this.words = words;
        }

        Prober.Answer.NoResponse answer() {
            return new Prober.Answer.NoResponse(fault, words);
        }
    }

    /** The connection's bytes: counted while the head is read, and remembering whether the other side has ended them. */
    private static final class Wire extends FilterInputStream {
        private final StringBuilder start = new StringBuilder();
        private long left = LARGEST_HEAD;
        private boolean ended;

        Wire(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                throw new MessageConstraintException("head too large");
            }
            int count = super.read(bytes, offset, length);
            for (int i = 0; i < count && start.length() < "HTTP/".length(); i++) {
                start.append((char) (bytes[offset + i] & 0xff));
            }
            ended |= count < 0;
            left -= Math.max(count, 0);
            return count;
        }
    }
}
