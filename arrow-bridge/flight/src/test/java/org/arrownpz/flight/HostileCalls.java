package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.token;
import static org.arrownpz.flight.FlightCalls.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A server that knows two callers, of whom one may only read, beside files that nobody may have. */
@ExtendWith(LeakCheck.class)
abstract class HostileCalls {
    static final CallOption ANN = token("aaaa");
    static final CallOption BOB = token("bbbb");
    static final FlightStatusCode INVALID = FlightStatusCode.INVALID_ARGUMENT;

    @TempDir
    Path directory;

    @TempDir
    Path other;

    @BeforeEach
    void files(BufferAllocator allocator) throws IOException {
        write(directory.resolve("prices.npz"), 10, allocator);
        write(other.resolve("secret.npz"), 10, allocator);
        Files.writeString(other.resolve("secret.csv"), "a,b\n1,2\n");
        Files.writeString(other.resolve("secret.parquet"), "PAR1");
    }

    NpzFlightServer start(BufferAllocator allocator) throws IOException {
        Path tokens = Files.writeString(other.resolve("tokens"), "ann read aaaa\nbob write bbbb\n");
        Path key = Files.writeString(other.resolve("key"), "0123456789abcdef0123456789abcdef");
        return NpzFlightServer.start(
                allocator,
                directory,
                ServerOptions.defaults()
                        .withSql(256 << 20)
                        .withAccess(
                                ServerOptions.Access.open().withTokens(tokens).withTicketKey(key)));
    }

    /** Says so softly when a call is not refused with this code, or tells about the server's inside. */
    static void refused(SoftAssertions all, String what, FlightStatusCode code, ThrowingCallable call) {
        all.assertThatThrownBy(call).as(what).isInstanceOfSatisfying(FlightRuntimeException.class, e -> {
            all.assertThat(e.status().code()).as(what + ": " + e).isEqualTo(code);
            all.assertThat(e.getMessage()).as(what).doesNotContain("org.arrownpz", "java.");
        });
    }
}
