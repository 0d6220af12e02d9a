package org.arrownpz.flight.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A13: clients of gRPC for Java")
class JavaClientTest {
    /** A call that does nothing. */
    private static final class Call extends ServerCall<String, String> {
        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(String message) {}

        @Override
        public void close(Status status, Metadata trailers) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<String, String> getMethodDescriptor() {
            throw new UnsupportedOperationException();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "grpc-java-netty/1.71.0, true",
        "DBeaver grpc-java-netty/1.71.0, true",
        "ADBC Flight SQL Driver v1.5.0 grpc-go/1.70.0, false",
        "grpc-c++/1.71.0 grpc-c/46.0.0 (linux; chttp2), false",
        "tonic/0.12.3, false",
        ", false"
    })
    void areKnownByTheirUserAgent(String agent, boolean java) {
        Metadata headers = new Metadata();
        if (agent != null) {
            headers.put(Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER), agent);
        }
        AtomicReference<Boolean> seen = new AtomicReference<>();
        new JavaClient().interceptCall(new Call(), headers, (call, same) -> {
            seen.set(JavaClient.isCurrent());
            return new ServerCall.Listener<>() {};
        });
        assertThat(seen.get()).isEqualTo(java);
    }

    @Test
    void areNoneOutsideOfCalls() {
        assertThat(JavaClient.isCurrent()).isFalse();
    }
}
