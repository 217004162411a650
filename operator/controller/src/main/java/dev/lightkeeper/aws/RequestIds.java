package dev.lightkeeper.aws;

import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.MDC;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Lets the log name the id that AWS gave the last request of this thread: support asks for it. A call without an answer
 * has none.
 */
final class RequestIds implements ExecutionInterceptor {
    static final String KEY = "aws.requestId";

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        MDC.remove(KEY);
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        id(context.httpResponse()).ifPresent(id -> MDC.put(KEY, id));
    }

    private static Optional<String> id(SdkHttpResponse response) {
        return Stream.of("x-amzn-RequestId", "x-amz-request-id")
                .flatMap(header -> response.firstMatchingHeader(header).stream())
                .findFirst();
    }
}
