package org.arrownpz.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.testing.Views;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ValueBytesTest {
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    private static ValueBytes of(FieldVector vector) {
        ValueBytes bytes = ValueBytes.of(vector);
        assertThat(bytes).isNotNull();
        return bytes;
    }

    private static byte[] read(ValueBytes bytes, int row) {
        byte[] value = new byte[Math.toIntExact(bytes.at(row).length())];
        bytes.buffer().getBytes(bytes.start(), value);
        return value;
    }

    private FieldVector vector(MinorType type, List<byte[]> values) {
        if (type == MinorType.VIEWVARBINARY) {
            return Views.of(allocator, values);
        }
        FieldVector vector = Field.nullable("v", type.getType()).createVector(allocator);
        for (int i = 0; i < values.size(); i++) {
            if (vector instanceof VarBinaryVector bytes) {
                bytes.setSafe(i, values.get(i));
            } else {
                ((LargeVarBinaryVector) vector).setSafe(i, values.get(i));
            }
        }
        vector.setValueCount(values.size());
        return vector;
    }

    @ParameterizedTest
    @EnumSource(
            value = MinorType.class,
            names = {"VARBINARY", "LARGEVARBINARY", "VIEWVARBINARY"})
    @DisplayName("A1: values of every length are read from where they lie")
    void readsValuesOfEveryLength(MinorType type) {
        List<byte[]> values = Views.values();
        try (FieldVector vector = vector(type, values);
                FieldVector other = vector(type, values)) {
            ValueBytes bytes = of(vector);
            ValueBytes others = of(other);
            for (int i = 0; i < values.size(); i++) {
                assertThat(read(bytes, i)).isEqualTo(values.get(i));
                for (int j = 0; j < values.size(); j++) {
                    others.at(j);
                    assertThat(bytes.sameAs(others)).as("%d and %d", i, j).isEqualTo(i == j);
                    assertThat(bytes.hash() == others.hash()).isEqualTo(i == j);
                }
            }
        }
    }

    @Test
    @DisplayName("A1: views lie in several buffers, at any place")
    void viewsLieInSeveralBuffers() {
        try (FieldVector vector = Views.of(allocator, Views.values())) {
            assertThat(((BaseVariableWidthViewVector) vector).getDataBuffers()).hasSizeGreaterThan(1);
        }
    }

    @Test
    void readsValuesOfOneWidth() {
        try (FixedSizeBinaryVector vector = new FixedSizeBinaryVector("v", allocator, 3)) {
            vector.allocateNew(2);
            vector.set(0, new byte[] {1, 2, 3});
            vector.set(1, new byte[] {4, 5, 6});
            vector.setValueCount(2);
            assertThat(read(of(vector), 1)).containsExactly(4, 5, 6);
        }
    }

    @Test
    void knowsNoBytesOfBitsAndNestedValues() {
        List<FieldVector> vectors = List.of(new BitVector("v", allocator), new NullVector("v"), (StructVector)
                Field.nullable("v", new ArrowType.Struct()).createVector(allocator));
        assertThat(vectors).allSatisfy(vector -> {
            assertThat(ValueBytes.of(vector)).isNull();
            vector.close();
        });
    }

    @Test
    void takesTheUsualViewsToo() {
        try (ViewVarBinaryVector vector = new ViewVarBinaryVector("v", allocator)) {
            vector.setSafe(0, new byte[12]);
            vector.setSafe(1, new byte[13]);
            vector.setValueCount(2);
            assertThat(read(of(vector), 0)).hasSize(12);
            assertThat(read(of(vector), 1)).hasSize(13);
        }
    }
}
