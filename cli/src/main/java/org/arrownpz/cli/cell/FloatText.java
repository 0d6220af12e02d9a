package org.arrownpz.cli.cell;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.MathContext;
import org.apache.arrow.memory.util.Float16;

/** The shortest decimal texts that read back as the same number (the JDK's own are not the shortest before JDK 19). */
public final class FloatText {
    private static final int HALF_DIGITS = 5;

    private FloatText() {}

    /** For a double; not-a-number and infinities as NaN, Infinity and -Infinity. */
    public static String of(double value) {
        return Double.isFinite(value) ? NumberOutput.toString(value, true) : special(value);
    }

    static String of(float value) {
        return Float.isFinite(value) ? NumberOutput.toString(value, true) : special(value);
    }

    /** For a half-precision number, given by its bits. */
    static String ofHalf(short bits) {
        float value = Float16.toFloat(bits);
        if (!Float.isFinite(value) || value == 0) {
            return of(value);
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < HALF_DIGITS; digits++) {
            float rounded = exact.round(new MathContext(digits)).floatValue();
            if (Float16.toFloat16(rounded) == bits) {
                return of(rounded);
            }
        }
        return of(value);
    }

    private static String special(double value) {
        return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }
}
