package org.arrownpz.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.arrownpz.Location;
import org.arrownpz.NpyFormatException;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.ScalarDType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every lone NPY file of the hostile corpus, as far as its header decides. */
class HostileNpyTest {
    /** Long double is read as opaque bytes, which the corpus tolerates. */
    private static final String LONG_DOUBLE = "npy/descr_should_f16_longdouble.npy";

    private static final JsonNode EXPECTED = TestData.json("hostile/expected.json");

    static List<Map<String, String>> refused() {
        return rows(false);
    }

    static List<Map<String, String>> accepted() {
        return rows(true);
    }

    private static List<Map<String, String>> rows(boolean accepted) {
        return TestData.csv("hostile/manifest.csv").stream()
                .filter(row -> row.get("type").equals("npy"))
                .filter(row -> accepted == headerIsFine(row))
                .toList();
    }

    // Faulty values are found when values are read, not in the header.
    private static boolean headerIsFine(Map<String, String> row) {
        return row.get("expectation").equals("accept")
                || row.get("kind").equals("npy-values")
                || row.get("file").equals(LONG_DOUBLE);
    }

    @ParameterizedTest
    @MethodSource
    void refused(Map<String, String> row) {
        Throwable thrown = catchThrowable(() -> read(row.get("file")));

        assertThat(thrown).isInstanceOf(NpzException.class).hasMessageContaining(row.get("file"));
        NpzException fault = (NpzException) thrown;
        assertThat(fault.code().name())
                .isIn(Arrays.asList(row.get("error_class").split("\\|")));
        if (!row.get("offset").isEmpty()) {
            assertThat(fault.offset()).isEqualTo(Long.parseLong(row.get("offset")));
        }
    }

    @ParameterizedTest
    @MethodSource
    void accepted(Map<String, String> row) throws NpzException {
        NpyHeader header = read(row.get("file"));

        JsonNode expected = EXPECTED.path(row.get("file"));
        if (expected.isMissingNode()) {
            return;
        }
        assertThat(header.shape().dimensions()).isEqualTo(expected.path("shape").size());
        for (int i = 0; i < header.shape().dimensions(); i++) {
            assertThat(header.shape().length(i))
                    .isEqualTo(expected.path("shape").path(i).longValue());
        }
        if (header.dtype() instanceof ScalarDType scalar) {
            assertThat(scalar.str()).isEqualTo(expected.path("descr").textValue());
        }
    }

    @ParameterizedTest
    @MethodSource("trailing")
    void refusesTrailingBytesWhereTheSizeIsExact(Map<String, String> row) {
        Throwable thrown = catchThrowable(() -> new NpyHeaderReader(ReadLimits.defaults())
                .read(source(row.get("file")), Location.ofFile(row.get("file")), true));

        assertThat(thrown).isInstanceOf(NpyFormatException.class).hasMessageContaining("DATA_TRAILING");
    }

    static List<Map<String, String>> trailing() {
        return accepted().stream()
                .filter(row -> row.get("kind").equals("npy-data-trailing"))
                .toList();
    }

    private static NpyHeader read(String file) throws NpzException {
        return new NpyHeaderReader(ReadLimits.defaults()).read(source(file), Location.ofFile(file), false);
    }

    private static HeapSource source(String file) {
        return new HeapSource(TestData.bytes("hostile/" + file));
    }
}
