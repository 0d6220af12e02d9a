package org.arrownpz.vector.read;

import static org.arrownpz.vector.read.TestArrays.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.ReadOptions.NatPolicy;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.CopyReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements that the Arrow type of their column cannot hold, and NaT. */
@ExtendWith(LeakCheck.class)
class MisfitValuesTest {
    private static final ReadOptions ARROW = ReadOptions.defaults();

    @Test
    void keepsTheStorageFormOfAColumnThatDoesNotFit(BufferAllocator allocator) throws NpzException {
        CopyReport.Builder report = CopyReport.builder();
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, report);
            NumpyArray days = TestArrays.viewed(allocator, "'<M8[D]'", TestArrays.longs(1, Long.MIN_VALUE, 1L << 40));
            try (ByteSource data = days.data();
                    FieldVector vector = reader.read(days, "day")) {
                assertThat(vector).isInstanceOf(BigIntVector.class);
                assertThat(((BigIntVector) vector).get(2)).isEqualTo(1L << 40);
                assertThat(vector.isNull(1)).isTrue();
                assertThat(vector.getField().getMetadata())
                        .containsEntry("ARROW:extension:name", "numpy.datetime64")
                        .containsEntry("ARROW:extension:metadata", "{\"unit\":\"D\",\"multiplier\":1}");
            }
            NumpyArray text = TestArrays.viewed(allocator, "'>U1'", new byte[] {0, 0, (byte) 0xD8, 0});
            try (ByteSource data = text.data();
                    FieldVector vector = reader.read(text, "text")) {
                assertThat(((FixedSizeBinaryVector) vector).get(0)).containsExactly(0, 0, (byte) 0xD8, 0);
            }
        }
        assertThat(report.build().columns().get(0).reason())
                .isEqualTo("element 2 of type <M8[D] does not fit Date(DAY): the column keeps its storage form");
        assertThat(report.build().columns().get(0).isViewed()).isTrue();
        assertThat(report.build().columns().get(1).reason())
                .isEqualTo("element 0 holds the lone surrogate 0xD800, which UTF-8 cannot hold:"
                        + " the column keeps its storage form");
    }

    @ParameterizedTest
    @CsvSource({
        "M8[D], 1099511627776",
        "M8[W], -1099511627776",
        "M8[M], 71000001",
        "M8[Y], 1099511627776",
        "M8[h], 4611686018427387904",
        "M8[25s], 4611686018427387904",
        "m8[Y], 178956971",
        "m8[M], 2147483648",
        "m8[m], -4611686018427387904",
    })
    void keepsTheValuesOfAMisfitColumnOfEitherByteOrder(String dtype, long misfit, BufferAllocator allocator)
            throws NpzException {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            byte[] bytes = ByteBuffer.allocate(48)
                    .order(order)
                    .putLong(1)
                    .putLong(misfit)
                    .putLong(3)
                    .putLong(Long.MIN_VALUE)
                    .putLong(5)
                    .putLong(6)
                    .array();
            String descr = "'" + (order == ByteOrder.BIG_ENDIAN ? ">" : "<") + dtype + "'";
            try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
                VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
                NumpyArray array =
                        TestArrays.viewed(allocator, TestArrays.dtype(descr), Shape.of(3, 2), StorageOrder.C, bytes);
                try (ByteSource data = array.data()) {
                    List<FieldVector> columns = reader.readColumns(array, NAMES, null);
                    assertThat(columns.get(0)).as(descr).isNotInstanceOf(BigIntVector.class);
                    BigIntVector kept = (BigIntVector) columns.get(1);
                    assertThat(kept.getObject(0)).isEqualTo(misfit);
                    assertThat(kept.isNull(1)).isTrue();
                    assertThat(kept.getObject(2)).isEqualTo(6);
                    assertThat(kept.getField().getMetadata())
                            .containsEntry("numpy.dtype", descr.replace("'", ""))
                            .containsKey("ARROW:extension:name");
                    columns.forEach(FieldVector::close);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "FORTRAN"})
    void namesTheElementAndByteOfAMisfitWherePolicyRefuses(StorageOrder order, BufferAllocator allocator)
            throws NpzException {
        long[] values = new long[12];
        values[7] = 1L << 40;
        ReadOptions refuse = ARROW.withMisfitPolicy(MisfitPolicy.REFUSE);
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, refuse, ones, null);
            NumpyArray array = TestArrays.viewed(
                    allocator, TestArrays.dtype("'<M8[D]'"), Shape.of(4, 3), order, TestArrays.longs(values));
            try (ByteSource data = array.data()) {
                for (int way = 0; way < 2; way++) {
                    boolean columns = way == 0;
                    assertThatThrownBy(() -> {
                                if (columns) {
                                    reader.readColumns(array, NAMES, null);
                                } else {
                                    reader.read(array, "x");
                                }
                            })
                            .isInstanceOfSatisfying(NpzException.class, e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
                                assertThat(e.offset()).isEqualTo(TestArrays.DATA_OFFSET + 7 * 8);
                                assertThat(e.problem()).startsWith("element 7 of type <M8[D]");
                                assertThat(e.remedy()).contains("KEEP_STORAGE");
                            });
                }
            }
        }
    }

    @Test
    void refusesCodeUnitsThatAreNoCharactersWhateverThePolicy(BufferAllocator allocator) throws NpzException {
        byte[] bytes = ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt('a')
                .putInt('b')
                .putInt('c')
                .putInt(0x110000)
                .putInt(0)
                .putInt(0)
                .array();
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            NumpyArray array = TestArrays.viewed(allocator, "'<U2'", bytes);
            try (ByteSource data = array.data()) {
                assertThatThrownBy(() -> reader.read(array, "x")).isInstanceOfSatisfying(NpzException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
                    assertThat(e.offset()).isEqualTo(TestArrays.DATA_OFFSET + 12);
                    assertThat(e.problem()).startsWith("element 1 ");
                    assertThat(e.found()).isEqualTo("0x110000");
                });
            }
        }
    }

    @Test
    void makesNatNullUnlessItIsToStay(BufferAllocator allocator) throws NpzException {
        byte[] bytes = TestArrays.longs(1, Long.MIN_VALUE, 3);
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            NumpyArray array = TestArrays.viewed(allocator, "'<M8[s]'", bytes);
            ReadOptions sentinel = ARROW.withNatPolicy(NatPolicy.SENTINEL);
            try (ByteSource data = array.data();
                    FieldVector nulls = new VectorReader(allocator, ARROW, ones, null).read(array, "x");
                    FieldVector kept = new VectorReader(allocator, sentinel, ones, null).read(array, "x")) {
                assertThat(nulls.getNullCount()).isEqualTo(1);
                assertThat(nulls.isNull(1)).isTrue();
                assertThat(kept.getNullCount()).isZero();
                assertThat(((TimeStampSecVector) kept).get(1)).isEqualTo(Long.MIN_VALUE);
            }
        }
    }
}
