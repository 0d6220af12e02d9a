package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.auth2.BearerCredentialWriter;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;

/** The calls of a client, and the table it serves, puts and adds up. */
final class FlightCalls {
    /** Runs for days, in little memory. */
    static final String ENDLESS_QUERY =
            "SELECT count(*) FROM range(100000000000) a, range(1000000) b WHERE a.range + b.range = -1";

    /** Computed for minutes while the result is asked for, without listening; its description takes no time. */
    static final String ENDLESS_PLAN = "SELECT levenshtein(repeat('a', 1000000), repeat('b', 1000000))";

    /** Computed for minutes while it is described, without listening. */
    static final String ENDLESS_DESCRIPTION = "FROM range(levenshtein(repeat('a', 1000000), repeat('b', 1000000)))";

    private FlightCalls() {}

    static FlightClient client(NpzFlightServer server, BufferAllocator allocator) {
        return FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", server.port()))
                .build();
    }

    static CallOption token(String token) {
        return new CredentialCallOption(new BearerCredentialWriter(token));
    }

    static VectorSchemaRoot root(int rows, BufferAllocator allocator) {
        BigIntVector key = new BigIntVector("key", allocator);
        BigIntVector twice = new BigIntVector("twice", allocator);
        VarCharVector name = new VarCharVector("name", allocator);
        for (int i = 0; i < rows; i++) {
            key.setSafe(i, i);
            twice.setSafe(i, 2L * i);
            if (i % 3 != 1) {
                name.setSafe(i, ("n" + i).getBytes(StandardCharsets.UTF_8));
            }
        }
        List<FieldVector> vectors = List.of(key, twice, name);
        vectors.forEach(vector -> vector.setValueCount(rows));
        return new VectorSchemaRoot(vectors);
    }

    static void write(Path file, int rows, BufferAllocator allocator) throws IOException {
        try (VectorSchemaRoot root = root(rows, allocator);
                Frame frame = Frame.of(root).withIndex("key").withName("prices")) {
            Frames.write(frame, file, WriteOptions.defaults());
        }
    }

    static long[] read(FlightClient client, Ticket ticket, CallOption... options) throws Exception {
        try (FlightStream stream = client.getStream(ticket, options)) {
            long rows = 0;
            long sum = 0;
            long batches = 0;
            while (stream.next()) {
                VectorSchemaRoot root = stream.getRoot();
                batches++;
                rows += root.getRowCount();
                BigIntVector twice = (BigIntVector) root.getVector("twice");
                for (int i = 0; i < root.getRowCount(); i++) {
                    sum += twice.get(i);
                }
            }
            return new long[] {rows, sum, batches};
        }
    }

    static void put(
            FlightClient client,
            FlightDescriptor descriptor,
            int rows,
            BufferAllocator allocator,
            CallOption... options)
            throws NpzException {
        try (VectorSchemaRoot root = root(rows, allocator);
                Frame frame = Frame.of(root).withIndex("key").withName("put")) {
            AsyncPutListener listener = new AsyncPutListener();
            FlightClient.ClientStreamListener stream =
                    client.startPut(descriptor, frame.interchangeRoot(), listener, options);
            stream.putNext();
            stream.putNext();
            stream.completed();
            stream.getResult();
        }
    }

    static List<String> names(FlightClient client, Criteria criteria) {
        return StreamSupport.stream(client.listFlights(criteria).spliterator(), false)
                .map(info -> info.getDescriptor().getPath().get(0))
                .toList();
    }

    static void fails(FlightStatusCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FlightRuntimeException.class,
                        e -> assertThat(e.status().code()).as(e.toString()).isEqualTo(code));
    }
}
