package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.Tables;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packing and unpacking batch by batch gives what one root gives. An NPZ file is one root always. */
class EventBatchesTest {
    private static final int ROWS = 30_000;
    private static final int BATCH_ROWS = 3_007;

    @TempDir
    private static Path samples;

    @TempDir
    Path directory;

    /** Groups from 1 to 8,000 rows, so that they cross the borders of batches, and whole batches belong to one. */
    @BeforeAll
    static void makesSamples() throws IOException {
        StringBuilder csv = new StringBuilder("k,t,v,c,s\n");
        Random random = new Random(1);
        int key = 0;
        long time = 1_700_000_000;
        int left = 3;
        for (int i = 0; i < ROWS; i++) {
            if (left-- == 0) {
                key++;
                left = key % 50 == 0 ? 8_000 : random.nextInt(400);
            }
            time += random.nextInt(400) == 0 ? 4000 : 1;
            csv.append(i % 4973 == 5 ? "" : Integer.toString(key)).append(',');
            csv.append(LocalDateTime.ofEpochSecond(time, 0, ZoneOffset.UTC)).append(',');
            csv.append(i % 11 == 0 ? "" : Integer.toString(random.nextInt(1000)))
                    .append(',');
            csv.append(key * 3).append(",text ").append(random.nextInt(100)).append('\n');
        }
        Path text = Files.writeString(samples.resolve("events.csv"), csv);
        make(text);
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Tables.read(allocator, text)) {
            IpcOptions batches = IpcOptions.defaults().withBatchRows(BATCH_ROWS);
            Ipc.write(frame, samples.resolve("events.feather"), batches);
            Ipc.write(frame, samples.resolve("events.arrows"), batches);
        }
    }

    private static void make(Path csv) {
        for (String name : List.of("events.npz", "events.json", "events.parquet")) {
            Cli run = Cli.run("convert", csv, samples.resolve(name));
            assertThat(run.code()).as(run.err()).isZero();
        }
    }

    private static int batches(Path feather) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                IpcFile file = Ipc.read(allocator, feather)) {
            ArrowReader reader = file.reader();
            int count = 0;
            while (reader.loadNextBatch()) {
                count++;
            }
            return count;
        }
    }

    private Cli run(String verb, Path source, Path target, String... flags) {
        List<Object> arguments = new ArrayList<>(List.of(verb, source, target));
        arguments.addAll(List.of(flags));
        Cli run = Cli.run(arguments.toArray());
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private void assertSame(Path expected, Path found) {
        Cli diff = Cli.run("diff", expected, found);
        assertThat(diff.out()).isEmpty();
        assertThat(diff.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"feather", "arrows", "parquet", "csv", "json"})
    void packsBatchesAsOneRoot(String format) throws IOException {
        Path source = samples.resolve("events." + format);
        for (String[] flags : new String[][] {
            {"--by", "k", "--rest"},
            {"--by", "0", "--carry", "c", "--pack", "-1,v", "--layout", "list_of_struct"},
            {"--by", "k", "--session", "30m", "--time", "t", "--pack", "s,v,t"},
            {"--by", "c,k", "--order", "runs", "-c", "s,k,c"}
        }) {
            Path whole = directory.resolve("whole.feather");
            Path found = directory.resolve("found.feather");
            Cli one = run("pack", samples.resolve("events.npz"), whole, flags);
            Cli many = run("pack", source, found, flags);
            assertThat(many.err()).isEqualTo(one.err()).contains("without key dropped");
            assertSame(whole, found);
            assertThat(batches(whole)).isEqualTo(1);
            assertThat(batches(found)).as("batches of %s", format).isGreaterThan(1);
            Files.delete(whole);
            Files.delete(found);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"p.npz", "p.arrows", "p.parquet", "p.json", "p/"})
    void writesBatchesToEveryFormat(String name) {
        Path target = Path.of(directory + "/" + name);
        Path whole = directory.resolve("whole.npz");
        String[] flags = {"--by", "k", "--pack", "v,s"};
        run("pack", samples.resolve("events.npz"), whole, flags);
        Cli many = Cli.run(
                "pack", samples.resolve("events.feather"), directory + "/" + name, "--by", "k", "--pack", "v,s");
        assertThat(many.code()).as(many.err()).isZero();
        Cli diff = Cli.run("diff", whole, directory + "/" + name);
        assertThat(diff.out()).isEmpty();
        assertThat(target).exists();
    }

    @Test
    void printsBatchesAsOneRoot() {
        assertThat(Cli.run("pack", samples.resolve("events.feather"), "--by", "k", "--pack", "v")
                        .out())
                .isEqualTo(Cli.run("pack", samples.resolve("events.npz"), "--by", "k", "--pack", "v")
                        .out());
    }

    @Test
    void sortsBatchesThatAreNotSortedInOnePiece() throws IOException {
        Path unsorted = directory.resolve("unsorted.arrows");
        List<String> lines = Files.readAllLines(samples.resolve("events.csv"));
        Path csv = directory.resolve("unsorted.csv");
        lines.add(lines.get(1));
        Files.write(csv, lines);
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Tables.read(allocator, csv)) {
            Ipc.write(frame, unsorted, IpcOptions.defaults().withBatchRows(BATCH_ROWS));
            Frames.write(
                    frame,
                    directory.resolve("unsorted.npz"),
                    WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
        }
        Path whole = directory.resolve("whole.npz");
        Path found = directory.resolve("found.npz");
        run("pack", directory.resolve("unsorted.npz"), whole, "--by", "k");
        Cli many = run("pack", unsorted, found, "--by", "k");
        assertThat(many.err()).contains("sorted, because");
        assertSame(whole, found);
        // What is printed cannot be taken back: nothing is printed before it is known that the rows are not sorted.
        assertThat(Cli.run("pack", unsorted, "--by", "k", "--pack", "v").out())
                .isEqualTo(Cli.run("pack", directory.resolve("unsorted.npz"), "--by", "k", "--pack", "v")
                        .out());
        byte[] stream = Files.readAllBytes(unsorted);
        assertThat(Cli.withInput(stream, "pack", "-", "--by", "k", "--pack", "v")
                        .out())
                .isEqualTo(Cli.run("pack", whole.resolveSibling("unsorted.npz"), "--by", "k", "--pack", "v")
                        .out());
        assertThat(Cli.withInput(stream, "pack", "-", "--by", "k", "--pack", "v", "--order", "runs")
                        .out())
                .isEqualTo(Cli.run(
                                "pack",
                                directory.resolve("unsorted.npz"),
                                "--by",
                                "k",
                                "--pack",
                                "v",
                                "--order",
                                "runs")
                        .out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"feather", "parquet", "json"})
    void unpacksBatchesAsOneRoot(String format) throws IOException {
        Path packed = directory.resolve("packed." + format);
        Path one = directory.resolve("packed.npz");
        run("pack", samples.resolve("events.feather"), packed, "--by", "k", "--pack", "v,s");
        run("convert", packed, one);
        int lines = (int) Cli.run("unpack", one, "--by", "k").out().lines().count();
        for (String[] flags : new String[][] {
            {"--by", "k", "--ordinal", "place"}, {"--explode", "v,0", "-c", "s,k,v"}, {"--keys", "run_end"}
        }) {
            Path whole = directory.resolve("whole.arrows");
            Path found = directory.resolve("found.arrows");
            run("unpack", one, whole, flags);
            run("unpack", packed, found, flags);
            assertThat(Cli.run("cat", whole).out()).hasLineCount(lines);
            assertThat(Cli.run("cat", found).out().equals(Cli.run("cat", whole).out()))
                    .isTrue();
            Files.delete(whole);
            Files.delete(found);
        }
    }

    @Test
    void indexLevelsAreKeysByNameAndNothingElse() {
        Path prices = Cli.sample("prices.npz", directory);
        Path feather = directory.resolve("prices.feather");
        run("convert", prices, feather);
        for (String[] flags : new String[][] {{"--by", "ticker"}, {"--by", "ticker,date", "--pack", "0,-1"}}) {
            List<Object> arguments = new ArrayList<>(List.of("pack", prices));
            arguments.addAll(List.of(flags));
            Cli whole = Cli.run(arguments.toArray());
            arguments.set(1, feather);
            Cli batches = Cli.run(arguments.toArray());
            assertThat(whole.code()).as(whole.err()).isZero();
            assertThat(batches.out()).isEqualTo(whole.out());
        }
    }

    @Test
    void needsMemoryForABatchAndAGroupOnly() {
        Path target = directory.resolve("p.arrows");
        String[] flags = {"--by", "k", "--pack", "v,s,t", "--order", "runs", "--memory-limit", "2m"};
        run("pack", samples.resolve("events.feather"), target, flags);
        Cli whole = Cli.run(
                "pack",
                samples.resolve("events.feather"),
                directory.resolve("q.arrows"),
                "--by",
                "k",
                "--pack",
                "v,s,t",
                "--order",
                "sort",
                "--memory-limit",
                "2m");
        assertThat(whole.code()).isEqualTo(1);
        assertThat(whole.err()).contains("LIMIT");
    }
}
