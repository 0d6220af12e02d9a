package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ArchiveForm;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.memory.HeapSource;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.TypeMapping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of unusual forms, and what callers may not ask of frames. */
@ExtendWith(LeakCheck.class)
class FrameCornersTest {
    private static final ScalarDType INT64 = ScalarDType.of(DTypeKind.INT, 8);

    @TempDir
    Path directory;

    private static NpyArray longs(Shape shape, long... values) {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        NpyHeader header = new NpyHeader(1, INT64, shape, StorageOrder.FORTRAN, 0, 8L * values.length);
        return new NpyArray(Location.ofFile(null), header, new HeapSource(data));
    }

    private static ListVector lists(BufferAllocator allocator, String name, int rows) {
        ListVector lists = ListVector.empty(name, allocator);
        lists.addOrGetVector(FieldType.nullable(Types.MinorType.INT.getType()));
        lists.allocateNew();
        for (int i = 0; i < rows; i++) {
            lists.startNewValue(i);
            lists.endValue(i, 0);
        }
        lists.setValueCount(rows);
        return lists;
    }

    @ParameterizedTest
    @EnumSource(names = {"AS_READ", "FRAME"})
    void keepsTheRowsOfAFrameWithoutColumns(ArchiveForm form, BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("rows.npz");
        Schema none = new Schema(List.of());
        Frames.write(
                new VectorSchemaRoot(none, List.of(), 7),
                file,
                WriteOptions.defaults().withForm(form));

        for (Verify verify : Verify.values()) {
            try (Frame frame =
                    Frames.open(allocator, file, ReadOptions.defaults().withVerify(verify))) {
                assertThat(frame.rowCount()).isEqualTo(7);
                assertThat(frame.root().getRowCount()).isEqualTo(7);
                assertThat(frame.columns().length()).isZero();
                try (Frame copy = frame.copy();
                        ArrowReader reader = frame.reader(5)) {
                    assertThat(copy.rowCount()).isEqualTo(7);
                    assertThat(reader.loadNextBatch()).isTrue();
                    assertThat(reader.getVectorSchemaRoot().getRowCount()).isEqualTo(5);
                }
            }
        }
    }

    @Test
    void keepsTheScaleOfDecimals(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("decimals.npz");
        List<FieldVector> columns = new ArrayList<>();
        for (int scale : new int[] {-3, 0, 5}) {
            Field field = new Field("d" + scale, FieldType.nullable(new ArrowType.Decimal(4, scale, 128)), List.of());
            DecimalVector column = (DecimalVector) field.createVector(allocator);
            column.setSafe(0, BigDecimal.valueOf(1234, scale));
            column.setValueCount(2);
            columns.add(column);
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(columns)) {
            Frames.write(root, file, WriteOptions.defaults());
            try (Frame frame =
                    Frames.open(allocator, file, ReadOptions.defaults().withVerify(Verify.CONTENT))) {
                for (int i = 0; i < 3; i++) {
                    assertThat(frame.root().getVector(i).getField().getType())
                            .isEqualTo(columns.get(i).getField().getType());
                    assertThat(frame.root().getVector(i).getObject(0))
                            .isEqualTo(columns.get(i).getObject(0));
                    assertThat(frame.root().getVector(i).isNull(1)).isTrue();
                }
            }
        }
    }

    @Test
    void noRootHasSuchRowsOrColumns(BufferAllocator allocator) {
        ReadOptions options = ReadOptions.defaults();
        for (long[] shape : new long[][] {{-1, 1}, {1L << 31, 1}, {1, -1}}) {
            assertThatThrownBy(() -> new FrameBuilder(allocator, shape[0], (int) shape[1], options).close())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void builderTakesLabelsBeforeDataAndAsManyAsClasses(BufferAllocator allocator) throws Exception {
        try (FrameBuilder builder = new FrameBuilder(allocator, 2, 1, ReadOptions.defaults())) {
            assertThatThrownBy(() -> builder.columns(Label.NONE, List.of(IndexClass.INDEX), List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.index(Label.NONE, List.of(new IndexClass(IndexType.INDEX, true))))
                    .hasMessageContaining("not grow-only");
            assertThat(builder.nextName()).isEqualTo("0");
            assertThatThrownBy(builder::growOnlyColumns).isInstanceOf(IllegalStateException.class);
            for (NpyArray wrong :
                    List.of(longs(Shape.of(), 1), longs(Shape.of(3), 1, 2, 3), longs(Shape.of(2, 1, 1), 1, 2))) {
                assertThatThrownBy(() -> builder.array(wrong)).isInstanceOf(IllegalArgumentException.class);
            }
            StructDType record = new StructDType(List.of(new StructDType.Field("a", null, INT64, 0)), 8);
            NpyHeader header = new NpyHeader(1, record, Shape.of(2), StorageOrder.C, 0, 16);
            NpyArray records = new NpyArray(Location.ofFile(null), header, new HeapSource(ByteBuffer.allocate(16)));
            assertThatThrownBy(() -> builder.array(records)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("missing");
            builder.vector(Roots.longs(allocator, "0", 1, 2)).build().close();
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already");
        }
    }

    @Test
    void builderGivesGrowOnlyColumnsAndHierarchies(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("built.npz");
        try (FrameBuilder builder = new FrameBuilder(allocator, 2, 1, ReadOptions.defaults())) {
            builder.growOnlyColumns()
                    .index(Label.NONE, List.of(IndexClass.INDEX, IndexClass.INDEX))
                    .vector(Roots.longs(allocator, builder.nextName(), 1, 2));
            builder.vector(Roots.longs(allocator, builder.nextName(), 3, 4));
            builder.vector(Roots.longs(allocator, builder.nextName(), 5, 6));
            try (Frame frame = builder.build()) {
                Frames.write(frame, file, WriteOptions.defaults());
            }
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.index().depth()).isEqualTo(2);
            assertThat(frame.columns().indexClass()).isEqualTo(new IndexClass(IndexType.INDEX, true));
            assertThat(Roots.values(frame.root().getVector(2))).containsExactly(5L, 6L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void batchesWithoutColumnsAreAFrameWithoutColumns(boolean stated, BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("none.npz");
        try (VectorSchemaRoot none = new VectorSchemaRoot(new Schema(List.of()), List.of(), 5);
                ArrowReader reader = new SlicedReader(allocator, none, 2, 3)) {
            if (stated) {
                Frames.write(reader, 5, file, WriteOptions.defaults());
            } else {
                Frames.write(reader, file, WriteOptions.defaults());
            }
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.columnNames()).isEmpty();
            assertThat(frame.blockCount()).isZero();
        }
    }

    @Test
    void failureOfAReaderWithoutColumnsIsATypedOne(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("none.npz");
        try (VectorSchemaRoot none = new VectorSchemaRoot(new Schema(List.of()), List.of(), 5);
                SlicedReader reader = new SlicedReader(allocator, none, 2, 3)) {
            reader.failAt = 1;
            assertThatThrownBy(() -> Frames.write(reader, file, WriteOptions.defaults()))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                    .hasMessageContaining("no more")
                    .hasCauseInstanceOf(IOException.class);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void columnsHaveTheRowsOfTheirBatch(BufferAllocator allocator) {
        RowCount rows = RowCount.stated(Location.ofFile("f.npz"), 5);
        try (FieldVector vector = Roots.longs(allocator, "v", 1, 2)) {
            assertThatThrownBy(() -> rows.check(vector, 3))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_SHAPE))
                    .hasMessageContaining("'v'");
        }
        assertThatThrownBy(() -> RowCount.stated(Location.ofFile("f.npz"), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void automaticColumnsStayAutomaticBesideHiddenOnes(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("hidden.npz");
        try (FrameBuilder builder = new FrameBuilder(allocator, 2, 3, ReadOptions.defaults())) {
            builder.vector(Roots.longs(allocator, builder.nextName(), 1, 2));
            builder.vector(lists(allocator, builder.nextName(), 2));
            builder.vector(Roots.longs(allocator, builder.nextName(), 3, 4));
            try (Frame frame = builder.build()) {
                Frames.write(frame, file, WriteOptions.defaults());
            }
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.columns().isAuto()).isTrue();
            assertThat(frame.columnNames()).containsExactly("0", "1", "2");
            assertThat(Roots.values(frame.root().getVector("2"))).containsExactly(3L, 4L);
            assertThat(frame.root().getVector("1")).isInstanceOf(ListVector.class);
        }
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withPositions(List.of(2, 1)))) {
            assertThat(frame.columnNames()).containsExactly("2", "1");
            assertThat(Roots.values(frame.root().getVector("2"))).containsExactly(3L, 4L);
        }
    }

    private Parts written(BufferAllocator allocator, FieldVector... vectors) throws Exception {
        Path file = directory.resolve("sound.npz");
        try (VectorSchemaRoot root = Roots.root(Map.of("user", "yes"), vectors)) {
            Frames.write(root, file, WriteOptions.defaults());
        }
        Parts parts = new Parts();
        try (NpzFile npz = NpzFile.open(allocator, file)) {
            for (String name : npz.names()) {
                parts.bytes(name, npz.bytes(name, 1 << 20));
            }
        }
        return parts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f8", "<i4", "|S8", "<M8[s]"})
    void refusesBlocksOfAnotherTypeThanTheSchema(String dtype, BufferAllocator allocator) throws Exception {
        Parts parts = written(allocator, Roots.longs(allocator, "a", 1, 2), Roots.longs(allocator, "b", 3, 4));
        Path changed = parts.array("__blocks_0__.npy", dtype, 2, 2).archive(directory.resolve("changed.npz"));
        assertThatThrownBy(() -> Frames.open(allocator, changed))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA))
                .hasMessageContaining("disagree")
                .hasMessageContaining("'a' of type Int(64, true)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<i8",
                "|b1",
                "<f2",
                "<c8",
                ">i4",
                "<U3",
                "|S3",
                "|V3",
                "<M8[D]",
                "<M8[h]",
                "<M8[25s]",
                "<M8[ns]",
                "<m8[Y]",
                "<m8[ms]"
            })
    void columnsInStorageFormComeBackInItBesideArrowColumns(String dtype, BufferAllocator allocator) throws Exception {
        Path file = new Parts()
                .array("__blocks_0__.npy", dtype, 3)
                .array("__blocks_1__.npy", dtype, 3, 2)
                .meta(2)
                .archive(directory.resolve("source.npz"));
        Path copy = directory.resolve("copy.npz");
        List<Field> fields;
        ReadOptions storage = ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE);
        try (Frame frame = Frames.open(allocator, file, storage);
                ListVector lists = lists(allocator, "l", 3)) {
            List<FieldVector> vectors = new ArrayList<>(frame.root().getFieldVectors());
            vectors.add(lists);
            VectorSchemaRoot root = new VectorSchemaRoot(vectors);
            fields = root.getSchema().getFields();
            try (Frame mixed = Frame.of(root).withIndex("0")) {
                Frames.write(mixed, copy, WriteOptions.defaults());
            }
        }
        for (ReadOptions options : List.of(ReadOptions.defaults(), storage)) {
            try (Frame frame = Frames.open(allocator, copy, options)) {
                assertThat(frame.indexLevels()).isEqualTo(1);
                for (int i = 0; i < fields.size(); i++) {
                    Field field = frame.root().getSchema().getFields().get(i);
                    assertThat(field.getType()).isEqualTo(fields.get(i).getType());
                    assertThat(field.getName()).isEqualTo(fields.get(i).getName());
                    assertThat(frame.root().getVector(i).getNullCount()).isZero();
                }
            }
        }
    }

    @Test
    void plainArchivesWithNullsAreWrittenAsFramesUnlessArraysAreAskedFor(BufferAllocator allocator) throws Exception {
        Path plain = new Parts().array("t.npy", "<U3", 2).archive(directory.resolve("plain.npz"));
        Path target = directory.resolve("target.npz");
        Schema schema;
        try (Frame frame = Frames.open(allocator, plain)) {
            schema = frame.interchangeSchema();
        }
        try (FieldVector nulls = Roots.texts(allocator, "t", "x", null)) {
            VectorSchemaRoot root = new VectorSchemaRoot(schema, List.of(nulls), 2);
            try (Frame frame = Frame.of(root)) {
                assertThat(frame.kind()).isEqualTo(FrameKind.ARRAYS);
                assertThatThrownBy(() -> Frames.write(
                                frame, target, WriteOptions.defaults().withForm(ArchiveForm.ARRAYS)))
                        .isInstanceOf(IllegalArgumentException.class);
                Frames.write(frame, target, WriteOptions.defaults());
            }
        }
        try (Frame frame = Frames.open(allocator, target)) {
            assertThat(frame.kind()).isEqualTo(FrameKind.FRAME);
            assertThat(Roots.values(frame.root().getVector("t"))).containsExactly("x", null);
        }
    }

    @Test
    void singleArraysAreOfColumnsThatNumpyHoldsAndRecordsOfNamedOnes(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("array.npy");
        try (VectorSchemaRoot none = new VectorSchemaRoot(new Schema(List.of()), List.of(), 0)) {
            assertThatThrownBy(() -> Frames.write(none, file, WriteOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("without columns");
        }
        try (VectorSchemaRoot root = Roots.root(lists(allocator, "l", 2))) {
            assertThatThrownBy(() -> Frames.write(root, file, WriteOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'l' (")
                    .hasMessageContaining(".npz");
        }
        try (VectorSchemaRoot root =
                Roots.root(Roots.longs(allocator, "", 1, 2), Roots.doubles(allocator, "d", 1, 2))) {
            assertThatThrownBy(() -> Frames.write(root, file, WriteOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has a name");
        }
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "<i2, int16, int16",
        "|u1, uint8, uint8",
        "<f2, float16, float16",
        "<f16, unicode, object",
        "|b1, bool, bool",
        "|S3, unicode, object",
        "<M8[D], datetime, datetime64[s]",
        "<M8[ms], datetime, datetime64[ms]",
        "<M8[us], datetime, datetime64[us]",
        "<M8[ns], datetime, datetime64[ns]",
        "<M8[25s], unicode, object",
        "<M8[h], unicode, object",
    })
    void pandasLearnsTheTypeOfTheColumnLabels(String dtype, String pandas, String numpy, BufferAllocator allocator)
            throws Exception {
        Path file = new Parts()
                .array("__values_columns_0__.npy", dtype, 1)
                .array("__blocks_0__.npy", "<i8", 2, 1)
                .meta(1)
                .archive(directory.resolve("labels.npz"));
        try (Frame frame = Frames.open(allocator, file)) {
            String json = frame.interchangeSchema().getCustomMetadata().get(Interchange.PANDAS_KEY);
            JsonNode labels = Golden.JSON.readTree(json).get("column_indexes").get(0);
            assertThat(labels.get("pandas_type").asText()).isEqualTo(pandas);
            assertThat(labels.get("numpy_type").asText()).isEqualTo(numpy);
        }
    }

    @Test
    void pandasLearnsDictionariesWithoutAnIndexType(BufferAllocator allocator) {
        try (FieldVector words = Roots.texts(allocator, "w", "x", "y");
                IntVector indices = Roots.indices(allocator, "c", 1, 0, 1);
                VectorSchemaRoot root = Roots.root(indices);
                Frame frame = Frame.of(root, Roots.dictionaries(indices, words));
                ArrowReader reader = frame.reader(1)) {
            assertThat(frame.interchangeSchema().getCustomMetadata().get(Interchange.PANDAS_KEY))
                    .contains("categorical")
                    .contains("int32");
            assertThat(reader.getDictionaryIds()).containsExactly(1L);
            assertThat(reader.lookup(1).getVector().getValueCount()).isEqualTo(2);
            assertThat(reader.bytesRead()).isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void moreRowsThanARootHoldsAreReadInBatchesFromFramesToo(BufferAllocator allocator) throws Exception {
        long rows = (1L << 31) + 5;
        Path folder = Files.createDirectory(directory.resolve("long"));
        byte[] header =
                NpyHeaderWriter.staticFrame(ScalarDType.of(DTypeKind.UINT, 1), Shape.of(rows), StorageOrder.FORTRAN);
        try (RandomAccessFile sparse =
                new RandomAccessFile(folder.resolve("__blocks_0__.npy").toFile(), "rw")) {
            sparse.write(header);
            sparse.setLength(header.length + rows);
            sparse.seek(header.length + rows - 1);
            sparse.write(9);
        }
        Files.writeString(
                folder.resolve(FrameMetadata.MEMBER),
                "{\"__names__\": [null, null, null], \"__types__\": [\"Index\", \"Index\"], \"__depths__\": [1, 1, 1]}");
        try (Frame frame = Frames.open(allocator, folder)) {
            assertThat(frame.rowCount()).isEqualTo(rows);
            assertThat(frame.dictionaries().getDictionaryIds()).isEmpty();
            assertThat(frame.blockCount()).isEqualTo(1);
            try (ArrowReader reader = frame.reader(1 << 30)) {
                int last = 0;
                while (reader.loadNextBatch()) {
                    VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                    last = batch.getRowCount() == 5 ? (int) ((UInt1Vector) batch.getVector(0)).get(4) : -1;
                }
                assertThat(last).isEqualTo(9);
            }
        }
    }

    @Test
    void alignKeepsWhatIsNoArrayAndLeavesFoldersOut(BufferAllocator allocator) throws Exception {
        Path file = new Parts()
                .bytes("folder/", new byte[0])
                .text("long.txt", "x".repeat(100))
                .text("short.txt", "hello")
                .array("__blocks_0__.npy", "[('a', '<i8')]", 2)
                .archive(directory.resolve("mixed.npz"));
        Path target = directory.resolve("aligned.npz");
        ReadOptions options =
                ReadOptions.defaults().withLimits(ReadLimits.defaults().withMetadataBytes(50));
        AlignReport report = Frames.align(allocator, file, target, options, WriteOptions.defaults());
        assertThat(report).isEqualTo(new AlignReport(3, 0, 0));
        try (NpzFile before = NpzFile.open(allocator, file);
                NpzFile after = NpzFile.open(allocator, target)) {
            assertThat(after.names()).containsExactly("long.txt", "short.txt", "__blocks_0__.npy");
            for (String name : List.of("long.txt", "short.txt")) {
                assertThat(after.bytes(name, 1000)).isEqualTo(before.bytes(name, 1000));
            }
            assertThat(after.array("__blocks_0__.npy").header().dtype())
                    .isEqualTo(before.array("__blocks_0__.npy").header().dtype());
        }
        assertThat(Frames.verify(allocator, target, options.withVerify(Verify.CRC))
                        .kind())
                .isEqualTo("frame");
    }

    @Test
    void alignCountsInflatedMembersUnlessTheyAreDeflatedAgain(BufferAllocator allocator) throws Exception {
        Path file = new Parts()
                .array("a.npy", "<i8", 2)
                .text("note.txt", "hello")
                .archive(directory.resolve("small.npz"), 6);
        Path target = directory.resolve("aligned.npz");
        ReadOptions options = ReadOptions.defaults();
        assertThat(Frames.align(allocator, file, target, options, WriteOptions.defaults()))
                .isEqualTo(new AlignReport(2, 0, 2));
        assertThat(Frames.align(
                        allocator,
                        file,
                        target,
                        options,
                        WriteOptions.defaults().deflate(6)))
                .isEqualTo(new AlignReport(2, 0, 0));
        Path array = directory.resolve("array.npy");
        Files.write(array, Parts.npy("<i8", new byte[24], 3));
        assertThat(Frames.align(allocator, array, directory.resolve("b.npy"), options, WriteOptions.defaults()))
                .isEqualTo(new AlignReport(1, 0, 0));
        assertThat(Files.mismatch(array, directory.resolve("b.npy"))).isEqualTo(-1);
    }

    @Test
    void fieldsWithDictionariesAreNotThoseOfBlocks(BufferAllocator allocator) {
        try (FieldVector indices = Roots.indices(allocator, "c", 1, 0)) {
            Field plain = Field.nullable("c", new ArrowType.Int(32, true));
            assertThat(FieldRestorer.isCompatible(plain, indices.getField())).isFalse();
            assertThat(FieldRestorer.isCompatible(plain, plain)).isTrue();
        }
        Field floats = pair(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
        Field ints = pair(new ArrowType.Int(32, true));
        assertThat(FieldRestorer.isCompatible(floats, ints)).isFalse();
        assertThat(FieldRestorer.isCompatible(ints, ints)).isTrue();
    }

    private static Field pair(ArrowType item) {
        return new Field("p", FieldType.nullable(new ArrowType.FixedSizeList(2)), List.of(Field.nullable("i", item)));
    }
}
