package org.arrownpz.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.Text;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class ValueEqualityTest {
    private static final int WIDTH = 16;

    /** Memory that is asked for and not touched is not there. */
    @Test
    void tellsRowsBeyondFourGigabytesApart(BufferAllocator allocator) {
        int rows = (1 << 28) + 2;
        try (FixedSizeBinaryVector values = new FixedSizeBinaryVector("v", allocator, WIDTH);
                ArrowBuf none = allocator.getEmpty();
                ArrowBuf data = allocator.buffer((long) rows * WIDTH)) {
            for (long row : new long[] {0, 1, rows - 2, rows - 1}) {
                data.setZero(row * WIDTH, WIDTH);
            }
            data.setByte((rows - 1L) * WIDTH, 1);
            data.writerIndex((long) rows * WIDTH);
            values.loadFieldBuffers(new ArrowFieldNode(rows, 0), List.of(none, data));
            ValueBytes.Equality equality = new ValueBytes.Equality(values, values);
            assertThat(equality.rangeEquals(new Range(rows - 2, rows - 1, 1))).isFalse();
            assertThat(equality.rangeEquals(new Range(rows - 2, 1, 1))).isTrue();
            assertThat(equality.rangeEquals(new Range(rows - 2, rows - 2, 2))).isTrue();
        }
    }

    @Test
    void comparesViewsAndNullsWithinStructs(BufferAllocator allocator) {
        try (StructVector struct = StructVector.empty("s", allocator)) {
            ViewVarCharVector texts = struct.addOrGet(
                    "t", FieldType.nullable(Types.MinorType.VIEWVARCHAR.getType()), ViewVarCharVector.class);
            String[] values = {"hello world!", "hello world?", "hello world!", "a text of more", "a text of most", null
            };
            struct.allocateNew();
            for (int i = 0; i < values.length; i++) {
                struct.setIndexDefined(i);
                if (values[i] != null) {
                    texts.setSafe(i, new Text(values[i]));
                }
            }
            struct.setValueCount(values.length);
            ValueBytes.Equality equality = new ValueBytes.Equality(struct, struct);
            for (int i = 0; i < values.length; i++) {
                for (int j = 0; j < values.length; j++) {
                    assertThat(equality.rangeEquals(new Range(i, j, 1)))
                            .isEqualTo(Objects.equals(values[i], values[j]));
                }
            }
        }
    }
}
