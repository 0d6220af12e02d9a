package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.internal.read.FieldRestorer;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The types of columns through files, and blocks of other types than the schema has. */
@ExtendWith(LeakCheck.class)
class FieldsOfFramesTest {
    @TempDir
    Path directory;

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
                .array("__blocks_0__.npy", dtype, 1)
                .array("__blocks_1__.npy", dtype, 1, 2)
                .meta(2)
                .archive(directory.resolve("source.npz"));
        Path copy = directory.resolve("copy.npz");
        List<Field> fields;
        ReadOptions storage = ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE);
        try (Frame frame = Frames.open(allocator, file, storage);
                ListVector lists = Roots.lists(allocator, "l", 1)) {
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
