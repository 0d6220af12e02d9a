package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NPY files as NumPy writes and takes them. */
class NumpyArraysTest {
    @TempDir
    Path directory;

    @Test
    void headersBeyondNumpysLimitAreReadByAFlag() throws IOException {
        StringBuilder descr = new StringBuilder("[");
        for (int i = 0; i < 1500; i++) {
            descr.append("('column_").append(i).append("', '|u1'), ");
        }
        Path file = npy("long.npy", descr.append("]").toString(), "(2,)", 3000);
        Path target = directory.resolve("copy.npy");

        for (String verb : List.of("cat", "info", "verify", "schema", "head", "stats")) {
            Cli refused = Cli.run(verb, file);
            assertThat(refused.code()).as(verb).isEqualTo(1);
            assertThat(refused.err() + refused.out())
                    .as(verb)
                    .contains("--max-header-size")
                    .contains("10000 characters");
            assertThat(Cli.run(verb, "--max-header-size", "100000", file).code())
                    .as(verb)
                    .isZero();
        }
        assertThat(Cli.run("convert", file, target).err()).contains("--max-header-size");
        Cli converted = Cli.run("convert", "--max-header-size", "100000", file, target);
        assertThat(converted.code()).as(converted.err()).isZero();
        assertThat(Files.readAllBytes(target)).endsWith(new byte[3000]).hasSizeBetween(10_000, 100_000);
        assertThat(Cli.run("align", "--max-header-size=100000", file, directory.resolve("aligned.npy"))
                        .code())
                .isZero();
        assertThat(Cli.run("diff", "--max-header-size=100000", file, target).code())
                .isZero();
        String query = "SELECT column_1499 FROM '" + file + "'";
        assertThat(Cli.run("sql", query).err()).contains("--max-header-size");
        assertThat(Cli.run("sql", "--max-header-size=100000", query).code()).isZero();
        assertThat(Cli.run("cat", "--max-header-size=99999999", file))
                .satisfies(run -> assertThat(run.code()).isEqualTo(2))
                .satisfies(run -> assertThat(run.err()).contains("--max-header-size is from 1 to"));
    }

    @Test
    void arraysOfNoDimensionsAndOfNoColumnsComeBack() throws IOException {
        for (String shape : List.of("()", "(3, 0)", "(0, 3)", "(0,)", "(3, 0, 2)")) {
            Path array = npy("array.npy", "'>i4'", shape, shape.equals("()") ? 4 : 0);
            Path straight = directory.resolve("straight.npy");
            assertThat(Cli.run("convert", "--force", array, straight).code()).isZero();
            assertThat(header(straight)).as(shape).contains("'>i4'").contains("'shape': " + shape);
            Path feather = directory.resolve("array.feather");
            assertThat(Cli.run("convert", "--force", array, feather).code()).isZero();
            assertThat(Cli.run("convert", "--force", feather, straight).code()).isZero();
            assertThat(header(straight)).as(shape).contains("'>i4'").contains("'shape': " + shape);
        }
    }

    private static String header(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private Path npy(String name, String descr, String shape, int bytes) throws IOException {
        String text = "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + "}\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x93);
        out.writeBytes("NUMPY\2\0".getBytes(StandardCharsets.ISO_8859_1));
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(text.length() >> shift);
        }
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(new byte[bytes]);
        return Files.write(directory.resolve(name), out.toByteArray());
    }
}
