package org.arrownpz.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.onnxruntime.engine.OrtNDArray;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.npy.NumpyArray;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.jetbrains.kotlinx.dataframe.DataFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** Each recipe gives what NumPy says ({@code handover/make.py}), and takes no memory of the allocator for it. */
class RecipesTest {
    private static final Path FILES = Path.of("src", "test", "resources", "handover");
    private static final Path ROWS = FILES.resolve("rows.npy");
    private static final Path MODEL = FILES.resolve("model.onnx");
    private static final Path TABLE = FILES.resolve("table.npz");
    private static final int QUERY = 7;
    private static final double CLOSE = 1e-4;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingIsLeft() {
        allocator.close();
    }

    private NumpyArrays answers() throws IOException {
        return Npz.load(allocator, FILES.resolve("answers.npz"));
    }

    private void assertNothingWasCopied() {
        assertThat(allocator.getPeakMemoryAllocation()).isZero();
    }

    /** Whether a library for this system is in the jar. */
    private static void assumeNative() {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        String name = "skipped: ONNX Runtime has no library for " + system;
        assumeTrue(
                List.of("Linux amd64", "Linux aarch64", "Mac OS X aarch64", "Windows amd64").stream()
                        .anyMatch(system::startsWith),
                name);
        Engine.getEngine("OnnxRuntime");
    }

    @Test
    void onnxRuntimeReadsTheMappedMatrix() throws Exception {
        assumeNative();
        float[][] y = OnnxRuntime.run(allocator, ROWS, MODEL);
        try (NumpyArrays answers = answers()) {
            assertProduct(flat(y), answers.get("product").doubles());
        }
        try (NumpyArray array = Npy.load(allocator, ROWS);
                OnnxTensor tensor = OnnxRuntime.tensor(OrtEnvironment.getEnvironment(), array)) {
            assertThat(tensor.ownsBuffer()).isFalse();
            assertThat(tensor.getFloatBuffer()).isEqualTo(array.floatBuffer());
            assertMapped(array, tensor.getBufferRef().orElseThrow());
        }
        assertNothingWasCopied();
    }

    @Test
    void djlReadsTheMappedMatrix() throws Exception {
        assumeNative();
        float[] y = Djl.run(allocator, ROWS, MODEL);
        try (NumpyArrays answers = answers()) {
            assertProduct(y, answers.get("product").doubles());
        }
        try (NumpyArray array = Npy.load(allocator, ROWS);
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "OnnxRuntime");
                NDArray tensor = Djl.tensor(manager, array)) {
            OnnxTensor inner = ((OrtNDArray) tensor).getTensor();
            assertThat(inner.ownsBuffer()).isFalse();
            assertMapped(array, inner.getBufferRef().orElseThrow());
        }
        assertNothingWasCopied();
    }

    private static float[] flat(float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
        }
        return flat;
    }

    private static void assertProduct(float[] found, double[] expected) {
        assertThat(found).hasSize(expected.length);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], within(CLOSE));
        }
    }

    /** A direct buffer's address is that of the mapping, told by the bytes beside it in the array's own region. */
    private static void assertMapped(NumpyArray array, Buffer buffer) throws IOException {
        assertThat(buffer.isDirect()).isTrue();
        assertThat(buffer.isReadOnly()).isTrue();
        ByteBuffer bytes = array.buffer();
        try (ArrowBuf region = array.region(0, bytes.remaining())) {
            assertThat(MemoryUtil.getByteBufferAddress(bytes)).isEqualTo(region.memoryAddress());
        }
        assertThat(buffer.getClass().getName()).startsWith("java.nio.Direct");
    }

    @Test
    void jvectorFindsTheNeighbours() throws Exception {
        try (NumpyArray array = Npy.load(allocator, ROWS);
                NumpyArrays answers = answers()) {
            MappedVectors vectors =
                    new MappedVectors(array.floatBuffer(), (int) array.shape().length(1));
            try (ImmutableGraphIndex index = JVector.build(vectors)) {
                int[] found = JVector.nearest(vectors, index, QUERY, 10);
                assertNeighbours(
                        Arrays.stream(found).asLongStream().toArray(),
                        answers.get("nearest").longs());
            }
        }
        assertNothingWasCopied();
    }

    @Test
    void luceneFindsTheNeighbours() throws Exception {
        try (NumpyArray rows = Npy.load(allocator, ROWS);
                NumpyArrays table = Npz.load(allocator, TABLE);
                NumpyArrays answers = answers();
                Directory directory = new ByteBuffersDirectory()) {
            Lucene.index(directory, rows.floatBuffer(), table.get("id").longBuffer(), 16);
            long[] found = Lucene.nearest(directory, rows.row(QUERY).floats(), 10);
            long[] nearest = answers.get("nearest").longs();
            assertNeighbours(found, Arrays.stream(nearest).map(row -> row * 7).toArray());
        }
        assertNothingWasCopied();
    }

    /** Approximate search may miss one in ten. */
    private static void assertNeighbours(long[] found, long[] exact) {
        assertThat(found).hasSameSizeAs(exact).doesNotHaveDuplicates();
        assertThat(Arrays.stream(found).filter(row -> Arrays.stream(exact).anyMatch(other -> other == row)))
                .hasSizeGreaterThanOrEqualTo(9);
        assertThat(found[0]).isEqualTo(exact[0]);
    }

    @Test
    void kotlinDataFrameHasTheValues() throws Exception {
        DataFrame<?> frame = KotlinDataFrame.read(allocator, TABLE);
        assertThat(frame.rowsCount()).isEqualTo(500);
        double prices = 0;
        double nice = 0;
        long ids = 0;
        for (int i = 0; i < frame.rowsCount(); i++) {
            double price = (Double) frame.get(i).get("price");
            prices += price;
            nice += frame.get(i).get("city").equals("Nice") ? price : 0;
            ids += (Long) frame.get(i).get("id");
        }
        assertSums(ids, prices, nice);
    }

    @Test
    void tablesawHasTheValues() throws Exception {
        Table table = Tablesaw.read(allocator, TABLE);
        Table nice = table.where(table.stringColumn("city").isEqualTo("Nice"));
        assertSums(
                table.longColumn("id").sum(),
                table.doubleColumn("price").sum(),
                nice.doubleColumn("price").sum());
        assertNothingWasCopied();
    }

    private void assertSums(double... sums) throws IOException {
        try (NumpyArrays answers = answers()) {
            double[] expected = answers.get("sums").doubles();
            for (int i = 0; i < sums.length; i++) {
                assertThat(sums[i]).isCloseTo(expected[i], within(1e-6));
            }
        }
    }

    @Test
    void duckDbReadsTheColumnsThatAreNamed(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("x.npz");
        try (NumpyArrays table = Npz.load(allocator, TABLE)) {
            double[] ids =
                    Arrays.stream(table.get("id").longs()).asDoubleStream().toArray();
            // No statement names the texts, which the function could not read.
            Npz.save(file, Map.of("id", ids, "price", table.get("price"), "city", table.get("city")));
        }
        Path numbers = directory.resolve("numbers.npz");
        Npz.save(numbers, Map.of("price", new double[500]));
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                DuckDBTableFunctionBuilder function = DuckDBFunctions.tableFunction();
                Statement statement = duck.createStatement()) {
            function.withName("read_npz")
                    .withParameter(String.class)
                    .withProjectionPushdown()
                    .withFunction(new DuckDbFunction(allocator))
                    .register(duck);
            statement.execute("CREATE VIEW prices AS FROM read_npz('" + file + "')");
            try (ResultSet sums =
                    statement.executeQuery("SELECT sum(id), sum(o.price) FROM prices JOIN prices AS o USING (id)")) {
                sums.next();
                assertSums(sums.getDouble(1), sums.getDouble(2));
            }
            try (ResultSet count = statement.executeQuery("SELECT count(*) FROM read_npz('" + numbers + "')")) {
                count.next();
                assertThat(count.getLong(1)).isEqualTo(500);
            }
        }
        assertNothingWasCopied();
    }

    @Test
    void aSegmentIsTheMappedFile() throws Exception {
        int version = Runtime.version().feature();
        assumeTrue(version >= 22, "skipped: JDK " + version + " has no MemorySegment");
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        FILES.resolve("Segments.java").toString(),
                        ROWS.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes());
        assertThat(java.waitFor()).as(said).isZero();
        assertThat(said).contains("the same bytes: true, the same address: true");
    }

    @Test
    void noRecipeIsLongerThanFortyLines() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "java", "org", "arrownpz", "handover"))) {
            for (Path file :
                    files.filter(path -> !path.toString().endsWith("Test.java")).toList()) {
                List<String> lines = Files.readAllLines(file);
                assertThat(lines.stream()
                                .filter(line -> !line.isBlank() && !line.startsWith("import "))
                                .count())
                        .as("%s", file)
                        .isLessThanOrEqualTo(40);
                assertThat(String.join("\n", lines)).as("%s", file).contains("opied");
            }
        }
    }
}
