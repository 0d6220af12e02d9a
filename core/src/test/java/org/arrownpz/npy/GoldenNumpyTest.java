package org.arrownpz.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.ScalarDType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers of files that NumPy wrote, and of hand-made variants with NumPy's own verdict. */
class GoldenNumpyTest {
    private static final ReadLimits WIDE =
            ReadLimits.defaults().withHeaderCharacters(200_000).withRecordFields(5000);

    static List<String> written() {
        return Stream.of("npy", "structured", "versions")
                .flatMap(folder -> TestData.npyFiles("golden/numpy/" + folder).stream())
                .filter(file ->
                        !TestData.json(file + ".json").path("npy_version").isMissingNode())
                .toList();
    }

    static List<String> handmade() {
        return TestData.npyFiles("golden/numpy/handmade");
    }

    @ParameterizedTest
    @MethodSource("written")
    void readsWhatTheSidecarSays(String file) throws NpzException {
        JsonNode sidecar = TestData.json(file + ".json");

        NpyHeader header = read(file);

        assertThat(header.major()).isEqualTo(sidecar.path("npy_version").path(0).intValue());
        assertThat(header.dataOffset()).isEqualTo(sidecar.path("data_offset").intValue());
        assertThat(header.dtype().itemSize()).isEqualTo(sidecar.path("itemsize").longValue());
        assertThat(header.order() == StorageOrder.FORTRAN)
                .isEqualTo(sidecar.path("fortran_order").booleanValue());
        long[] shape = new long[sidecar.path("shape").size()];
        Arrays.setAll(shape, i -> sidecar.path("shape").path(i).longValue());
        assertThat(header.shape()).isEqualTo(Shape.of(shape));
        assertThat(header.dataLength()).isEqualTo(sidecar.path("file_bytes").longValue() - header.dataOffset());
        if (header.dtype() instanceof ScalarDType scalar) {
            assertThat(scalar.str()).isEqualTo(sidecar.path("dtype").textValue());
        }
    }

    @ParameterizedTest
    @MethodSource("written")
    void writesTheBytesThatNumpyWrote(String file) throws NpzException {
        NpyHeader header = read(file);

        byte[] written = NpyHeaderWriter.numpy(header.dtype(), header.shape(), header.order());

        byte[] expected = Arrays.copyOf(TestData.bytes(file), header.dataOffset());
        if (file.endsWith("versions/v3_0.npy")) {
            // NumPy was told to use 3.0 where 1.0 does.
            assertThat(written[6]).isEqualTo((byte) 1);
            return;
        }
        assertThat(written).isEqualTo(expected);
        assertThat(NpyHeaderWriter.numpyOrder(header.shape(), header.order())).isEqualTo(header.order());
    }

    @ParameterizedTest
    @MethodSource("handmade")
    void agreesWithNumpyOnHandmadeVariants(String file) throws NpzException {
        if (file.contains("/bad_")) {
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining(file);
            return;
        }
        NpyHeader header = read(file);

        JsonNode verdict = TestData.json(file + ".json").path("numpy_load");
        assertThat(verdict.path("accepts").booleanValue()).isTrue();
        assertThat(header.dtype().descr().replace("'", "").replace("\"", ""))
                .isEqualTo(verdict.path("dtype").textValue().replace("'", ""));
        assertThat(header.dataLength())
                .isEqualTo(verdict.path("data_hex").textValue().length() / 2);
    }

    @Test
    void refusesLongHeadersUnlessTheLimitIsRaised() {
        byte[] bytes = TestData.bytes("golden/numpy/versions/header_gt_65535_v2.npy");

        assertThatThrownBy(() -> new NpyHeaderReader(ReadLimits.defaults())
                        .read(new HeapSource(bytes), Location.ofFile("wide.npy"), true))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("wide.npy at byte 8: LIMIT")
                .hasMessageContaining("withHeaderCharacters");
    }

    private static NpyHeader read(String file) throws NpzException {
        boolean exact = !file.contains("trailing");
        return new NpyHeaderReader(WIDE).read(new HeapSource(TestData.bytes(file)), Location.ofFile(file), exact);
    }
}
