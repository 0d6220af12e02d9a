package org.arrownpz.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.Mapping;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.memory.ByteSource;
import org.arrownpz.memory.ByteSources;
import org.arrownpz.memory.ValidityOnes;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class VectorReaderTest {
    private static final IntFunction<String> NAMES = i -> "c" + i;
    private static final ReadOptions ARROW = ReadOptions.defaults();
    private static final ReadOptions STORAGE = ARROW.withTypeMapping(TypeMapping.STORAGE);

    static List<String> dtypes() {
        return List.of(
                "'|b1'",
                "'|i1'",
                "'<i2'",
                "'>i4'",
                "'<u8'",
                "'>u2'",
                "'<f2'",
                "'>f4'",
                "'<f8'",
                "'>f8'",
                "'<c8'",
                "'>c16'",
                "'<f16'",
                "'<M8[D]'",
                "'>M8[D]'",
                "'<M8[M]'",
                "'<M8[W]'",
                "'<M8[ns]'",
                "'>M8[us]'",
                "'<M8[10s]'",
                "'<M8[h]'",
                "'>M8[m]'",
                "'<M8[ps]'",
                "'<M8'",
                "'<m8[D]'",
                "'<m8[Y]'",
                "'>m8[M]'",
                "'<m8[ms]'",
                "'<U1'",
                "'<U8'",
                "'>U5'",
                "'<U0'",
                "'|S1'",
                "'|S7'",
                "'|S0'",
                "'|V3'",
                "[('a', '<i4'), ('', '|V3'), ('b', '|b1'), ('t', '>M8[D]'), ('u', '<U3')]",
                "[('m', '<f4', (2, 3)), ('n', [('s', '|S3'), ('c', '>c8', (2,))])]");
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void readsColumnsOfBlocksAsItReadsThemAlone(String descr, BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype(descr);
        Random random = new Random(descr.hashCode());
        for (int[] shape : new int[][] {{5, 3}, {1, 4}, {6, 1}, {131, 67}, {0, 3}, {3, 0}}) {
            for (StorageOrder order : StorageOrder.values()) {
                for (ReadOptions options : List.of(ARROW, STORAGE)) {
                    byte[] bytes = TestArrays.values(random, dtype, (long) shape[0] * shape[1]);
                    assertColumns(allocator, options, dtype, shape[0], shape[1], order, bytes);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void readsRowsOfFortranOrderAsThoseOfCOrder(String descr, BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype(descr);
        Random random = new Random(descr.hashCode());
        Shape shape = Shape.of(7, 3, 2);
        int width = (int) dtype.itemSize();
        byte[] c = TestArrays.values(random, dtype, shape.elements());
        byte[] fortran = new byte[c.length];
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 2; k++) {
                    System.arraycopy(c, ((i * 3 + j) * 2 + k) * width, fortran, (i + 7 * (j + 3 * k)) * width, width);
                }
            }
        }
        for (ReadOptions options : List.of(ARROW, STORAGE)) {
            try (ValidityOnes ones = new ValidityOnes(allocator)) {
                VectorReader reader = new VectorReader(allocator, options, ones, null);
                NpyArray straight = TestArrays.viewed(allocator, dtype, shape, StorageOrder.C, c);
                NpyArray crossed = TestArrays.viewed(allocator, dtype, shape, StorageOrder.FORTRAN, fortran);
                try (ByteSource one = straight.data();
                        ByteSource two = crossed.data();
                        FieldVector expected = reader.read(straight, "x");
                        FieldVector actual = reader.read(crossed, "x");
                        FieldVector part = reader.readRows(crossed, "x", 2, 4);
                        FieldVector expectedPart = reader.readRows(straight, "x", 2, 4)) {
                    assertSame(actual, expected);
                    assertSame(part, expectedPart);
                    assertThat(part.getValueCount()).isEqualTo(4);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void readsRangesOfRowsAsSlicesOfTheWhole(String descr, BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype(descr);
        byte[] bytes = TestArrays.values(new Random(1), dtype, 100);
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            NpyArray array = TestArrays.copied(allocator, dtype, Shape.of(100), StorageOrder.C, bytes);
            try (ByteSource data = array.data();
                    FieldVector whole = reader.read(array, "x");
                    FieldVector part = reader.readRows(array, "x", 13, 50)) {
                assertThat(part.getValueCount()).isEqualTo(50);
                assertThat(new RangeEqualsVisitor(part, whole).rangeEquals(new Range(0, 13, 50)))
                        .isTrue();
            }
        }
    }

    @Test
    void readsEveryTypeOfColumnWithoutLeavingMemoryWhenAnyAllocationFails() throws Exception {
        for (String descr : dtypes()) {
            DType dtype = TestArrays.dtype(descr);
            byte[] bytes = TestArrays.values(new Random(2), dtype, 12);
            AllocationFaults.refuseEach(allocator -> {
                try (ValidityOnes ones = new ValidityOnes(allocator)) {
                    VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
                    NpyArray array = TestArrays.copied(allocator, dtype, Shape.of(4, 3), StorageOrder.C, bytes);
                    try (ByteSource data = array.data()) {
                        reader.readColumns(array, NAMES, null).forEach(FieldVector::close);
                        reader.read(array, "x").close();
                    }
                    NpyArray fortran = TestArrays.copied(allocator, dtype, Shape.of(4, 3), StorageOrder.FORTRAN, bytes);
                    try (ByteSource data = fortran.data()) {
                        reader.readColumns(fortran, NAMES, null).forEach(FieldVector::close);
                        reader.read(fortran, "x").close();
                        reader.tensor(fortran, "x").close();
                    }
                }
            });
        }
    }

    @Test
    void viewsWithoutCopyAndSaysSo(BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype("'<f8'");
        byte[] bytes = TestArrays.values(new Random(3), dtype, 12);
        CopyReport.Builder report = CopyReport.builder();
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, report);
            NpyArray array = TestArrays.viewed(allocator, dtype, Shape.of(4, 3), StorageOrder.FORTRAN, bytes);
            try (ByteSource data = array.data()) {
                long before = allocator.getAllocatedMemory();
                List<FieldVector> columns = reader.readColumns(array, NAMES, new int[] {2, 0});
                assertThat(columns).extracting(FieldVector::getName).containsExactly("c2", "c0");
                assertThat(allocator.getAllocatedMemory() - before)
                        .as("validity alone")
                        .isEqualTo(64);
                columns.forEach(FieldVector::close);
            }
            NpyArray block = TestArrays.viewed(allocator, dtype, Shape.of(4, 3), StorageOrder.C, bytes);
            try (ByteSource data = block.data()) {
                reader.readColumns(block, NAMES, null).forEach(FieldVector::close);
            }
        }
        CopyReport done = report.build();
        assertThat(done.columns()).hasSize(5);
        assertThat(done.viewedBytes()).isEqualTo(64);
        assertThat(done.copiedBytes()).isEqualTo(96);
        assertThat(done.toString())
                .contains("5 columns: 64 bytes viewed, 96 bytes copied")
                .contains("c2 … c0 (2 columns): <f8 -> FloatingPoint(DOUBLE), VIEWED 64 bytes")
                .contains("c0 … c2 (3 columns): <f8 -> FloatingPoint(DOUBLE), COPIED 96 bytes"
                        + " (C-order block: columns are strided, transposed)");
    }

    @Test
    void keepsVectorsAliveBeyondTheirSource(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("x.bin");
        Files.write(file, longs(7, 8, 9));
        FieldVector vector;
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                ValidityOnes ones = new ValidityOnes(allocator)) {
            NpyArray array = array(source, "'<i8'", Shape.of(3));
            vector = new VectorReader(allocator, ARROW, ones, null).read(array, "x");
        }
        try (vector) {
            assertThat(((BigIntVector) vector).get(2)).isEqualTo(9);
        }
    }

    @Test
    void keepsTheStorageFormOfAColumnThatDoesNotFit(BufferAllocator allocator) throws NpzException {
        CopyReport.Builder report = CopyReport.builder();
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, report);
            NpyArray days = viewed(allocator, "'<M8[D]'", longs(1, Long.MIN_VALUE, 1L << 40));
            try (ByteSource data = days.data();
                    FieldVector vector = reader.read(days, "day")) {
                assertThat(vector).isInstanceOf(BigIntVector.class);
                assertThat(((BigIntVector) vector).get(2)).isEqualTo(1L << 40);
                assertThat(vector.isNull(1)).isTrue();
                assertThat(vector.getField().getMetadata())
                        .containsEntry("ARROW:extension:name", "numpy.datetime64")
                        .containsEntry("ARROW:extension:metadata", "{\"unit\":\"D\",\"multiplier\":1}");
            }
            NpyArray text = viewed(allocator, "'>U1'", new byte[] {0, 0, (byte) 0xD8, 0});
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

    @Test
    void keepsTheOriginalBytesOfAMisfitColumnInARowMajorBlock(BufferAllocator allocator) throws NpzException {
        byte[] bytes = ByteBuffer.allocate(32)
                .putLong(1)
                .putLong(1L << 40)
                .putLong(3)
                .putLong(4)
                .array();
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            NpyArray array =
                    TestArrays.viewed(allocator, TestArrays.dtype("'>M8[D]'"), Shape.of(2, 2), StorageOrder.C, bytes);
            try (ByteSource data = array.data()) {
                List<FieldVector> columns = reader.readColumns(array, NAMES, null);
                assertThat(columns.get(0).getObject(1)).isEqualTo(3);
                assertThat(((FixedSizeBinaryVector) columns.get(1)).get(0))
                        .containsExactly(
                                ByteBuffer.allocate(8).putLong(1L << 40).array());
                columns.forEach(FieldVector::close);
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
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, refuse, ones, null);
            NpyArray array =
                    TestArrays.viewed(allocator, TestArrays.dtype("'<M8[D]'"), Shape.of(4, 3), order, longs(values));
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
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            NpyArray array = viewed(allocator, "'<U2'", bytes);
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
    void usesLongOffsetsWhereTextIsTooLongForShortOnes(BufferAllocator allocator) throws NpzException {
        DType text = TestArrays.dtype("'<U9'");
        DType binary = TestArrays.dtype("'|S9'");
        byte[] texts = TestArrays.values(new Random(4), text, 500);
        byte[] binaries = TestArrays.values(new Random(4), binary, 500);
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader small = new VectorReader(allocator, ARROW, ones, null);
            VectorReader large = new VectorReader(allocator, ARROW, ones, null, 1000);
            NpyArray first = TestArrays.viewed(allocator, text, Shape.of(500), StorageOrder.C, texts);
            NpyArray second = TestArrays.viewed(allocator, binary, Shape.of(500), StorageOrder.C, binaries);
            try (ByteSource one = first.data();
                    ByteSource two = second.data();
                    FieldVector expectedText = small.read(first, "x");
                    FieldVector expectedBinary = small.read(second, "x");
                    LargeVarCharVector actualText = (LargeVarCharVector) large.read(first, "x");
                    LargeVarBinaryVector actualBinary = (LargeVarBinaryVector) large.read(second, "x")) {
                VectorValidation.validateFull(actualText);
                VectorValidation.validateFull(actualBinary);
                for (int i = 0; i < 500; i++) {
                    assertThat(actualText.getObject(i)).isEqualTo(expectedText.getObject(i));
                    assertThat(actualBinary.getObject(i)).isEqualTo(expectedBinary.getObject(i));
                }
            }
        }
    }

    @Test
    void holdsNoMoreThanTwiceTheMemoryThatTextNeeds() throws NpzException {
        byte[] bytes = new byte[4 * 64 * 20_000];
        for (int i = 0; i < bytes.length; i += 4 * 64) {
            // Long values at the start mislead the estimate.
            int length = i < bytes.length / 100 ? 64 : 1;
            for (int k = 0; k < length; k++) {
                bytes[i + 4 * k] = 'x';
            }
        }
        try (BufferAllocator allocator = new RootAllocator();
                ValidityOnes ones = new ValidityOnes(allocator)) {
            NpyArray array = viewed(allocator, "'<U64'", bytes);
            try (ByteSource data = array.data()) {
                long before = allocator.getAllocatedMemory();
                try (VarCharVector text =
                        (VarCharVector) new VectorReader(allocator, ARROW, ones, null).read(array, "x")) {
                    assertThat(text.getLastSet()).isEqualTo(19_999);
                    assertThat(text.getDataBuffer().capacity()).isEqualTo(19_800 + 200 * 64);
                    assertThat(allocator.getAllocatedMemory() - before).isLessThan(2 * (80_004 + 32_600) + 4096);
                }
            }
        }
    }

    @Test
    void makesNatNullUnlessItIsToStay(BufferAllocator allocator) throws NpzException {
        byte[] bytes = longs(1, Long.MIN_VALUE, 3);
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            NpyArray array = viewed(allocator, "'<M8[s]'", bytes);
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

    @Test
    void describesTensorsInTheOrderOfTheirBytes(BufferAllocator allocator) throws NpzException {
        byte[] bytes = TestArrays.values(new Random(5), TestArrays.dtype("'<i8'"), 24);
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            assertTensor(allocator, reader, bytes, StorageOrder.C, 2, "{\"shape\":[3,4]}", "(3, 4)");
            String parameters = "{\"shape\":[3,2],\"permutation\":[1,0]}";
            assertTensor(allocator, reader, bytes, StorageOrder.FORTRAN, 4, parameters, "(2, 3)");
        }
    }

    @Test
    void carriesFieldNamesTitlesAndShapesOfRecords(BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype("[(('The title', 'a'), '<i4'), ('', '|V4'), ('m', '<f8', (2, 3))]");
        byte[] bytes = TestArrays.values(new Random(6), dtype, 3);
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            NpyArray array = TestArrays.viewed(allocator, dtype, Shape.of(3), StorageOrder.C, bytes);
            try (ByteSource data = array.data();
                    StructVector struct =
                            (StructVector) new VectorReader(allocator, ARROW, ones, null).read(array, "r")) {
                assertThat(struct.getField().getMetadata()).containsEntry("numpy.dtype", dtype.descr());
                assertThat(struct.getChildFieldNames()).containsExactly("a", "m");
                assertThat(struct.getChild("a").getField().getMetadata())
                        .containsEntry("numpy.title", "The title")
                        .containsEntry("numpy.dtype", "<i4");
                assertThat(struct.getChild("m").getField().getMetadata())
                        .containsEntry("numpy.shape", "(2, 3)")
                        .containsEntry("ARROW:extension:name", "arrow.fixed_shape_tensor")
                        .containsEntry("ARROW:extension:metadata", "{\"shape\":[2,3]}");
            }
        }
    }

    @Test
    void refusesMoreRowsOrElementsThanAVectorHolds(BufferAllocator allocator) throws NpzException {
        DType empty = TestArrays.dtype("'|S0'");
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            for (Shape shape : List.of(Shape.of(1L << 31), Shape.of(1L << 20, 1L << 20), Shape.of(1, 1L << 31))) {
                NpyArray array = TestArrays.viewed(allocator, empty, shape, StorageOrder.C, new byte[0]);
                try (ByteSource data = array.data()) {
                    assertLimit(() -> reader.read(array, "x"));
                }
            }
            NpyArray wide = TestArrays.viewed(allocator, empty, Shape.of(0, 1L << 40), StorageOrder.C, new byte[0]);
            try (ByteSource data = wide.data()) {
                assertLimit(() -> reader.readColumns(wide, NAMES, null));
                List<FieldVector> few = reader.readColumns(wide, NAMES, new int[] {5});
                assertThat(few).hasSize(1);
                few.get(0).close();
            }
            NpyArray deep = TestArrays.viewed(allocator, empty, Shape.of(1L << 33), StorageOrder.C, new byte[0]);
            try (ByteSource data = deep.data();
                    FieldVector batch = reader.readRows(deep, "x", 1L << 32, 10)) {
                assertThat(batch.getValueCount()).isEqualTo(10);
            }
        }
    }

    @Test
    void refusesPositionsOutsideTheArray(BufferAllocator allocator) throws NpzException {
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            NpyArray array = viewed(allocator, "'<i8'", longs(1, 2, 3));
            try (ByteSource data = array.data()) {
                assertThatThrownBy(() -> reader.readRows(array, "x", 2, 2))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> reader.readColumns(array, NAMES, null))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void leavesOtherVectorsAloneWhereValidityIsIsolated(BufferAllocator allocator) throws NpzException {
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW.withIsolatedValidity(), ones, null);
            NpyArray array = viewed(allocator, "'<i8'", longs(1, 2, 3));
            try (ByteSource data = array.data();
                    FieldVector one = reader.read(array, "x");
                    FieldVector two = reader.read(array, "x")) {
                one.setNull(0);
                assertThat(two.isNull(0)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"'|b1'", "'>f8'", "'<U16'", "'<M8[D]'", "'|S16'"})
    void reportsAFileThatWasCutShort(String descr, BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("x.bin");
        DType dtype = TestArrays.dtype(descr);
        int rows = 200_000;
        Files.write(file, TestArrays.values(new Random(7), dtype, rows));
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, null);
            NpyArray array = array(source, descr, Shape.of(rows / 4, 4));
            List<FieldVector> mapped = reader.readColumns(array(source, "'|V1'", Shape.of(1, 1)), NAMES, null);
            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(4096);
            }
            assertThatThrownBy(() -> reader.readColumns(array, NAMES, null))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
            mapped.forEach(FieldVector::close);
        }
    }

    @Test
    void readsTenThousandColumnsWithOneFieldTypeForAll(BufferAllocator allocator) throws NpzException {
        DType dtype = TestArrays.dtype("'<f8'");
        int columns = 10_000;
        byte[] bytes = new byte[columns * 100 * 8];
        CopyReport.Builder report = CopyReport.builder();
        try (ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, ARROW, ones, report);
            NpyArray array = TestArrays.viewed(allocator, dtype, Shape.of(100, columns), StorageOrder.FORTRAN, bytes);
            try (ByteSource data = array.data()) {
                List<FieldVector> vectors = reader.readColumns(array, NAMES, null);
                assertThat(vectors).hasSize(columns);
                assertThat(vectors.get(9_999).getField().getFieldType())
                        .isSameAs(vectors.get(0).getField().getFieldType());
                vectors.forEach(FieldVector::close);
            }
        }
        assertThat(report.build().columns()).hasSize(columns);
        assertThat(report.build().toString().lines().count()).isEqualTo(2);
    }

    private static void assertColumns(
            BufferAllocator allocator,
            ReadOptions options,
            DType dtype,
            int rows,
            int columns,
            StorageOrder order,
            byte[] bytes)
            throws NpzException {
        int width = (int) dtype.itemSize();
        int[] selected = columns < 3 ? new int[] {} : new int[] {columns - 1, 0, 1, 0};
        int from = rows / 3;
        NpyArray block = TestArrays.viewed(allocator, dtype, Shape.of(rows, columns), order, bytes);
        NpyArray copied = TestArrays.copied(allocator, dtype, Shape.of(rows, columns), order, bytes);
        try (ByteSource one = block.data();
                ByteSource two = copied.data();
                ValidityOnes ones = new ValidityOnes(allocator)) {
            VectorReader reader = new VectorReader(allocator, options, ones, null);
            List<FieldVector> all = reader.readColumns(block, NAMES, null);
            List<FieldVector> ofCopy = reader.readColumns(copied, NAMES, null);
            List<FieldVector> few = reader.readColumns(block, NAMES, selected, from, rows - from);
            for (int c = 0; c < columns; c++) {
                byte[] column = new byte[rows * width];
                for (int r = 0; r < rows; r++) {
                    int at = order == StorageOrder.C ? r * columns + c : c * rows + r;
                    System.arraycopy(bytes, at * width, column, r * width, width);
                }
                NpyArray alone = TestArrays.viewed(allocator, dtype, Shape.of(rows), StorageOrder.C, column);
                try (ByteSource data = alone.data();
                        FieldVector expected = reader.read(alone, "c" + c);
                        FieldVector tail = reader.readRows(alone, "c" + c, from, rows - from)) {
                    assertSame(all.get(c), expected);
                    assertSame(ofCopy.get(c), expected);
                    for (int i = 0; i < selected.length; i++) {
                        if (selected[i] == c) {
                            assertSame(few.get(i), tail);
                        }
                    }
                }
            }
            List.of(all, ofCopy, few).forEach(list -> list.forEach(FieldVector::close));
        }
    }

    private static void assertSame(FieldVector actual, FieldVector expected) {
        VectorValidation.validateFull(actual);
        assertThat(actual.getField()).isEqualTo(expected.getField());
        assertThat(VectorEqualsVisitor.vectorEquals(actual, expected)).isTrue();
    }

    private static void assertTensor(
            BufferAllocator allocator,
            VectorReader reader,
            byte[] bytes,
            StorageOrder order,
            int lists,
            String parameters,
            String shape)
            throws NpzException {
        NpyArray array = TestArrays.viewed(allocator, TestArrays.dtype("'<i8'"), Shape.of(2, 3, 4), order, bytes);
        try (ByteSource data = array.data();
                FixedSizeListVector tensor = (FixedSizeListVector) reader.tensor(array, "t")) {
            assertThat(tensor.getValueCount()).isEqualTo(lists);
            assertThat(tensor.getField().getMetadata())
                    .containsEntry("ARROW:extension:metadata", parameters)
                    .containsEntry("numpy.shape", shape);
            byte[] actual = new byte[bytes.length];
            tensor.getDataVector().getDataBuffer().getBytes(0, actual);
            assertThat(actual).isEqualTo(bytes);
        }
    }

    private interface Call {
        void run() throws NpzException;
    }

    private static void assertLimit(Call call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
    }

    private static NpyArray viewed(BufferAllocator allocator, String descr, byte[] bytes) {
        DType dtype = TestArrays.dtype(descr);
        Shape shape = Shape.of(bytes.length / dtype.itemSize());
        return TestArrays.viewed(allocator, dtype, shape, StorageOrder.C, bytes);
    }

    private static NpyArray array(ByteSource source, String descr, Shape shape) {
        DType dtype = TestArrays.dtype(descr);
        long bytes = shape.elements() * dtype.itemSize();
        return new NpyArray(
                Location.ofFile("x.bin"), TestArrays.header(dtype, shape, StorageOrder.C), source.slice(0, bytes));
    }

    private static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asLongBuffer().put(values);
        return buffer.array();
    }
}
