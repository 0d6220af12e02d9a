package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Values of every type survive being cut into batches, selected and copied. */
@ExtendWith(LeakCheck.class)
class EveryTypeInBatchesTest {
    private static final int ROWS = 150;

    @TempDir
    Path directory;

    private Frame open(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("zoo.npz");
        try (Zoo zoo = new Zoo(allocator, ROWS);
                Frame frame = Frame.of(zoo.root(), zoo.dictionaries())) {
            Frames.write(frame, file, WriteOptions.defaults());
        }
        return Frames.open(allocator, file);
    }

    private static List<List<String>> values(VectorSchemaRoot root) {
        List<List<String>> columns = new ArrayList<>();
        for (FieldVector vector : root.getFieldVectors()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < root.getRowCount(); i++) {
                Object value = vector.getObject(i);
                values.add(vector.getName() + ": "
                        + (value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value)));
            }
            columns.add(values);
        }
        return columns;
    }

    @Test
    void batchesHoldTheRowsOfTheFrame(BufferAllocator allocator) throws Exception {
        try (Frame frame = open(allocator);
                ArrowReader reader = frame.reader(13)) {
            List<List<String>> joined = new ArrayList<>();
            frame.root().getFieldVectors().forEach(vector -> joined.add(new ArrayList<>()));
            while (reader.loadNextBatch()) {
                List<List<String>> batch = values(reader.getVectorSchemaRoot());
                for (int i = 0; i < batch.size(); i++) {
                    joined.get(i).addAll(batch.get(i));
                }
            }
            assertThat(joined).isEqualTo(values(frame.root()));
        }
    }

    @Test
    void selectionsCopiesAndSharesHoldTheRowsOfTheFrame(BufferAllocator allocator) throws Exception {
        Frame frame = open(allocator);
        List<List<String>> expected = values(frame.root());
        try (Frame selected = frame.select(frame.columnNames().toArray(String[]::new));
                Frame copy = frame.copy();
                Frame shared = frame.share()) {
            frame.close();
            assertThat(values(selected.root())).isEqualTo(expected);
            assertThat(values(copy.root())).isEqualTo(expected);
            assertThat(values(shared.root())).isEqualTo(expected);
        }
    }
}
