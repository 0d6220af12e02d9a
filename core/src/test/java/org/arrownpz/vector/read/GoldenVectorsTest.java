package org.arrownpz.vector.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.NatPolicy;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every array that NumPy wrote, in both mappings, value by value against NumPy's own account of it. */
@ExtendWith(LeakCheck.class)
class GoldenVectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);

    static List<String> files() throws IOException {
        Path root = path("golden/numpy");
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.endsWith(".npy") && !name.startsWith("handmade/"))
                    .filter(name -> !sidecar(name).path("npy_version").isMissingNode())
                    .filter(name -> !sidecar(name).path("values_c_order").isMissingNode())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void readsEveryValueAsArrowTypes(String file, BufferAllocator allocator) throws IOException {
        assertRead(allocator, file, ReadOptions.defaults());
    }

    @ParameterizedTest
    @MethodSource("files")
    void readsEveryValueInStorageForm(String file, BufferAllocator allocator) throws IOException {
        assertRead(allocator, file, ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE));
    }

    @ParameterizedTest
    @MethodSource("files")
    void readsEveryValueFromACopyWithValidityOfItsOwn(String file, BufferAllocator allocator) throws IOException {
        assertRead(
                allocator, file, ReadOptions.inMemory().withIsolatedValidity().withNatPolicy(NatPolicy.SENTINEL));
    }

    private static void assertRead(BufferAllocator allocator, String file, ReadOptions options) throws IOException {
        JsonNode values = sidecar(file).path("values_c_order");
        try (ByteSource source = ByteSources.open(allocator, path("golden/numpy/" + file), options.mapping());
                AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            NumpyArray array = new NpyHeaderReader(ReadLimits.defaults().withRecordFields(5000))
                    .open(source, Location.ofFile(file), false);
            byte[] data = Arrays.copyOfRange(
                    Files.readAllBytes(path("golden/numpy/" + file)),
                    array.header().dataOffset(),
                    array.header().dataOffset() + (int) array.header().dataLength());
            ExpectedValues expected = new ExpectedValues(values, data, array.header());
            CopyReport.Builder report = CopyReport.builder();
            VectorReader reader = new VectorReader(allocator, options, ones, report);

            try (FieldVector vector = reader.read(array, "x")) {
                VectorValidation.validateFull(vector);
                expected.assertRows(vector);
                assertThat(vector.getField().isNullable()).isTrue();
                assertThat(vector.getField().getMetadata())
                        .containsEntry("numpy.dtype", array.header().dtype().toString());
            }
            try (FieldVector tensor = reader.tensor(array, "t")) {
                VectorValidation.validateFull(tensor);
                expected.assertTensor(tensor);
            }
            if (array.header().shape().dimensions() == 2) {
                assertColumns(reader, array, expected);
            }
            assertReported(array.header(), options, report.build());
        }
    }

    private static void assertColumns(VectorReader reader, NumpyArray array, ExpectedValues expected)
            throws NpzException {
        List<FieldVector> columns = reader.readColumns(array, i -> "c" + i, null);
        try {
            assertThat(columns).hasSize((int) array.header().shape().length(1));
            for (int c = 0; c < columns.size(); c++) {
                VectorValidation.validateFull(columns.get(c));
                assertThat(columns.get(c).getName()).isEqualTo("c" + c);
                expected.assertColumn(columns.get(c), c);
            }
        } finally {
            columns.forEach(FieldVector::close);
        }
    }

    private static void assertReported(NpyHeader header, ReadOptions options, CopyReport report) {
        CopyReport.Column first = report.columns().get(0);
        assertThat(first.dtype()).isEqualTo(header.dtype().toString());
        boolean viewable = options.typeMapping() == TypeMapping.STORAGE
                && options.mapping() == Mapping.READ_ONLY
                && (header.order() == StorageOrder.C || header.shape().dimensions() < 2)
                && header.dtype().itemSize() > 0;
        if (viewable) {
            assertThat(first.isViewed()).isTrue();
            assertThat(first.viewedBytes()).isEqualTo(header.dataLength());
        }
        assertThat(first.isViewed() || first.reason() != null).isTrue();
    }

    private static JsonNode sidecar(String file) {
        try {
            return JSON.readTree(Files.readAllBytes(path("golden/numpy/" + file + ".json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path path(String resource) {
        try {
            return Path.of(Objects.requireNonNull(GoldenVectorsTest.class.getResource("/" + resource), resource)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
