package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.arrownpz.cli.console.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Bus taken apart and put together. */
class BusTest {
    @TempDir
    Path directory;

    private Path frames() throws IOException {
        Path frames = Files.createDirectory(directory.resolve("frames"));
        for (String name : new String[] {"b", "a"}) {
            Path json = Files.writeString(directory.resolve("t.json"), "{\"" + name + "\":1}\n");
            Cli run = Cli.run("convert", json, frames.resolve(name + ".npz"), "--name", name);
            assertThat(run.code()).as(run.err()).isZero();
        }
        return frames;
    }

    private static void zip(Path target, Map<String, byte[]> members) throws IOException {
        try (OutputStream file = Files.newOutputStream(target);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                CRC32 crc = new CRC32();
                crc.update(member.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(member.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(member.getValue());
            }
        }
    }

    @Test
    void comesApartAsItWasPutTogether() throws IOException {
        Path frames = frames();
        Path bus = directory.resolve("bus.zip");
        Cli made = Cli.run("bus", frames, bus);
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(Cli.run("info", "--json", bus).lines().get(0).get("frames")).hasToString("[\"a\",\"b\"]");
        assertThat(Cli.run("cat", "--frame", "b", bus).out()).isEqualTo("{\"b\":1}\n");
        Path apart = directory.resolve("apart");
        Cli run = Cli.run("convert", bus, "--to", "npz", "--out", apart);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).startsWith("arrow-npz: converted 2 files in ");
        for (String name : new String[] {"a.npz", "b.npz"}) {
            assertThat(apart.resolve(name)).hasSameBinaryContentAs(frames.resolve(name));
        }
    }

    /** What StaticFrame's {@code Bus.to_manifest} leaves in a directory becomes what its {@code to_zip_npy} writes. */
    @Test
    void isMadeOfNpyDirectories() throws IOException {
        Path manifest = directory.resolve("manifest");
        assertThat(Cli.run("convert", frames(), "--to", "npydir", "--out", manifest)
                        .code())
                .isZero();
        Path bus = directory.resolve("bus.zip");
        Cli made = Cli.run("bus", manifest, bus);
        assertThat(made.code()).as(made.err()).isZero();
        try (ZipFile zip = new ZipFile(bus.toFile())) {
            assertThat(zip.stream()).extracting(ZipEntry::getName).contains("a/__meta__.json", "b/__blocks_0__.npy");
        }
        assertThat(Cli.run("info", "--json", bus).lines().get(0).get("frames")).hasToString("[\"a\",\"b\"]");
        assertThat(Cli.run("cat", "--frame", "b", bus).out()).isEqualTo("{\"b\":1}\n");
        Path again = directory.resolve("again");
        assertThat(Cli.run("convert", bus, "--to", "npydir", "--out", again).code())
                .isZero();
        for (String file : new String[] {"a/__blocks_0__.npy", "b/__meta__.json"}) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(manifest.resolve(file));
        }
        Files.copy(directory.resolve("frames").resolve("a.npz"), manifest.resolve("c.npz"));
        // The directory itself is read as a Bus, too.
        assertThat(Cli.run("info", "--json", manifest).lines()).hasSize(3);
        assertThat(Cli.run("cat", "--frame", "c", manifest).out()).isEqualTo("{\"a\":1}\n");
        assertThat(Cli.run("stats", "--json", "--frame", "b", manifest)
                        .lines()
                        .get(0)
                        .get("column")
                        .asText())
                .isEqualTo("b");
        assertThat(Cli.run("cat", "--frame", "../frames", manifest).code()).isEqualTo(ExitCodes.USAGE);
        assertThat(Cli.run("verify", manifest).code()).isZero();
        Cli mixed = Cli.run("bus", manifest, directory.resolve("mixed.zip"));
        assertThat(mixed.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(mixed.err()).contains("both");
    }

    @Test
    void comesApartIntoEveryFormat() throws IOException {
        Path bus = directory.resolve("bus.zip");
        assertThat(Cli.run("bus", frames(), bus).code()).isZero();
        for (String format : new String[] {"feather", "parquet", "csv", "npydir"}) {
            Path out = directory.resolve(format);
            assertThat(Cli.run("convert", bus, "--to", format, "--out", out).code())
                    .isZero();
            assertThat(Cli.run("cat", out.resolve(format.equals("npydir") ? "a" : "a." + format))
                            .out())
                    .isEqualTo("{\"a\":1}\n");
        }
        // One frame, by its label, takes the archive's stem.
        Path one = directory.resolve("one");
        assertThat(Cli.run("convert", bus, "--frame", "b", "--to", "csv", "--out", one)
                        .code())
                .isZero();
        assertThat(one.resolve("bus.csv")).hasContent("b\n1");
    }

    private Cli apart(String label, Path target) throws IOException {
        byte[] frame = Files.readAllBytes(frames().resolve("a.npz"));
        Path bus = directory.resolve("bus.zip");
        zip(bus, Map.of(label + ".npz", frame));
        return Cli.run("convert", bus, "--to", "npz", "--out", target);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("deep"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        ".hidden, _.hidden",
        "-rf, _-rf",
        "nul, _nul",
        "größe 1, größe 1",
        "end., end._",
        "a/b, a_b",
        "a?b*, a_b_",
        "2020-01-31 09:30, 2020-01-31 09_30"
    })
    void namesFilesByItsLabelsWithWhatEverySystemTakes(String label, String name) throws IOException {
        Path inner = Files.createDirectories(directory.resolve("deep/inner"));
        Cli run = apart(label, inner);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(files()).containsExactly(inner.resolve(name + ".npz"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../up", "/etc/passwd", "..\\up", "C:x", "a\nb", "a/../../b"})
    void leadsNowhereByItsLabels(String label) throws IOException {
        Path inner = Files.createDirectories(directory.resolve("deep/inner"));
        Cli run = apart(label, inner);
        assertThat(run.code()).isEqualTo(ExitCodes.DATA);
        assertThat(run.err()).contains("ZIP_NAME");
        assertThat(files()).isEmpty();
    }

    @Test
    void refusesLabelsThatWouldBeOneFile() throws IOException {
        byte[] frame = Files.readAllBytes(frames().resolve("a.npz"));
        Path bus = directory.resolve("bus.zip");
        zip(bus, Map.of("a/b.npz", frame, "a?b.npz", frame));
        Path out = directory.resolve("out");
        Cli run = Cli.run("convert", bus, "--to", "npz", "--out", out);
        assertThat(run.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("a/b").contains("a?b").contains("'a_b.npz'");
        assertThat(out).doesNotExist();
    }

    @Test
    void isMadeOfFramesAloneAndReplacesNothingUnasked() throws IOException {
        Path frames = frames();
        assertThat(Cli.run("bus", frames, directory.resolve("bus.npz")).code()).isEqualTo(ExitCodes.USAGE);
        assertThat(Cli.run("bus", directory.resolve("none"), directory.resolve("x.zip"))
                        .code())
                .isEqualTo(ExitCodes.USAGE);
        Path bus = Files.writeString(directory.resolve("bus.zip"), "former");
        assertThat(Cli.run("bus", frames, bus).code()).isEqualTo(ExitCodes.USAGE);
        assertThat(bus).hasContent("former");
        assertThat(Cli.run("bus", frames, bus, "--force").code()).isZero();
        Path csv = Files.writeString(directory.resolve("c.csv"), "x\n1\n");
        assertThat(Cli.run("convert", "--form", "arrays", csv, frames.resolve("c.npz"))
                        .code())
                .isZero();
        Cli arrays = Cli.run("bus", frames, directory.resolve("y.zip"));
        assertThat(arrays.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(arrays.err()).contains("c.npz").contains("no frame");
        assertThat(directory.resolve("y.zip")).doesNotExist();
    }
}
