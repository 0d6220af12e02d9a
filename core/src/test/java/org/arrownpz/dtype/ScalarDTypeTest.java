package org.arrownpz.dtype;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.junit.jupiter.api.Test;

class ScalarDTypeTest {
    @Test
    void equalsWhatHasTheSameComponentsOnly() throws NpzException {
        List<String> spellings = List.of(
                "'|b1'",
                "'|i1'",
                "'|u1'",
                "'<i8'",
                "'>i8'",
                "'<u8'",
                "'<i4'",
                "'<f8'",
                "'<c16'",
                "'|S8'",
                "'|V8'",
                "'<U2'",
                "'<M8'",
                "'<M8[s]'",
                "'<M8[25s]'",
                "'<M8[ns]'",
                "'>M8[ns]'",
                "'<m8[ns]'");
        for (String one : spellings) {
            for (String other : spellings) {
                DType left = parse(one);
                DType right = parse(other);
                assertThat(left.equals(right)).as(one + " and " + other).isEqualTo(one.equals(other));
                if (one.equals(other)) {
                    assertThat(left).isNotSameAs(right).hasSameHashCodeAs(right);
                }
            }
        }
    }

    private static DType parse(String spelling) throws NpzException {
        return DescrParser.parse(spelling, ReadLimits.defaults(), new Location("a.npz", "b.npy"));
    }
}
