package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.HeapChannel;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.CopyReport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Columns come into being when they are asked for. */
@ExtendWith(LeakCheck.class)
class LazyColumnsTest {
    private static final int ROWS = 10_000;
    private static final int COLUMNS = 100;

    @TempDir
    Path directory;

    private Path block;
    private Path frame;

    /** A row-major array, whose columns have to be copied, and a frame of numbers and text, labelled. */
    @BeforeEach
    void writeFiles(BufferAllocator allocator) throws Exception {
        ByteBuffer values = ByteBuffer.allocate(ROWS * COLUMNS * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < ROWS * COLUMNS; i++) {
            values.putLong(i);
        }
        block = Files.write(directory.resolve("block.npy"), Parts.npy("<i8", values.array(), ROWS, COLUMNS));
        frame = directory.resolve("frame.npz");
        String[] words = new String[ROWS];
        long[] numbers = new long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            words[i] = "word " + i;
            numbers[i] = i;
        }
        try (VectorSchemaRoot root = Roots.root(
                        Roots.longs(allocator, "key", numbers),
                        Roots.longs(allocator, "a", numbers),
                        Roots.texts(allocator, "text", words),
                        Roots.doubles(allocator, "b", new double[ROWS]));
                Frame written = Frame.of(root).withIndex("key")) {
            Frames.write(written, frame, WriteOptions.defaults());
            Frames.writeDirectory(written, directory.resolve("frame"), WriteOptions.defaults());
        }
    }

    private static List<String> read(Frame opened) {
        return opened.copyReport().columns().stream()
                .filter(CopyReport.Column::isRead)
                .map(CopyReport.Column::name)
                .toList();
    }

    @Test
    void opensWithoutReadingValues(BufferAllocator allocator) throws Exception {
        HeapChannel channel = new HeapChannel(Files.readAllBytes(block));
        try (Frame opened = Frames.open(allocator, channel, ReadOptions.defaults())) {
            assertThat(opened.rowCount()).isEqualTo(ROWS);
            assertThat(opened.columnNames()).hasSize(COLUMNS);
            assertThat(opened.schema().getFields()).hasSize(COLUMNS);
            assertThat(opened.copyReport().columns()).hasSize(COLUMNS);
            assertThat(channel.bytesRead()).as("one read of the header").isLessThan(1 << 17);
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void readsOnlyTheMembersOfTheColumnsAskedFor(BufferAllocator allocator) throws Exception {
        HeapChannel channel = new HeapChannel(Files.readAllBytes(frame));
        try (Frame opened = Frames.open(allocator, channel, ReadOptions.defaults())) {
            long before = channel.bytesRead();
            assertThat(Roots.values(opened.column("b"))).hasSize(ROWS).containsOnly(0.0);
            assertThat(channel.bytesRead() - before).isEqualTo(8L * ROWS);
            opened.column("b");
            assertThat(channel.bytesRead() - before).isEqualTo(8L * ROWS);
        }
    }

    @Test
    void makesAColumnOnceAndTheRootHoldsIt(BufferAllocator allocator) throws Exception {
        try (Frame opened = Frames.open(allocator, frame)) {
            FieldVector key = opened.column(0);
            FieldVector text = opened.column("text");
            assertThat(opened.column("key")).isSameAs(key);
            assertThat(opened.column(2)).isSameAs(text);
            assertThat(opened.root().getFieldVectors())
                    .startsWith(key)
                    .element(2)
                    .isSameAs(text);
            assertThat(opened.column("b")).isSameAs(opened.root().getVector("b"));
            assertThat(opened.schema()).isEqualTo(opened.root().getSchema());
        }
    }

    @Test
    void refusesColumnsThatAreNotThere(BufferAllocator allocator) throws Exception {
        try (Frame opened = Frames.open(allocator, frame)) {
            assertThatThrownBy(() -> opened.column(4)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> opened.column(-1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> opened.column("c")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void closedFramesMakeNoColumn(BufferAllocator allocator) throws Exception {
        Frame opened = Frames.open(allocator, frame);
        opened.close();
        assertThatThrownBy(() -> opened.column(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(opened::root).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void blockNeverMakesAColumn(BufferAllocator allocator) throws Exception {
        try (Frame opened = Frames.open(allocator, block);
                FieldVector tensor = opened.block(0)) {
            assertThat(tensor.getValueCount()).isEqualTo(ROWS);
            assertThat(read(opened)).isEmpty();
            assertThat(allocator.getAllocatedMemory()).as("but for the bitmap").isLessThanOrEqualTo(1 << 17);
        }
    }

    @Test
    void selectionConvertsOnlyItsColumns(BufferAllocator allocator) throws Exception {
        try (Frame opened = Frames.open(allocator, block);
                Frame selection = opened.select("3", "97", "4")) {
            assertThat(read(selection)).isEmpty();
            assertThat(selection.root().getVector("97").getObject(1)).isEqualTo(197L);
            assertThat(selection.root().getVector("4").getObject(2)).isEqualTo(204L);
            assertThat(selection.copyReport().copiedBytes()).isEqualTo(3L * ROWS * 8);
            assertThat(read(opened)).isEmpty();
        }
    }

    @Test
    void selectionSharesWhatWasMadeAndOutlivesItsFrame(BufferAllocator allocator) throws Exception {
        Frame selection;
        try (Frame opened = Frames.open(allocator, block)) {
            long address = opened.column("7").getDataBuffer().memoryAddress();
            selection = opened.select("8", "7");
            assertThat(selection.column("7").getDataBuffer().memoryAddress()).isEqualTo(address);
        }
        try (selection) {
            assertThat(read(selection)).containsExactly("7");
            assertThat(selection.column("8").getObject(3)).isEqualTo(308L);
            assertThat(selection.copyReport().columns())
                    .extracting(CopyReport.Column::name)
                    .containsExactly("8", "7");
        }
    }

    @Test
    void oneColumnOfABlockIsConvertedAlone(BufferAllocator allocator) throws Exception {
        try (Frame opened = Frames.open(allocator, block)) {
            FieldVector one = opened.column(42);
            assertThat(one.getObject(ROWS - 1)).isEqualTo((ROWS - 1L) * COLUMNS + 42);
            assertThat(opened.copyReport().copiedBytes()).isEqualTo(8L * ROWS);
            VectorSchemaRoot root = opened.root();
            assertThat(root.getVector(42)).isSameAs(one);
            for (int column = 0; column < COLUMNS; column++) {
                assertThat(root.getVector(column).getObject(1)).isEqualTo(100L + column);
            }
            assertThat(opened.copyReport().copiedBytes()).isEqualTo(8L * ROWS * COLUMNS);
            assertThat(opened.copyReport().columns().get(42).name()).isEqualTo("42");
        }
    }

    @Test
    void reportSaysWhatWasNotReadAndWhyItWillBeCopied(BufferAllocator allocator) throws Exception {
        try (Frame opened = Frames.open(allocator, frame)) {
            opened.column("a");
            List<CopyReport.Column> columns = opened.copyReport().columns();
            assertThat(columns).extracting(CopyReport.Column::name).containsExactly("key", "a", "text", "b");
            assertThat(columns).extracting(CopyReport.Column::isRead).containsExactly(false, true, false, false);
            assertThat(columns).extracting(CopyReport.Column::isViewed).containsExactly(false, true, false, false);
            assertThat(columns.get(2).reason()).contains("UTF-32");
            assertThat(columns.get(3).reason()).isNull();
            assertThat(opened.copyReport().toString())
                    .contains("text: <U9 -> Utf8, not read yet, to be copied (UTF-32 text is decoded to UTF-8)")
                    .contains("b: <f8 -> FloatingPoint(DOUBLE), not read yet\n");
        }
    }

    @Test
    void reportsShortFilesOfADirectoryAsCopied(BufferAllocator allocator) throws Exception {
        Path few = Files.write(directory.resolve("few.npy"), Parts.npy("<i8", new byte[5 * 8], 5));
        try (Frame written = Frames.open(allocator, few)) {
            Frames.writeDirectory(written, directory.resolve("few"), WriteOptions.defaults());
        }
        try (Frame read = Frames.open(allocator, directory.resolve("few"))) {
            CopyReport.Column unread = read.copyReport().columns().get(0);
            assertThat(unread.isRead()).isFalse();
            assertThat(unread.reason()).contains("short file");
            read.root();
            CopyReport.Column column = read.copyReport().columns().get(0);
            assertThat(column.isViewed()).isFalse();
            assertThat(column.copiedBytes()).isEqualTo(40);
            assertThat(column.reason()).contains("short file");
        }
    }

    @Test
    void schemaMakesNoColumn(BufferAllocator allocator) throws Exception {
        try (Frame opened = Frames.open(allocator, frame)) {
            assertThat(opened.schema())
                    .isEqualTo(Frames.inspect(allocator, frame).schema());
            assertThat(read(opened)).isEmpty();
        }
    }

    @Test
    void derivedFramesStayLazy(BufferAllocator allocator) throws Exception {
        try (Frame opened =
                        Frames.open(allocator, frame, ReadOptions.defaults().withMisfitPolicy(MisfitPolicy.REFUSE));
                Frame shared = opened.share();
                ArrowReader reader = opened.reader(100)) {
            Frame indexed = opened.withIndex("text").withName("named");
            // Its labels have to be unique.
            assertThat(read(opened)).containsExactly("text");
            assertThat(indexed.column("a")).isSameAs(opened.column("a")).isSameAs(shared.column(1));
            assertThat(indexed.column(0)).isSameAs(opened.column("text"));
            assertThat(read(opened)).containsExactly("a", "text");
            assertThat(reader.loadNextBatch()).isTrue();
            // A batch is read for itself, and shares what was made.
            assertThat(read(opened)).containsExactly("a", "text");
            opened.root();
            assertThat(read(opened)).hasSize(4);
        }
    }

    @Test
    void columnThatFailsLeavesTheFrameUsable(BufferAllocator allocator) throws Exception {
        Path array = directory.resolve("times.npy");
        ByteBuffer years = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        years.putLong(1).putLong(Long.MAX_VALUE);
        Files.write(array, Parts.npy("<M8[Y]", years.array(), 1, 2));
        ReadOptions refusing = ReadOptions.defaults().withMisfitPolicy(MisfitPolicy.REFUSE);
        try (Frame opened = Frames.open(allocator, array, refusing)) {
            FieldVector good = opened.column(0);
            long held = allocator.getAllocatedMemory();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> opened.column(1))
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE));
                assertThatThrownBy(opened::root).isInstanceOf(NpzException.class);
                assertThat(allocator.getAllocatedMemory()).isEqualTo(held);
            }
            assertThat(opened.column(0)).isSameAs(good);
            assertThat(opened.copyReport().columns())
                    .extracting(CopyReport.Column::isRead)
                    .containsExactly(true, false);
        }
    }

    @Test
    void everyRefusedAllocationIsLimitAndLeavesNothing(BufferAllocator writing) throws Exception {
        // Small, for long memory that is refused is asked for in another way.
        Path rows = Files.write(directory.resolve("rows.npy"), Parts.npy("<i8", new byte[10 * 4 * 8], 10, 4));
        Path texts = directory.resolve("texts.npz");
        try (VectorSchemaRoot root = Roots.root(
                Roots.longs(writing, "a", 1, 2),
                Roots.texts(writing, "b", "x", "y"),
                Roots.longs(writing, "c", 3, 4))) {
            Frames.write(root, texts, WriteOptions.defaults());
        }
        for (Path file : List.of(rows, texts)) {
            AllocationFaults.refuseEach(allocator -> {
                try (Frame opened = Frames.open(allocator, file)) {
                    opened.column(1);
                    try (Frame selection = opened.select(
                            opened.columnNames().get(0), opened.columnNames().get(2))) {
                        selection.root();
                    }
                    opened.root();
                }
            });
        }
    }

    @Test
    void aRefusedAllocationCanBeTriedAgain() throws Exception {
        try (BufferAllocator refusing = AllocationFaults.refusing(1);
                Frame opened = Frames.open(refusing, block)) {
            assertThatThrownBy(() -> opened.column(1)).isInstanceOf(NpzException.class);
            assertThat(opened.column(1).getObject(1)).isEqualTo(101L);
        }
    }

    @Test
    void threadsThatAskTogetherGetTheSameColumns(BufferAllocator allocator) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Frame opened = Frames.open(allocator, block)) {
            CyclicBarrier start = new CyclicBarrier(4);
            List<Future<List<FieldVector>>> results = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int first = thread;
                results.add(threads.submit(() -> {
                    start.await();
                    List<FieldVector> made = new ArrayList<>();
                    for (int i = 0; i < COLUMNS; i++) {
                        opened.column((first * 25 + i) % COLUMNS);
                    }
                    for (int i = 0; i < COLUMNS; i++) {
                        made.add(first == 3 ? opened.root().getVector(i) : opened.column(i));
                    }
                    return made;
                }));
            }
            for (Future<List<FieldVector>> result : results) {
                assertThat(result.get())
                        .usingElementComparator((a, b) -> a == b ? 0 : 1)
                        .isEqualTo(opened.root().getFieldVectors());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void closeBesideACallThatMakesColumnsLeavesNothing(BufferAllocator allocator) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 100; round++) {
                Frame opened = Frames.open(allocator, block);
                CyclicBarrier start = new CyclicBarrier(2);
                Future<?> maker = threads.submit(() -> {
                    start.await();
                    try {
                        for (int i = 0; i < COLUMNS; i++) {
                            opened.column(i);
                        }
                    } catch (IllegalStateException closed) {
                        assertThat(closed).hasMessageContaining("closed");
                    }
                    return null;
                });
                start.await();
                opened.close();
                maker.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(allocator.getAllocatedMemory()).isZero();
    }

    /** Writes into a file in place, as no writer of this library does, and makes sure that its time tells. */
    private static void change(Path file) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), channel.size() - 1);
        }
        Files.setLastModifiedTime(file, FileTime.fromMillis(12345));
    }

    @Test
    void fileThatChangedSinceItWasOpenedIsFileChanged(BufferAllocator allocator) throws Exception {
        try (Frame opened = Frames.open(allocator, block)) {
            change(block);
            assertThatThrownBy(() -> opened.column(1))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
            assertThatThrownBy(opened::root).isInstanceOf(NpzException.class);
        }
    }

    @Test
    void directoryWhoseFileChangedSinceItWasOpenedIsFileChanged(BufferAllocator allocator) throws Exception {
        Path files = directory.resolve("frame");
        try (Frame opened = Frames.open(allocator, files)) {
            opened.column("a");
            change(files.resolve("__blocks_2__.npy"));
            assertThatThrownBy(() -> opened.column("b"))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
            assertThat(opened.column("text").getObject(5)).hasToString("word 5");
        }
    }

    @Test
    void inMemoryAndContentReadAtOnce(BufferAllocator allocator) throws Exception {
        try (Frame opened = Frames.open(allocator, block, ReadOptions.inMemory())) {
            assertThat(read(opened)).hasSize(COLUMNS);
            change(block);
            assertThat(opened.root().getVector(0).getObject(1)).isEqualTo(100L);
            try (Frame selection = opened.select("1")) {
                assertThat(selection.root().getVector(0).getObject(1)).isEqualTo(101L);
            }
        }
        try (Frame opened = Frames.open(allocator, frame, ReadOptions.defaults().withVerify(Verify.CONTENT))) {
            assertThat(read(opened)).hasSize(4);
        }
    }

    @Test
    void fieldsOfRecordsAreReadOneByOne(BufferAllocator allocator) throws Exception {
        Path records = directory.resolve("records.npy");
        ByteBuffer values = ByteBuffer.allocate(2 * 12).order(ByteOrder.LITTLE_ENDIAN);
        values.putInt(1).putLong(2).putInt(3).putLong(4);
        Files.write(records, Parts.npy("[('x', '<i4'), ('y', '<i8')]", values.array(), 2));
        try (Frame opened = Frames.open(allocator, records)) {
            assertThat(Roots.values(opened.column("y"))).containsExactly(2L, 4L);
            assertThat(read(opened)).containsExactly("y");
            assertThat(opened.copyReport().columns().get(0).reason()).isEqualTo("records are split into their fields");
            assertThat(Roots.values(opened.root().getVector("x"))).containsExactly(1, 3);
        }
    }
}
