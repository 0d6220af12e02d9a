package org.arrownpz.vector.internal.buffers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Arrow Java's vectors do not keep of a field: element names, type codes, metadata of nulls. */
@ExtendWith(LeakCheck.class)
class ExactVectorsTest {
    private static final ArrowType INT = new ArrowType.Int(32, true);
    /** Out of order, none of them Arrow Java's number of the kind, and two children of one kind. */
    private static final int[] CODES = {9, 3};

    @TempDir
    Path directory;

    private static Field union(UnionMode mode) {
        return new Field(
                "u",
                new FieldType(false, new ArrowType.Union(mode, CODES), null, Map.of("k", "v")),
                List.of(Field.nullable("a", INT), Field.nullable("b", INT)));
    }

    private static List<Field> fields() {
        Field nothing =
                new Field("nothing", new FieldType(true, ArrowType.Null.INSTANCE, null, Map.of("a", "b")), List.of());
        Field item = new Field("element", new FieldType(false, INT, null, Map.of("i", "j")), List.of());
        List<Field> fields = new ArrayList<>(List.of(nothing, union(UnionMode.Sparse), union(UnionMode.Dense)));
        for (ArrowType type : List.of(
                new ArrowType.List(),
                new ArrowType.LargeList(),
                new ArrowType.ListView(),
                new ArrowType.LargeListView(),
                new ArrowType.FixedSizeList(2))) {
            for (Field child : List.of(item, nothing, union(UnionMode.Sparse), union(UnionMode.Dense))) {
                fields.add(new Field("list", FieldType.nullable(type), List.of(child)));
            }
        }
        Field entries = new Field(
                "key_value",
                FieldType.notNullable(new ArrowType.Struct()),
                List.of(new Field("k", FieldType.notNullable(INT), null), nothing));
        fields.add(new Field("map", FieldType.nullable(new ArrowType.Map(true)), List.of(entries)));
        fields.add(new Field("struct", FieldType.nullable(new ArrowType.Struct()), List.copyOf(fields.subList(0, 2))));
        return fields;
    }

    @Test
    void tellTheFieldThatTheyWereMadeOf(BufferAllocator allocator) {
        for (Field field : fields()) {
            Field exact = ExactFieldType.of(field);
            assertThat(exact).isEqualTo(field);
            try (FieldVector vector = exact.createVector(allocator)) {
                assertThat(vector.getField()).isEqualTo(field);
                try (FieldVector again = vector.getField().createVector(allocator)) {
                    assertThat(again.getField()).isEqualTo(field);
                }
            }
        }
    }

    /** Rows 1, 20, 3 with codes 9, 3, 9. */
    private static FieldVector filled(Field field, BufferAllocator allocator) {
        FieldVector union = field.createVector(allocator);
        boolean dense = ((ArrowType.Union) field.getType()).getMode() == UnionMode.Dense;
        try (ArrowBuf types = allocator.buffer(3);
                ArrowBuf offsets = allocator.buffer(12)) {
            types.setBytes(0, new byte[] {9, 3, 9});
            types.writerIndex(3);
            offsets.setInt(0, 0);
            offsets.setInt(4, 1);
            offsets.setInt(8, 2);
            offsets.writerIndex(12);
            union.loadFieldBuffers(new ArrowFieldNode(3, 0), dense ? List.of(types, offsets) : List.of(types));
        }
        int factor = 1;
        for (FieldVector child : union.getChildrenFromFields()) {
            IntVector numbers = (IntVector) child;
            numbers.allocateNew(3);
            for (int row = 0; row < 3; row++) {
                numbers.set(row, (row + 1) * factor);
            }
            numbers.setValueCount(3);
            factor *= 10;
        }
        return union;
    }

    private static List<Object> values(FieldVector vector) {
        List<Object> values = new ArrayList<>();
        for (int row = 0; row < vector.getValueCount(); row++) {
            values.add(vector.getObject(row));
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(UnionMode.class)
    void unionsKeepTheirCodesWhenTheyAreTransferred(UnionMode mode, BufferAllocator allocator) {
        try (FieldVector union = filled(ExactFieldType.of(union(mode)), allocator)) {
            assertThat(values(union)).containsExactly(1, 20, 3);
            TransferPair part = union.getTransferPair(allocator);
            part.splitAndTransfer(1, 2);
            try (FieldVector rows = (FieldVector) part.getTo()) {
                assertThat(rows.getField()).isEqualTo(union.getField());
                assertThat(values(rows)).containsExactly(20, 3);
            }
            TransferPair all = union.getTransferPair(union.getField(), allocator);
            all.transfer();
            try (FieldVector moved = (FieldVector) all.getTo()) {
                assertThat(union.getValueCount()).isZero();
                assertThat(values(moved)).containsExactly(1, 20, 3);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(UnionMode.class)
    void rootsOfArrowsOwnVectorsAreWrittenWithTheCodesOfTheirSchema(UnionMode mode, BufferAllocator allocator)
            throws Exception {
        Path file = directory.resolve("union.npz");
        Field field = union(mode);
        try (VectorSchemaRoot root =
                new VectorSchemaRoot(new Schema(List.of(field)), List.of(filled(field, allocator)), 3)) {
            assertThat(root.getVector(0).getField()).isNotEqualTo(field);
            Frames.write(root, file, WriteOptions.defaults());
        }
        assertThat(Files.size(file)).isPositive();
        try (Frame frame = Frames.open(allocator, file)) {
            FieldVector read = frame.root().getVector(0);
            assertThat(read.getField()).isEqualTo(field);
            assertThat(values(read)).containsExactly(1, 20, 3);
        }
    }
}
