package org.arrownpz.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/** A server that holds batches in memory and sends them all, as Arrow's example of an in-memory store does. */
final class MemoryFlight extends NoOpFlightProducer implements AutoCloseable {
    private final BufferAllocator allocator;
    private final Schema schema;
    private final List<ArrowRecordBatch> batches = new ArrayList<>();

    MemoryFlight(BufferAllocator allocator, Schema schema) {
        this.allocator = allocator;
        this.schema = schema;
    }

    /** Adds a batch, whose buffers it shares. */
    void add(VectorSchemaRoot root) {
        batches.add(new VectorUnloader(root).getRecordBatch());
    }

    FlightServer start() throws Exception {
        return FlightServer.builder(allocator, Location.forGrpcInsecure("localhost", 0), this)
                .build()
                .start();
    }

    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
            listener.setUseZeroCopy(false);
            VectorLoader loader = new VectorLoader(root);
            listener.start(root);
            for (ArrowRecordBatch batch : batches) {
                loader.load(batch);
                listener.putNext();
            }
            listener.completed();
        }
    }

    @Override
    public void close() {
        batches.forEach(ArrowRecordBatch::close);
    }
}
