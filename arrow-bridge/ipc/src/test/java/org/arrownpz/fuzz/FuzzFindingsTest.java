package org.arrownpz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.IpcReadOptions;
import org.arrownpz.ipc.MappedIpcReader;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What fuzzing has found and files alone cannot show. */
@ExtendWith(LeakCheck.class)
class FuzzFindingsTest {
    private static final int ROWS = 11;
    private static final IpcReadOptions CHECKED = IpcReadOptions.defaults().withVerify(Verify.CONTENT);

    private static VectorSchemaRoot union(BufferAllocator allocator) {
        Field field = RandomVectors.field(
                "union",
                new ArrowType.Union(UnionMode.Dense, new int[] {0, 1}),
                RandomVectors.field("number", new ArrowType.Int(32, true)),
                RandomVectors.field("text", ArrowType.Utf8.INSTANCE));
        DenseUnionVector union = (DenseUnionVector) field.createVector(allocator);
        IntVector numbers = (IntVector) union.getVectorByType((byte) 0);
        VarCharVector texts = (VarCharVector) union.getVectorByType((byte) 1);
        union.allocateNew();
        for (int i = 0; i < ROWS; i++) {
            // Numbers first, then texts, so that the later batches' offsets are far from 0.
            union.setTypeId(i, (byte) (i < 6 ? 0 : 1));
            union.setOffset(i, i < 6 ? i : i - 6);
            if (i < 6) {
                numbers.setSafe(i, 100 + i);
            } else {
                texts.setSafe(i - 6, ("text " + i).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
        }
        union.setValueCount(ROWS);
        return new VectorSchemaRoot(List.of(union));
    }

    private static List<String> texts(FieldVector vector) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < vector.getValueCount(); i++) {
            texts.add(String.valueOf(vector.getObject(i)));
        }
        return texts;
    }

    @Test
    void batchesOfADenseUnionKeepAllOfItsChildren(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("batches.arrow");
        try (VectorSchemaRoot root = union(allocator);
                Frame frame = Frame.of(root)) {
            List<String> expected = texts(root.getVector(0));
            List<String> sliced = new ArrayList<>();
            try (ArrowReader reader = frame.reader(4)) {
                while (reader.loadNextBatch()) {
                    FieldVector batch = reader.getVectorSchemaRoot().getVector(0);
                    VectorValidation.validateFull(batch);
                    sliced.addAll(texts(batch));
                }
            }
            assertThat(sliced).isEqualTo(expected);

            try (ArrowReader reader = frame.reader(4)) {
                Ipc.write(reader, file, IpcOptions.defaults());
            }
            List<String> read = new ArrayList<>();
            try (MappedIpcReader reader = Ipc.open(allocator, file, CHECKED)) {
                while (reader.loadNextBatch()) {
                    FieldVector batch = reader.getVectorSchemaRoot().getVector(0);
                    VectorValidation.validateFull(batch);
                    read.addAll(texts(batch));
                }
            }
            assertThat(read).isEqualTo(expected);
        }
    }

    @Test
    void decimalsWithTooManyDigitsAreRefusedWhenContentIsChecked(BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("decimal.arrow");
        try (DecimalVector decimals = new DecimalVector("price", allocator, 4, 2)) {
            decimals.allocateNew(1);
            decimals.set(0, 12345);
            decimals.setValueCount(1);
            Ipc.write(VectorSchemaRoot.of(decimals), file, IpcOptions.defaults());
        }
        try (MappedIpcReader reader = Ipc.open(allocator, file, CHECKED)) {
            NpzException fault = catchThrowableOfType(NpzException.class, reader::loadNextBatch);
            assertThat(fault.code()).isEqualTo(ErrorCode.VALUE);
            assertThat(fault).hasMessageContaining("price");
        }
    }
}
