package org.arrownpz.internal.python;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Python's {@code repr} of floats. */
class PyFloatTest {
    @ParameterizedTest
    @CsvSource({
        "0.0, 0.0",
        "-0.0, -0.0",
        "1.0, 1.0",
        "-1.5, -1.5",
        "0.1, 0.1",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "0.000012, 1.2e-05",
        "123456789.125, 123456789.125",
        "1e15, 1000000000000000.0",
        "9999999999999998.0, 9999999999999998.0",
        "1e16, 1e+16",
        "-1.25e100, -1.25e+100",
        "1e22, 1e+22",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "5e-324, 5e-324",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "2.225073858507201e-308, 2.225073858507201e-308",
        "NaN, nan",
        "Infinity, inf",
        "-Infinity, -inf",
    })
    void isPythons(double value, String repr) {
        assertThat(PyFloat.repr(value)).isEqualTo(repr);
    }

    @ParameterizedTest
    @CsvSource({"2.0, 2", "-0.0, -0", "2.5, 2.5", "1e16, 1e+16", "NaN, nan"})
    void dropsThePointOfWholeNumbersInComplexOnes(double value, String repr) {
        assertThat(PyFloat.reprInComplex(value, Double.BYTES)).isEqualTo(repr);
    }
}
