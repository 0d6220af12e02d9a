package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dense unions of more rows than values: Arrow's own count of rows makes children grow, and fails where they share memory. */
@ExtendWith(LeakCheck.class)
class SharedUnionValuesTest {
    private static final Field NUMBER = Field.nullable("number", new ArrowType.Int(32, true));
    private static final Field UNION = new Field(
            "union", FieldType.notNullable(new ArrowType.Union(UnionMode.Dense, new int[] {0})), List.of(NUMBER));

    @TempDir
    Path directory;

    private Path written(BufferAllocator allocator, int rows) throws Exception {
        Path file = directory.resolve("shared.arrow");
        try (DenseUnionVector union = (DenseUnionVector) UNION.createVector(allocator);
                ArrowBuf types = allocator.buffer(rows);
                ArrowBuf offsets = allocator.buffer(4L * rows)) {
            types.setZero(0, rows);
            offsets.setZero(0, 4L * rows);
            types.writerIndex(rows);
            offsets.writerIndex(4L * rows);
            IntVector numbers = (IntVector) union.getChildrenFromFields().get(0);
            numbers.allocateNew(1);
            numbers.set(0, 42);
            numbers.setValueCount(1);
            union.loadFieldBuffers(new ArrowFieldNode(rows, 0), List.of(types, offsets));
            VectorSchemaRoot root = new VectorSchemaRoot(List.of(UNION), List.of(union), rows);
            // Without validity buffers, which the reader then shares.
            Ipc.write(root, file, IpcOptions.defaults());
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 5000})
    void rowsMayShareValues(int rows, BufferAllocator allocator) throws Exception {
        try (MappedIpcReader reader = Ipc.open(allocator, written(allocator, rows))) {
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(reader.getVectorSchemaRoot().getRowCount()).isEqualTo(rows);
            DenseUnionVector union =
                    (DenseUnionVector) reader.getVectorSchemaRoot().getVector(0);
            assertThat(union.getChildrenFromFields().get(0).getValueCount()).isEqualTo(1);
            for (int i = 0; i < rows; i++) {
                assertThat(union.getObject(i)).isEqualTo(42);
            }
        }
    }
}
