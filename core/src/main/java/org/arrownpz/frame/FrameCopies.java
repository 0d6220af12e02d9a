package org.arrownpz.frame;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.memory.Allocations;
import org.arrownpz.vector.MappedPages;

/** Deep copies of frames: every buffer is copied once, whatever the type. */
final class FrameCopies {
    private FrameCopies() {}

    static Frame copy(Frame frame) throws NpzException {
        Location location = frame.data().location();
        MappedPages.check(frame.vectors(), 0, frame.rowCount(), location);
        for (Long id : frame.dictionaries().getDictionaryIds()) {
            FieldVector values = frame.dictionaries().lookup(id).getVector();
            MappedPages.check(List.of(values), 0, values.getValueCount(), location);
        }
        return frame.data().guarded(() -> copied(frame));
    }

    private static Frame copied(Frame frame) throws NpzException {
        BufferAllocator allocator = frame.allocator();
        List<AutoCloseable> owned = new ArrayList<>();
        try {
            VectorSchemaRoot root =
                    copy(frame.vectors(), frame.data().fields(), Math.toIntExact(frame.rowCount()), allocator, owned);
            DictionaryProvider.MapDictionaryProvider dictionaries = new DictionaryProvider.MapDictionaryProvider();
            for (Long id : frame.dictionaries().getDictionaryIds()) {
                Dictionary dictionary = frame.dictionaries().lookup(id);
                FieldVector values = dictionary.getVector();
                VectorSchemaRoot copied =
                        copy(List.of(values), List.of(values.getField()), values.getValueCount(), allocator, owned);
                dictionaries.put(new Dictionary(copied.getVector(0), dictionary.getEncoding()));
            }
            Frame.Parts parts = frame.parts();
            parts.data = VectorData.borrowed(allocator, root.getFieldVectors(), dictionaries, List.copyOf(owned));
            return new Frame(parts);
        } catch (NpzException | RuntimeException | InternalError e) {
            for (AutoCloseable vector : owned) {
                try {
                    vector.close();
                } catch (Exception suppressed) {
                    e.addSuppressed(suppressed);
                }
            }
            throw e;
        }
    }

    private static VectorSchemaRoot copy(
            List<FieldVector> vectors,
            List<Field> fields,
            int rows,
            BufferAllocator allocator,
            List<AutoCloseable> owned)
            throws NpzException {
        List<FieldVector> copies = new ArrayList<>(vectors.size());
        for (Field field : fields) {
            FieldVector copy = field.createVector(allocator);
            copies.add(copy);
            owned.add(copy);
        }
        VectorSchemaRoot target = new VectorSchemaRoot(fields, copies, 0);
        VectorSchemaRoot source = new VectorSchemaRoot(fields, vectors, rows);
        try (ArrowRecordBatch batch =
                new VectorUnloader(source, true, NoCompressionCodec.INSTANCE, false).getRecordBatch()) {
            List<ArrowBuf> buffers = new ArrayList<>(batch.getBuffers().size());
            try {
                for (ArrowBuf buffer : batch.getBuffers()) {
                    long length = buffer.readableBytes();
                    ArrowBuf copy =
                            Allocations.allocate(allocator, length, Location.ofFile(null), "a copy of the frame");
                    buffers.add(copy);
                    Allocations.copy(buffer, buffer.readerIndex(), copy, 0, length, Location.ofFile(null));
                    copy.writerIndex(length);
                }
                try (ArrowRecordBatch copied = new ArrowRecordBatch(
                        rows,
                        batch.getNodes(),
                        buffers,
                        batch.getBodyCompression(),
                        batch.getVariadicBufferCounts(),
                        false)) {
                    new VectorLoader(target).load(copied);
                }
            } finally {
                buffers.forEach(ArrowBuf::close);
            }
        }
        return target;
    }
}
