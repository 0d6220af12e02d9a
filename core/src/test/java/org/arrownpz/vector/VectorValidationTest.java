package org.arrownpz.vector;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.validate.ValidateUtil.ValidateException;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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
}
