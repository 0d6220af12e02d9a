package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code convert} between NumPy's formats keeps arrays as they are; {@code info} tells of arrays that nobody reads. */
class ConvertArraysTest {
    private final BufferAllocator allocator = new RootAllocator();

    @TempDir
    Path directory;

    private Path archive;
    private Path target;

    @BeforeEach
    void writeArrays() throws IOException {
        archive = directory.resolve("arrays.npz");
        target = directory.resolve("target.npz");
        Map<String, Object> arrays = new LinkedHashMap<>();
        arrays.put("zero", 7L);
        arrays.put("matrix", new double[][] {{1, 2, 3}, {4, 5, 6}});
        arrays.put("cube", new int[][][] {{{1}, {2}}, {{3}, {4}}, {{5}, {6}}});
        arrays.put("text", new String[][] {{"a", "bc"}});
        Npz.save(archive, arrays);
    }

    @AfterEach
    void everythingIsGivenBack() {
        allocator.close();
    }

    @Test
    void archivesKeepDtypeShapeAndOrder() throws IOException {
        for (String[] flags : new String[][] {{}, {"--form", "arrays"}, {"--deflate"}}) {
            convert(archive, target, flags);
            try (NumpyArrays arrays = Npz.load(allocator, target)) {
                assertThat(arrays.names()).containsExactly("zero", "matrix", "cube", "text");
                assertThat(arrays.get("zero")).hasToString("<i8 () C");
                assertThat(arrays.get("matrix")).hasToString("<f8 (2, 3) C");
                assertThat(arrays.get("cube")).hasToString("<i4 (3, 2, 1) C");
                assertThat(arrays.get("cube").ints()).containsExactly(1, 2, 3, 4, 5, 6);
                assertThat(arrays.get("text").to(String[][].class)).isEqualTo(new String[][] {{"a", "bc"}});
            }
        }
    }

    @Test
    void singleArraysKeepShapeAndOrder() throws IOException {
        Path fortran = directory.resolve("fortran.npy");
        ArrayContent content;
        try (ArrowBuf bytes = allocator.buffer(6)) {
            for (int i = 0; i < 6; i++) {
                bytes.setByte(i, i);
            }
            content = ArrayContent.of(bytes, ScalarDType.of(DTypeKind.UINT, 1), Shape.of(2, 3), StorageOrder.FORTRAN);
            Npy.save(fortran, content);
        }
        Path copy = directory.resolve("copy.npy");
        convert(fortran, copy);
        assertThat(copy).hasSameBinaryContentAs(fortran);
        convert(fortran, target);
        try (NumpyArrays arrays = Npz.load(allocator, target)) {
            assertThat(arrays.names()).containsExactly("arr_0");
            assertThat(arrays.get("arr_0")).hasToString("|u1 (2, 3) FORTRAN");
        }
        convert(target, copy);
        assertThat(copy).hasSameBinaryContentAs(fortran);
    }

    @Test
    void oneArrayOfAnArchiveStaysAsItIs() throws IOException {
        Path one = directory.resolve("one.npy");
        for (String[] expected : new String[][] {{"zero", "<i8 () C"}, {"matrix", "<f8 (2, 3) C"}}) {
            convert(archive, one, "--array", expected[0]);
            try (NumpyArray array = Npy.load(allocator, one)) {
                assertThat(array).hasToString(expected[1]);
            }
        }
        convert(archive, target, "-c", "cube,zero");
        try (NumpyArrays arrays = Npz.load(allocator, target)) {
            assertThat(arrays.names()).containsExactly("cube", "zero");
        }
        Cli missing = Cli.run("convert", "--force", "--array", "none", archive, one);
        assertThat(missing.code()).isNotZero();
        assertThat(missing.err()).contains("none");
    }

    @Test
    void severalArraysAreNoSingleFile() throws IOException {
        Path one = directory.resolve("one.npy");
        Cli refused = Cli.run("convert", archive, one);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("has 4; choose one with --array NAME");
        assertThat(one).doesNotExist();
    }

    @Test
    void tablesAreMadeWhereTheyAreAskedFor() throws IOException {
        Path matrix = directory.resolve("matrix.npy");
        Npy.save(matrix, new double[][] {{1, 2, 3}, {4, 5, 6}});
        convert(matrix, target, "--form", "frame");
        try (NumpyArrays arrays = Npz.load(allocator, target)) {
            assertThat(arrays.names()).contains("__blocks_0__");
        }
        Npz.save(archive, Map.of("a", new int[] {1, 2}, "b", new int[] {3, 4}));
        Path table = directory.resolve("table.npy");
        convert(archive, table, "--form", "frame");
        try (NumpyArray array = Npy.load(allocator, table)) {
            assertThat(array.shape()).isEqualTo(Shape.of(2, 2));
        }
    }

    @Test
    void framesStayFrames() throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        convert(prices, target);
        try (NumpyArrays arrays = Npz.load(allocator, target)) {
            assertThat(arrays.names()).contains("__blocks_0__");
        }
    }

    @Test
    void infoGoesOnBehindObjectArrays() throws IOException {
        Path objects = directory.resolve("objects.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(objects))) {
            zip.putNextEntry(new ZipEntry("o.npy"));
            zip.write(npy("'|O'", "(3,)", new byte[40]));
            zip.putNextEntry(new ZipEntry("n.npy"));
            zip.write(npy("'<i8'", "(2,)", new byte[16]));
            zip.closeEntry();
        }
        Cli info = Cli.onTerminal("info", objects);
        assertThat(info.code()).as(info.err()).isZero();
        assertThat(info.out()).containsPattern("o\\.npy +object").containsPattern("n\\.npy +<i8 +\\(2,\\)");
        assertThat(info.out()).contains("the array holds Python objects, which are never unpickled");
        Cli json = Cli.run("info", "--json", objects);
        assertThat(json.out()).contains("\"dtype\":\"object\"").contains("\"dtype\":\"<i8\"");

        Path single = Files.write(directory.resolve("o.npy"), npy("'|O'", "(3,)", new byte[40]));
        assertThat(Cli.onTerminal("info", single).out())
                .contains("o.npy: NumPy array")
                .contains("object");

        Cli refused = Cli.run("convert", objects, target);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("OBJECT_DTYPE").contains("o.npy");
        convert(objects, target, "--array", "n");
        assertThat(Cli.run("cat", objects).err()).contains("OBJECT_DTYPE");
    }

    private void convert(Path from, Path to, String... flags) {
        Object[] arguments = new Object[flags.length + 4];
        arguments[0] = "convert";
        arguments[1] = "--force";
        System.arraycopy(flags, 0, arguments, 2, flags.length);
        arguments[flags.length + 2] = from;
        arguments[flags.length + 3] = to;
        Cli run = Cli.run(arguments);
        assertThat(run.code()).as(run.err()).isZero();
    }

    private static byte[] npy(String descr, String shape, byte[] data) {
        String text = "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x93);
        out.writeBytes("NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1));
        out.write(text.length());
        out.write(0);
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(data);
        return out.toByteArray();
    }
}
