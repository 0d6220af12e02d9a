package org.arrownpz.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.IpcReadOptions;
import org.arrownpz.ipc.IpcRewriter;
import org.arrownpz.ipc.MappedIpcReader;
import org.arrownpz.ipc.Tables;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every request to the allocator is refused in turn while Arrow files are read and written. */
@ExtendWith(LeakCheck.class)
class IpcAllocationFaultsTest {
    private static final IpcOptions FAST = IpcOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final IpcReadOptions CONTENT = IpcReadOptions.defaults().withVerify(Verify.CONTENT);
    private static final int ROWS = 20;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void writesSamples() throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                Roots table = Roots.mixed(allocator, ROWS);
                Frame frame = Frame.of(table.root(), table.dictionaries())) {
            Frames.write(frame, directory.resolve("frame.npz"), WriteOptions.defaults());
            Ipc.write(frame, directory.resolve("plain.arrow"), FAST);
            Ipc.write(frame, directory.resolve("zstd.arrow"), FAST.withCompression(IpcOptions.Compression.ZSTD));
            Ipc.write(frame, directory.resolve("lz4.arrow"), FAST.withCompression(IpcOptions.Compression.LZ4));
            Ipc.write(frame, directory.resolve("batches.arrow"), FAST.withBatchRows(7));
            Ipc.write(frame, directory.resolve("stream.arrows"), FAST.withBatchRows(7));
            Ipc.write(
                    frame,
                    directory.resolve("zstd.arrows"),
                    FAST.withBatchRows(7).withCompression(IpcOptions.Compression.ZSTD));
            byte[] stream = Files.readAllBytes(directory.resolve("stream.arrows"));
            Files.write(
                    directory.resolve("big-endian.arrows"),
                    IpcRewriter.otherOrder().rewrite(stream, allocator));
        }
    }

    static Stream<List<String>> readings() {
        return Stream.of(
                        "plain.arrow",
                        "zstd.arrow",
                        "lz4.arrow",
                        "batches.arrow",
                        "stream.arrows",
                        "zstd.arrows",
                        "big-endian.arrows")
                .flatMap(file -> Stream.of("frame", "batches", "copied", "columns", "channel")
                        .filter(way -> file.endsWith("s") || !way.equals("channel"))
                        .map(way -> List.of(file, way)));
    }

    private static void read(BufferAllocator allocator, Path file, String way) throws Exception {
        switch (way) {
            case "frame" -> frame(Ipc.read(allocator, file, CONTENT));
            case "batches" -> {
                try (MappedIpcReader reader = Ipc.open(allocator, file, CONTENT)) {
                    batches(reader);
                }
            }
            case "copied" -> {
                frame(Ipc.read(allocator, file, CONTENT.withMapping(Mapping.COPY)));
                try (MappedIpcReader reader = Ipc.open(allocator, file, CONTENT.withMapping(Mapping.COPY))) {
                    batches(reader);
                }
            }
            case "columns" -> frame(Ipc.read(allocator, file, CONTENT.withColumns("dictionary", "bits")));
            default -> {
                byte[] bytes = Files.readAllBytes(file);
                frame(Ipc.readStream(allocator, Channels.newChannel(new ByteArrayInputStream(bytes)), "stream"));
            }
        }
    }

    private static void frame(IpcFile file) throws NpzException {
        try (file) {
            assertThat(file.frame().rowCount()).isEqualTo(ROWS);
        }
    }

    private static void batches(ArrowReader reader) throws Exception {
        long rows = 0;
        while (reader.loadNextBatch()) {
            rows += reader.getVectorSchemaRoot().getRowCount();
        }
        assertThat(rows).isEqualTo(ROWS);
    }

    @ParameterizedTest
    @MethodSource("readings")
    void readingFailsAsLimit(List<String> reading) throws Exception {
        Path file = directory.resolve(reading.get(0));
        long requests = Refusals.each(Refusals::isLimit, refusals -> {
            refusals.begin();
            read(refusals.allocator(), file, reading.get(1));
        });

        assertThat(requests).isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(strings = {"frame.npz", "zstd.arrow"})
    void openingAsTableFailsAsLimit(String name) throws Exception {
        Path file = directory.resolve(name);
        long requests = Refusals.each(Refusals::isLimit, refusals -> {
            refusals.begin();
            try (ArrowReader reader = Tables.open(refusals.allocator(), file)) {
                batches(reader);
            }
        });

        assertThat(requests).isPositive();
    }

    static Stream<List<String>> writings() {
        return Stream.of("a.arrow", "a.arrows", "stream")
                .flatMap(target -> Stream.of("NONE", "LZ4", "ZSTD").map(compression -> List.of(target, compression)));
    }

    private static void write(Frame frame, Path folder, String target, IpcOptions options) throws Exception {
        if (target.equals("stream")) {
            Ipc.writeStream(frame, new ByteArrayOutputStream(), options);
            return;
        }
        Ipc.write(frame, folder.resolve(target), options);
        try (ArrowReader reader = frame.reader(6)) {
            Ipc.write(reader, folder.resolve(target), options);
        }
    }

    @ParameterizedTest
    @MethodSource("writings")
    void writingFailsAsLimitAndLeavesTheOldFile(List<String> writing, @TempDir Path folder) throws Exception {
        String target = writing.get(0);
        IpcOptions options = FAST.withCompression(IpcOptions.Compression.valueOf(writing.get(1)));
        Path file = folder.resolve(target);
        byte[] old = {1, 2, 3};

        long requests = Refusals.each(Refusals::isLimit, refusals -> {
            Files.write(file, old);
            try (Roots table = Roots.mixed(refusals.allocator(), ROWS);
                    Frame frame = Frame.of(table.root(), table.dictionaries())) {
                refusals.begin();
                write(frame, folder, target, options);
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    assertThat(files).containsExactly(file);
                }
                // The second of two writings may fail after the first one came through.
                byte[] now = Files.readAllBytes(file);
                assertThat(now.length == old.length || now.length > 100).isTrue();
            }
        });

        assertThat(requests).isNotNegative();
    }
}
