package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Months as timedelta64: Arrow's month intervals here, Int64 for clients that have no such type. */
@ExtendWith(LeakCheck.class)
class MonthFrameTest {
    private static final ArrowType LONG = new ArrowType.Int(64, true);

    @TempDir
    Path directory;

    private Path file(String dtype) throws NpzException {
        ByteBuffer bytes = ByteBuffer.allocate(24)
                .order(dtype.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .putLong(3)
                .putLong(Long.MIN_VALUE)
                .putLong(-2);
        return new Parts()
                .bytes("__blocks_0__.npy", Parts.npy(dtype, bytes.array(), 3))
                .meta(1)
                .archive(directory.resolve("months.npz"));
    }

    @ParameterizedTest
    @CsvSource({"<m8[M], M, 1", ">m8[M], M, 1", "<m8[Y], Y, 1", "<m8[7M], M, 7", ">m8[2Y], Y, 2"})
    void leaveAsInt64AndComeBackExactly(String dtype, String unit, int multiplier, BufferAllocator allocator)
            throws Exception {
        Path file = file(dtype);
        Path copy = directory.resolve("copy.npz");
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.root().getVector(0)).isInstanceOf(IntervalYearVector.class);
            VectorSchemaRoot root = frame.interchangeRoot();
            assertThat(root.getSchema()).isEqualTo(frame.interchangeSchema());
            assertThat(frame.interchangeRoot()).isSameAs(root);
            Field field = root.getSchema().getFields().get(0);
            assertThat(field.getType()).isEqualTo(LONG);
            assertThat(field.getMetadata())
                    .containsEntry("ARROW:extension:name", "numpy.timedelta64")
                    .containsEntry(
                            "ARROW:extension:metadata",
                            "{\"unit\":\"" + unit + "\",\"multiplier\":" + multiplier + "}");
            assertThat(values((BigIntVector) root.getVector(0))).containsExactly(3L, null, -2L);
            try (Frame again = Frame.of(root)) {
                assertThat(again.schema()).isEqualTo(frame.schema());
                assertThat(again.root().getVector(0).getObject(2))
                        .isEqualTo(frame.root().getVector(0).getObject(2));
                assertThat(again.root().getVector(0).isNull(1)).isTrue();
                Frames.write(again, copy, WriteOptions.defaults());
            }
        }
        try (Frame frame = Frames.open(allocator, copy)) {
            assertThat(frame.blockArray(0).header().dtype()).hasToString(dtype);
        }
    }

    private static List<Long> values(BigIntVector vector) {
        return java.util.stream.IntStream.range(0, vector.getValueCount())
                .mapToObj(vector::getObject)
                .toList();
    }

    @Test
    void leaveInBatchesToo(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, file("<m8[Y]"));
                ArrowReader own = frame.reader(3);
                ArrowReader reader = frame.interchangeReader(2)) {
            assertThat(own.loadNextBatch()).isTrue();
            assertThat(own.getVectorSchemaRoot().getVector(0)).isInstanceOf(IntervalYearVector.class);
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(values((BigIntVector) reader.getVectorSchemaRoot().getVector(0)))
                    .containsExactly(3L, null);
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(values((BigIntVector) reader.getVectorSchemaRoot().getVector(0)))
                    .containsExactly(-2L);
            assertThat(reader.loadNextBatch()).isFalse();
        }
    }

    @Test
    void stayInt64WhereIntervalsCannotHoldThem(BufferAllocator allocator) throws Exception {
        for (long value : new long[] {1L << 40, Long.MIN_VALUE}) {
            try (Frame frame = Frames.open(allocator, file("<m8[Y]"))) {
                ((BigIntVector) frame.interchangeRoot().getVector(0)).set(0, value);
                try (Frame again = Frame.of(frame.interchangeRoot())) {
                    assertThat(again.root().getVector(0))
                            .isSameAs(frame.interchangeRoot().getVector(0));
                }
            }
        }
    }

    @Test
    void ofAnArrowFileStayIntervals(BufferAllocator allocator) throws NpzException {
        try (IntervalYearVector months = new IntervalYearVector("m", allocator)) {
            months.setSafe(0, 5);
            months.setValueCount(1);
            try (Frame frame = Frame.of(new VectorSchemaRoot(List.of(months)))) {
                assertThat(frame.interchangeRoot().getVector(0)).isSameAs(months);
            }
        }
    }

    @Test
    void areRefusedWhereTheyAreNoWholeYears(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, file("<m8[Y]"));
                ArrowReader reader = frame.interchangeReader(2)) {
            ((IntervalYearVector) frame.root().getVector(0)).set(0, 13);
            assertThatThrownBy(frame::interchangeRoot).isInstanceOfSatisfying(NpzException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
                assertThat(e).hasMessageContaining("no whole number of the steps of <m8[Y]");
            });
            assertThatThrownBy(reader::loadNextBatch).isInstanceOf(IOException.class);
        }
    }

    @Test
    void giveTheMemoryBackThatTheyCannotHave(BufferAllocator allocator) throws Exception {
        Path file = file("<m8[M]");
        try (Frame frame = Frames.open(allocator, file)) {
            long limit = allocator.getLimit();
            allocator.setLimit(allocator.getAllocatedMemory());
            try {
                assertThatThrownBy(frame::interchangeRoot)
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
            } finally {
                allocator.setLimit(limit);
            }
            assertThat(frame.interchangeRoot().getRowCount()).isEqualTo(3);
        }
    }
}
