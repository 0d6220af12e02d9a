package org.arrownpz.event;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.vector.internal.gather.Scope;
import org.arrownpz.vector.internal.gather.Vectors;

/** Unpacks the batches of another reader, each on its own. */
final class UnpackingReader extends DerivedReader {
    private final UnpackSpec spec;

    private UnpackingReader(ArrowReader source, BufferAllocator memory, UnpackSpec spec, List<Field> fields) {
        super(source, memory, fields);
        this.spec = spec;
    }

    static UnpackingReader of(ArrowReader source, UnpackSpec spec) throws IOException {
        VectorSchemaRoot root = source.getVectorSchemaRoot();
        List<Field> fields;
        try (VectorSchemaRoot none = new VectorSchemaRoot(
                        root.getSchema(),
                        root.getSchema().getFields().stream()
                                .map(field -> field.createVector(Vectors.allocator(root.getFieldVectors())))
                                .toList(),
                        0);
                Unpacked unpacked = Events.unpack(none, source, spec)) {
            fields = unpacked.root().getSchema().getFields();
        }
        return new UnpackingReader(source, Vectors.allocator(root.getFieldVectors()), spec, fields);
    }

    @Override
    boolean advance() throws IOException {
        output.clear();
        while (source.loadNextBatch()) {
            VectorSchemaRoot batch = source.getVectorSchemaRoot();
            try (Unpacked unpacked = Events.unpack(batch, source, spec)) {
                int rows = unpacked.root().getRowCount();
                if (rows > 0) {
                    Scope.run(() -> {
                        show(unpacked.root().getFieldVectors(), rows);
                        return true;
                    });
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    void release() {
        // Nothing waits.
    }
}
