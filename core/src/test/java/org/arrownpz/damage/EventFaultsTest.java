package org.arrownpz.damage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Unpacked;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.event.spec.UnpackSpec.EmptyLists;
import org.arrownpz.event.spec.UnpackSpec.KeyEncoding;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every request to the allocator, and every call to the file system, fails in turn while events are packed. */
@ExtendWith(LeakCheck.class)
class EventFaultsTest {
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final int ROWS = 12;

    @TempDir
    private static Path directory;

    private static Path sorted;
    private static Path unsorted;
    private static Path packed;

    @BeforeAll
    static void writesSamples() throws Exception {
        sorted = directory.resolve("sorted.npz");
        unsorted = directory.resolve("unsorted.npz");
        packed = directory.resolve("packed.npz");
        try (BufferAllocator allocator = new RootAllocator()) {
            for (Path path : List.of(sorted, unsorted)) {
                try (VectorSchemaRoot root = events(allocator, path.equals(sorted))) {
                    Frames.write(root, path, FAST);
                }
            }
            try (Frame frame = Frames.open(allocator, sorted);
                    Packed events = Events.pack(frame, PackSpec.by("k").packRest())) {
                Events.write(events, packed, FAST);
            }
        }
    }

    private static VectorSchemaRoot events(BufferAllocator allocator, boolean inOrder) {
        BigIntVector keys = new BigIntVector("k", allocator);
        TimeStampSecVector times = new TimeStampSecVector("time", allocator);
        for (int i = 0; i < ROWS; i++) {
            keys.setSafe(i, inOrder ? i / 3 : i % 4);
            times.setSafe(i, 60L * i);
        }
        keys.setValueCount(ROWS);
        times.setValueCount(ROWS);
        RandomVectors vectors = new RandomVectors(allocator, 3, true);
        FieldVector text = vectors.vector(RandomVectors.field("text", ArrowType.Utf8.INSTANCE), ROWS);
        FieldVector list = vectors.vector(
                RandomVectors.field(
                        "list", ArrowType.List.INSTANCE, RandomVectors.field("item", new ArrowType.Int(32, true))),
                ROWS);
        return new VectorSchemaRoot(List.of(keys, times, text, list));
    }

    private static void run(String name, BufferAllocator allocator) throws Exception {
        switch (name) {
            case "pack" -> pack(allocator, sorted, PackSpec.by("k").packRest());
            case "sort" -> pack(allocator, unsorted, PackSpec.by("k").packRest().order(InputOrder.STABLE_SORT));
            case "runs" -> pack(allocator, unsorted, PackSpec.by("k").packRest().order(InputOrder.RUNS));
            case "structs" ->
                pack(allocator, sorted, PackSpec.by("k").packRest().listOfStruct("events"));
            case "large lists" ->
                pack(allocator, sorted, PackSpec.by("k").packRest().largeLists());
            case "sessions" ->
                pack(allocator, sorted, PackSpec.by("k").packRest().session(Duration.ofSeconds(59), "time"));
            case "text keys" ->
                pack(allocator, sorted, PackSpec.by("text", "k").packRest().order(InputOrder.STABLE_SORT));
            case "packing" -> {
                try (Frame frame = Frames.open(allocator, sorted);
                        ArrowReader batches = frame.reader(4);
                        ArrowReader groups =
                                Events.packing(batches, PackSpec.by("k").packRest())) {
                    assertThat(rows(groups)).isEqualTo(ROWS / 3);
                }
            }
            case "unpack" -> unpack(allocator, UnpackSpec.by("k"));
            case "unpack run ends" -> unpack(allocator, UnpackSpec.by("k").keys(KeyEncoding.RUN_END));
            case "unpack ordinal" ->
                unpack(allocator, UnpackSpec.by("k").ordinal("n").emptyLists(EmptyLists.DROP));
            case "unpacking" -> {
                try (Frame frame = Frames.open(allocator, packed);
                        ArrowReader groups = frame.reader(2);
                        ArrowReader events = Events.unpacking(groups, UnpackSpec.by("k"))) {
                    assertThat(rows(events)).isEqualTo(ROWS);
                }
            }
            default -> throw new AssertionError(name);
        }
    }

    private static void pack(BufferAllocator allocator, Path file, PackSpec spec) throws Exception {
        try (Frame frame = Frames.open(allocator, file);
                Packed events = Events.pack(frame, spec)) {
            assertThat(events.report().groups()).isPositive();
        }
    }

    private static void unpack(BufferAllocator allocator, UnpackSpec spec) throws Exception {
        try (Frame frame = Frames.open(allocator, packed);
                Unpacked events = Events.unpack(frame, spec)) {
            assertThat(events.root().getRowCount()).isEqualTo(ROWS);
        }
    }

    private static long rows(ArrowReader reader) throws Exception {
        long rows = 0;
        while (reader.loadNextBatch()) {
            rows += reader.getVectorSchemaRoot().getRowCount();
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pack",
                "sort",
                "runs",
                "structs",
                "large lists",
                "sessions",
                "text keys",
                "packing",
                "unpack",
                "unpack run ends",
                "unpack ordinal",
                "unpacking"
            })
    void refusedMemoryIsALimit(String name) throws Exception {
        long requests = AllocationFaults.refuseEach(allocator -> run(name, allocator));

        assertThat(requests).isPositive();
    }

    private static void write(BufferAllocator allocator, Path source, Path target, WriteOptions options)
            throws Exception {
        try (Frame frame = Frames.open(allocator, source);
                Packed events = Events.pack(frame, PackSpec.by("k").packRest())) {
            Events.write(events, target, options);
        }
    }

    @Test
    void refusedMemoryLeavesTheOldFile(@TempDir Path folder) throws Exception {
        Path target = folder.resolve("packed.npz");
        byte[] old = {1, 2, 3};

        AllocationFaults.refuseEach(allocator -> {
            Files.write(target, old);
            boolean done = false;
            try {
                write(allocator, sorted, target, FAST);
                done = true;
            } finally {
                assertThat(Files.size(target) == old.length).isNotEqualTo(done);
                assertAlone(target);
            }
        });
    }

    private static void assertAlone(Path target) throws Exception {
        try (Stream<Path> files = Files.list(target.getParent())) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    void writingLeavesTheOldFileOrTheNewOne(BufferAllocator allocator, @TempDir Path folder) throws Exception {
        Path target = folder.resolve("packed.npz");
        write(allocator, sorted, target, WriteOptions.defaults());
        byte[] complete = Files.readAllBytes(target);
        byte[] old = {1, 2, 3};

        List<String> operations = FaultyFileSystem.failEach(
                target,
                path -> {
                    Files.write(target, old);
                    write(allocator, sorted, path, WriteOptions.defaults());
                },
                (operation, thrown) -> {
                    byte[] now = Files.readAllBytes(target);
                    assertThat(Arrays.equals(now, complete) || thrown && Arrays.equals(now, old))
                            .as("after a failed %s", operation)
                            .isTrue();
                    assertAlone(target);
                });

        assertThat(operations).contains("create", "write", "force", "move");
    }
}
