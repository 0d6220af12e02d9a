package org.arrownpz.vector.internal.buffers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.ValueVectorUtility;
import org.apache.arrow.vector.validate.ValidateUtil.ValidateException;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class VectorValidationTest {
    @Test
    void findsDecreasingOffsetsInsideFixedSizeLists(BufferAllocator allocator) {
        try (FixedSizeListVector list = FixedSizeListVector.empty("x", 2, allocator)) {
            VarCharVector text = (VarCharVector) list.addOrGetVector(FieldType.nullable(MinorType.VARCHAR.getType()))
                    .getVector();
            text.setSafe(0, new byte[] {'a', 'b'});
            text.setSafe(1, new byte[] {'c'});
            list.setNotNull(0);
            list.setValueCount(1);
            assertThatCode(() -> VectorValidation.validateFull(list)).doesNotThrowAnyException();

            text.getOffsetBuffer().setInt(4, 9);
            assertThatThrownBy(() -> VectorValidation.validateFull(list)).isInstanceOf(ValidateException.class);
        }
    }

    private static FieldVector decimals(
            int precision, int scale, int width, BufferAllocator allocator, String... units) {
        FieldVector vector = RandomVectors.field("d", new ArrowType.Decimal(precision, scale, width))
                .createVector(allocator);
        vector.setInitialCapacity(units.length + 1);
        vector.allocateNew();
        for (int i = 0; i < units.length; i++) {
            BigInteger value = new BigInteger(units[i]);
            for (int word = 0; word < width / 64; word++) {
                vector.getDataBuffer()
                        .setLong(
                                (long) i * width / 8 + 8L * word,
                                value.shiftRight(64 * word).longValue());
            }
            BitVectorHelper.setBit(vector.getValidityBuffer(), i);
        }
        // What stands below a null does not count.
        vector.getDataBuffer().setOne((long) units.length * width / 8, width / 8 - 1);
        vector.setValueCount(units.length + 1);
        return vector;
    }

    private static String nines(int count) {
        return "9".repeat(count);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 128",
        "5, -2, 128",
        "18, 2, 128",
        "19, 3, 128",
        "20, 3, 128",
        "38, -100, 128",
        "3, 5, 128",
        "10, 2, 256",
        "39, 2, 256",
        "76, -3, 256",
        "76, 80, 256",
    })
    void takesDecimalsOfAnyScaleAndAllTheirDigits(int precision, int scale, int width, BufferAllocator allocator) {
        String most = nines(precision);
        try (FieldVector vector = decimals(precision, scale, width, allocator, "0", most, "-" + most, "-1")) {
            assertThatCode(() -> VectorValidation.validateFull(vector)).doesNotThrowAnyException();
        }
        for (String sign : List.of("", "-")) {
            try (FieldVector vector =
                    decimals(precision, scale, width, allocator, "0", sign + "1" + "0".repeat(precision))) {
                assertThatThrownBy(() -> VectorValidation.validateFull(vector))
                        .isInstanceOf(ValidateException.class)
                        .hasMessageContaining("position 1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsListsOfDecimalsWhoseOffsetsFall(boolean large, BufferAllocator allocator) {
        Field decimal = RandomVectors.field("d", new ArrowType.Decimal(5, -2, 128));
        ArrowType type = large ? new ArrowType.LargeList() : new ArrowType.List();
        try (FieldVector vector =
                new RandomVectors(allocator, 1, false).vector(RandomVectors.field("l", type, decimal), 9)) {
            FieldVector elements = vector.getChildrenFromFields().get(0);
            elements.getDataBuffer().setZero(0, 16L * elements.getValueCount());
            assertThatCode(() -> VectorValidation.validateFull(vector)).doesNotThrowAnyException();

            vector.getOffsetBuffer().setInt(large ? 8 : 4, 1000);
            assertThatThrownBy(() -> VectorValidation.validateFull(vector)).isInstanceOf(ValidateException.class);
        }
    }

    @Test
    void findsDecimalsWithoutTheirValues(BufferAllocator allocator) {
        Field field = RandomVectors.field("d", new ArrowType.Decimal(5, -2, 128));
        try (FieldVector vector = field.createVector(allocator)) {
            vector.loadFieldBuffers(new ArrowFieldNode(3, 0), List.of(allocator.getEmpty(), allocator.getEmpty()));
            assertThatThrownBy(() -> VectorValidation.validateFull(vector)).isInstanceOf(ValidateException.class);
        }
    }

    @Test
    void findsListsWhoseElementsAreMissing(BufferAllocator allocator) {
        try (FixedSizeListVector list = FixedSizeListVector.empty("x", 2, allocator)) {
            list.addOrGetVector(FieldType.nullable(MinorType.FLOAT2.getType()));
            list.setInitialCapacity(4);
            list.allocateNew();
            list.setValueCount(4);
            list.getDataVector().setValueCount(3);
            assertThatThrownBy(() -> VectorValidation.validateFull(list)).isInstanceOf(ValidateException.class);
        }
    }

    static Stream<Field> textsAndLists() {
        return Stream.of(
                RandomVectors.field("t", new ArrowType.Utf8()),
                RandomVectors.field("t", new ArrowType.LargeUtf8()),
                RandomVectors.field("b", new ArrowType.Binary()),
                RandomVectors.field("b", new ArrowType.LargeBinary()),
                RandomVectors.field(
                        "l", new ArrowType.List(), RandomVectors.field("item", new ArrowType.Int(32, true))),
                RandomVectors.field(
                        "l", new ArrowType.LargeList(), RandomVectors.field("item", new ArrowType.LargeUtf8())),
                RandomVectors.field(
                        "l",
                        new ArrowType.List(),
                        RandomVectors.field(
                                "item", new ArrowType.Struct(), RandomVectors.field("a", new ArrowType.Utf8()))));
    }

    /** Arrow's own validation as the oracle, on vectors with one damaged byte. It takes texts that end too early. */
    @ParameterizedTest
    @MethodSource("textsAndLists")
    void findsWhatArrowFinds(Field field, BufferAllocator allocator) {
        Random random = new Random(7);
        int refused = 0;
        for (int seed = 0; seed < 400; seed++) {
            try (FieldVector vector = new RandomVectors(allocator, seed, true).vector(field, 20)) {
                damage(vector, random);
                String found = fault(() -> VectorValidation.validateFull(vector));
                String known = fault(() -> ValueVectorUtility.validateFull(vector));
                if (known != null || found != null) {
                    assertThat(found).as("seed %d: %s", seed, known).isNotNull();
                    assertThat(known != null || found.contains("is not UTF-8"))
                            .as("seed %d: %s", seed, found)
                            .isTrue();
                    refused++;
                }
            }
        }
        assertThat(refused).isBetween(40, 360);
    }

    // Not the first offset, which Arrow does not look at.
    private static void damage(FieldVector vector, Random random) {
        int width = vector instanceof BaseLargeVariableWidthVector || vector instanceof LargeListVector ? 8 : 4;
        List<FieldVector> children = vector.getChildrenFromFields();
        if (!children.isEmpty() && random.nextBoolean()) {
            damage(children.get(0), random);
        } else if (vector instanceof BaseFixedWidthVector || vector instanceof StructVector) {
            return;
        } else if (children.isEmpty() && random.nextBoolean()) {
            damage(vector.getDataBuffer(), 0, vector.getDataBuffer().capacity(), random);
        } else if (vector.getValueCount() > 0) {
            damage(vector.getOffsetBuffer(), width, (long) vector.getValueCount() * width, random);
        }
    }

    private static void damage(ArrowBuf buffer, long from, long length, Random random) {
        if (length > 0) {
            long at = from + random.nextInt((int) Math.min(length, buffer.capacity() - from));
            buffer.setByte(at, buffer.getByte(at) ^ 1 << random.nextInt(8));
        }
    }

    private static @Nullable String fault(Runnable validation) {
        try {
            validation.run();
            return null;
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void findsBadTextWithinAndBehindViews(BufferAllocator allocator) {
        try (ViewVarCharVector views = new ViewVarCharVector("v", allocator)) {
            views.allocateNew();
            views.setSafe(0, "short é".getBytes(StandardCharsets.UTF_8));
            views.setNull(1);
            views.setSafe(2, "longer than twelve bytes é".getBytes(StandardCharsets.UTF_8));
            views.setValueCount(3);
            VectorValidation.validateFull(views);
            views.getDataBuffers().get(0).setByte(13, 0xff);
            assertThatThrownBy(() -> VectorValidation.validateFull(views))
                    .hasMessageContaining("position 2 is not UTF-8");
            views.getDataBuffer().setByte(4, 0xff);
            assertThatThrownBy(() -> VectorValidation.validateFull(views))
                    .hasMessageContaining("position 0 is not UTF-8");
        }
    }
}
