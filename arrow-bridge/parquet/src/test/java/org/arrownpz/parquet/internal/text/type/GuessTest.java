package org.arrownpz.parquet.internal.text.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Random;
import org.apache.arrow.vector.types.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The types of texts, and of columns of them. */
class GuessTest {
    private final Texts texts = new Texts();

    private Kind kind(String text) {
        char[] padded = ("1" + text + "1").toCharArray();
        return texts.kind(padded, 1, padded.length - 1);
    }

    @ParameterizedTest
    @CsvSource({
        "0, INTEGER",
        "-9223372036854775808, INTEGER",
        "-9223372036854775809, HUGE",
        "9223372036854775807, INTEGER",
        "9223372036854775808, UNSIGNED",
        "18446744073709551615, UNSIGNED",
        "18446744073709551616, HUGE",
        "-0, REAL",
        "-0.0, REAL",
        "1., REAL",
        ".5, REAL",
        "1e300, REAL",
        "1.5E-7, REAL",
        "nan, SPECIAL",
        "-inf, SPECIAL",
        "Infinity, SPECIAL",
        "true, BOOL",
        "FALSE, BOOL",
        "NA, ABSENT",
        "#N/A, ABSENT",
        "<NA>, ABSENT",
        "2020-02-29, DATE",
        "-0001-01-01, DATE",
        "+10000-01-01, DATE",
        "09:30, TIME",
        "23:59:59.123456789, TIME",
        "2020-01-31T09:30, TIMESTAMP",
        "2020-01-31 09:30:00, TIMESTAMP",
        "2020-01-31T09:30:00Z, TIMESTAMP",
        "2020-01-31T09:30:00.5+02:00, TIMESTAMP",
        "2020-01-31T09:30:00-0530, TIMESTAMP"
    })
    void tellsWhatATextLooksLike(String text, Kind kind) {
        assertThat(kind(text)).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                "e5",
                "1e",
                "1e+",
                "+1",
                "007",
                "-01",
                "00.5",
                "1d",
                "0x1p3",
                "1_000",
                "1 ",
                " 1",
                "truth",
                "tRUE",
                "None",
                "2020-02-30",
                "2021-02-29",
                "2020-13-01",
                "2020-1-01",
                "10000-01-01",
                "+2020-01-01",
                "+02020-01-01",
                "-0000-01-01",
                "2020-01-31T",
                "2020-01-31T24:00",
                "2020-01-31T09",
                "2020-01-31T09:30:60",
                "2020-01-31T09:30:00.",
                "2020-01-31T09:30:00.1234567890",
                "2020-01-31T09:30:00+",
                "2020-01-31T09:30:00+24:00",
                "2020-01-31T09:30:00ZZ",
                "2020-01-31x09:30:00",
                "9:30",
                "09:60",
                "09:30:00Z",
                "+999999999999-01-01T00:00:00",
                "\u0661\u0662"
            })
    void everythingElseIsText(String text) {
        assertThat(kind(text)).isEqualTo(Kind.TEXT);
    }

    private String type(String... values) {
        Guess guess = new Guess();
        for (String value : values) {
            char[] text = value.toCharArray();
            guess.add(texts.kind(text, 0, text.length), text, 0, text.length, texts);
        }
        return guess.type().toString();
    }

    @Test
    void columnsHaveTheNarrowestTypeOfAllTheirValues() {
        assertThat(type()).isEqualTo("Null");
        assertThat(type("NA")).isEqualTo("Null");
        assertThat(type("1", "NA", "-1")).isEqualTo("Int(64, true)");
        assertThat(type("1", "9223372036854775808")).isEqualTo("Int(64, false)");
        assertThat(type("-1", "9223372036854775808")).isEqualTo("Utf8");
        assertThat(type("18446744073709551616")).isEqualTo("Utf8");
        assertThat(type("18446744073709551616", "0.5")).isEqualTo("FloatingPoint(DOUBLE)");
        assertThat(type("1", "NaN")).isEqualTo("FloatingPoint(DOUBLE)");
        assertThat(type("1", "true")).isEqualTo("Utf8");
        assertThat(type("true", "False")).isEqualTo("Bool");
        assertThat(type("2020-01-01", "x")).isEqualTo("Utf8");
        assertThat(type("09:30", "09:30:00.5")).isEqualTo("Time(MILLISECOND, 32)");
        assertThat(type("09:30:00.0005")).isEqualTo("Time(MICROSECOND, 64)");
        assertThat(type("09:30", "2020-01-01")).isEqualTo("Utf8");
    }

    @Test
    void timestampsHaveTheUnitOfTheirDecimalPlaces() {
        String second = "2020-01-01T00:00:00";
        assertThat(type(second, "2020-01-01")).isEqualTo("Timestamp(SECOND, null)");
        assertThat(type(second, second + ".5")).isEqualTo("Timestamp(MILLISECOND, null)");
        assertThat(type(second + "Z", second + ".0005+01:00")).isEqualTo("Timestamp(MICROSECOND, UTC)");
        assertThat(type(second + "Z", second)).isEqualTo("Utf8");
        assertThat(type(second + "Z", "2020-01-01")).isEqualTo("Utf8");
    }

    @Test
    void timesBeyondAUnitAreText() {
        assertThat(type("2262-04-11T23:47:16.854775807", "1677-09-21T00:12:43.145224192"))
                .isEqualTo("Timestamp(NANOSECOND, null)");
        assertThat(type("2262-04-11T23:47:16.854775808")).isEqualTo("Utf8");
        assertThat(type("1677-09-21T00:12:43.145224191")).isEqualTo("Utf8");
        assertThat(type("2020-01-01T00:00:00.000000001", "2300-01-01")).isEqualTo("Utf8");
        assertThat(type("+5881580-07-11")).isEqualTo("Date(DAY)");
        assertThat(type("+5881580-07-12")).isEqualTo("Utf8");
    }

    @Test
    void timesAreThoseOfJavaTime() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            OffsetDateTime time = OffsetDateTime.ofInstant(
                    java.time.Instant.ofEpochSecond(
                            random.nextLong(-60_000_000_000L, 250_000_000_000L), random.nextInt(1_000_000_000)),
                    java.time.ZoneOffset.ofTotalSeconds(60 * random.nextInt(-900, 900)));
            if (time.getYear() < 0 || time.getYear() > 9999) {
                continue;
            }
            char[] text = time.toString().toCharArray();
            assertThat(texts.kind(text, 0, text.length)).as(time.toString()).isEqualTo(Kind.TIMESTAMP);
            Instants instants = texts.instants();
            assertThat(Instants.count(instants.seconds(), instants.nanos(), TimeUnit.MICROSECOND))
                    .as(time.toString())
                    .isEqualTo(Math.addExact(
                            Math.multiplyExact(time.toEpochSecond(), 1_000_000L), (long) time.getNano() / 1000));
            LocalDate date = time.toLocalDate();
            char[] day = date.toString().toCharArray();
            assertThat(texts.kind(day, 0, day.length)).isEqualTo(Kind.DATE);
            assertThat(instants.seconds()).isEqualTo(date.toEpochDay());
        }
    }
}
