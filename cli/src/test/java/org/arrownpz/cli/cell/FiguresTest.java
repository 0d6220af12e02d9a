package org.arrownpz.cli.cell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "361.02, 361",
        "54512345, 54.5 M",
        "9.57E-4, 0.000957",
        "-1234, -1.23 k",
        "999999, 1 M",
        "999.6, 1 k",
        "1.5E-9, 1.5e-9",
        "1E18, 1 E",
        "1E300, 1e300",
        "NaN, NaN",
        "-Infinity, -∞"
    })
    void hasThreeDigitsAndAUnit(double value, String text) {
        assertThat(Figures.brief(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1998, 1998",
        "2001.5, 2001.5",
        "-1234.56, -1234.6",
        "9999.99, 10000",
        "999, 999",
        "12345, 12.3 k",
        "54512345, 54.5 M",
        "NaN, NaN"
    })
    @DisplayName("C10: years are years")
    void showsThousandsAsTheyAre(double value, String text) {
        assertThat(Figures.value(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "-0.0, -0.0",
        "185.64, 185.64",
        "9.57E-4, 0.000957",
        "0.30000000000000004, 0.3",
        "191.35610169491525, 191.356",
        "5.4512345678E7, 54512346",
        "1.0E300, 1e300",
        "1.2345678E-9, 1.23457e-9",
        "NaN, NaN",
        "Infinity, ∞"
    })
    void showsRealNumbersWithSixDigits(double value, String text) {
        assertThat(Figures.real(value, Double.toString(value))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|0", "999|999", "1000|1,000", "-1000|-1,000", "-100|-100", "1000000|1,000,000"})
    void putsCommasBetweenThousands(long value, String text) {
        assertThat(Figures.count(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "960, 960 B", "8223, 8.22 kB", "54512345, 54.5 MB"})
    void tellsSizesOfFiles(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }
}
