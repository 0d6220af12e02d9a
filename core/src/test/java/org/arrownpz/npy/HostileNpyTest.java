package org.arrownpz.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.ScalarDType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every lone NPY file of the hostile corpus, as far as its header decides. */
class HostileNpyTest {
    /** What the corpus would have refused, or read as NumPy does, as these are. */
    private static final Set<String> AS_NUMPY = Set.of(
            "npy/descr_should_f16_longdouble.npy",
            "npy/descr_should_M8_divisor.npy",
            "npy/descr_should_V0.npy",
            "npy/pyism_alias_a5.npy",
            "npy/pyism_leading_zero_size.npy");
    /** Data for 4 bytes an element under a type of 8 bytes on most platforms; for NumPy, too, that is cut short. */
    private static final String LONG = "npy/pyism_alias_l.npy";

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
                || AS_NUMPY.contains(row.get("file"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Map<String, String> row) {
        Throwable thrown = catchThrowable(() -> read(row.get("file")));

        assertThat(thrown).isInstanceOf(NpzException.class).hasMessageContaining(row.get("file"));
        NpzException fault = (NpzException) thrown;
        String expected = row.get("file").equals(LONG) ? "DATA_TRUNCATED" : row.get("error_class");
        assertThat(fault.code().name()).isIn(Arrays.asList(expected.split("\\|")));
        if (!row.get("offset").isEmpty()) {
            assertThat(fault.offset()).isEqualTo(Long.parseLong(row.get("offset")));
        }
    }

    @ParameterizedTest
    @MethodSource
    void accepted(Map<String, String> row) throws NpzException {
        NpyHeader header = read(row.get("file"));

        if (AS_NUMPY.contains(row.get("file"))) {
            assertThat(header.dtype() + "" + header.shape()).isEqualTo(row.get("numpy_2_4_6"));
        }
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

        assertThat(thrown).isInstanceOf(NpzException.class).hasMessageContaining("DATA_TRAILING");
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
