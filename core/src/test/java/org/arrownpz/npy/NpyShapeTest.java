package org.arrownpz.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes, the order of their elements, and the room that headers leave for them. */
@ExtendWith(LeakCheck.class)
class NpyShapeTest {
    private static final ScalarDType I4 = ScalarDType.of(DTypeKind.INT, 4);

    @ParameterizedTest
    @CsvSource({
        "'', C, true",
        "3, C, true",
        "3 4, C, false",
        "3 4, FORTRAN, true",
        "1 4, C, true",
        "0 4, C, true",
        "2 4, C, false",
        "4 1, C, true",
        "4 0, C, true",
        "4 2, C, false",
        "2 3 4, C, true",
    })
    void knowsWhetherColumnsAreContiguous(String lengths, StorageOrder order, boolean contiguous) {
        Shape shape = shape(lengths);
        NpyHeader header = new NpyHeader(1, I4, shape, order, 64, 4 * shape.elements());
        assertThat(header.columnsContiguous()).isEqualTo(contiguous);
    }

    @Test
    void shapesAreValues() {
        Shape shape = Shape.of(3, 4);
        long[] lengths = shape.lengths();
        lengths[0] = 9;
        assertThat(shape.lengths()).containsExactly(3, 4);
        assertThat(shape).isEqualTo(Shape.of(3, 4)).hasSameHashCodeAs(Shape.of(3, 4));
        assertThat(shape).isNotEqualTo(Shape.of(4, 3)).isNotEqualTo(Shape.of(3)).isNotEqualTo("(3, 4)");
        assertThat(shape.hashCode()).isNotEqualTo(Shape.of(4, 3).hashCode());
        assertThat(Shape.of()).hasToString("()").isEqualTo(Shape.of());
        assertThat(Shape.of().elements()).isEqualTo(1);
        assertThat(Shape.of(3)).hasToString("(3,)");
        assertThat(Shape.of(0, 1L << 62).elements()).isZero();
        assertThatThrownBy(() -> Shape.of(3, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Shape.of(0, 1L << 62, 2)).isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @CsvSource({"'', C", "3, C", "1234567, C", "3 4, C", "3 12345, FORTRAN", "0 4, C"})
    void leavesRoomForTheGrowingDimensionAsNumpyDoes(String lengths, StorageOrder order) {
        Shape shape = shape(lengths);
        String text = new String(NpyHeaderWriter.numpy(I4, shape, order), StandardCharsets.ISO_8859_1);
        String dictionary = text.substring(10, text.indexOf('}') + 1);
        long growing =
                shape.dimensions() == 0 ? 0 : shape.length(order == StorageOrder.FORTRAN ? shape.dimensions() - 1 : 0);
        int room = shape.dimensions() == 0 ? 0 : 21 - Long.toString(growing).length();
        int used = 10 + dictionary.length() + room + 1;

        assertThat(text.length()).isEqualTo(used + 64 - used % 64);
        assertThat(text.substring(text.indexOf('}') + 1).stripTrailing()).isEmpty();
        assertThat(text).endsWith("\n");
    }

    @Test
    void textThatJustFitsIsVersion1() throws NpzException {
        // A block ends at byte 65,536; the header of version 1.0 may take 65,535 behind its ten bytes.
        for (int missing = 0; missing < 130; missing++) {
            String name = "n".repeat(65_450 - missing);
            byte[] header = NpyHeaderWriter.numpy(
                    new StructDType(List.of(new StructDType.Field(name, null, I4, 0)), 4), Shape.of(), StorageOrder.C);
            assertThat(header.length % 64).isZero();
            assertThat((int) header[6]).isEqualTo(header.length <= 65_536 ? 1 : 2);
        }
    }

    private static Shape shape(String lengths) {
        return Shape.of(
                lengths.isEmpty()
                        ? new long[0]
                        : Arrays.stream(lengths.split(" "))
                                .mapToLong(Long::parseLong)
                                .toArray());
    }
}
