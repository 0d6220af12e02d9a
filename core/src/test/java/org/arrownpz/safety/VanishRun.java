package org.arrownpz.safety;

import static org.arrownpz.testing.RandomVectors.field;

import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Vectors;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Unpacked;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.PackSpec.NullKeys;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.buffers.VectorSlices;

/**
 * Cuts a mapped file short at one page after the other, before it is opened or between opening and use, and prints a line
 * {@code BAD …} for each outcome that is neither success nor a typed error, and for each byte that stays allocated.
 *
 * <p>Arguments: a folder, and every how many pages to cut. Meant for a JVM that compiles everything ({@code -Xcomp}): only
 * compiled code meets the page's absence later than where it reads.
 */
final class VanishRun {
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final ReadOptions CHECKED = ReadOptions.defaults().withVerify(Verify.CONTENT);
    private static final int ROWS = 1500;
    private static final int NESTED_ROWS = 400;
    private static final int PAGE = 4096;

    private final Path folder;
    private final TreeMap<String, Integer> outcomes = new TreeMap<>();

    private VanishRun(Path folder) {
        this.folder = folder;
    }

    /** Something done with an open frame. */
    private interface Use {
        void of(BufferAllocator allocator, Frame frame) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        VanishRun run = new VanishRun(Path.of(arguments[0]));
        int stride = Integer.parseInt(arguments[1]);
        for (Path file : run.files()) {
            long pages = Files.size(file) / PAGE;
            for (long page = 0; page <= pages; page += stride) {
                run.cut(file, page * PAGE);
            }
        }
        for (String dtype : List.of("<f4", "<f8")) {
            run.search(dtype, stride);
        }
        run.outcomes.forEach((outcome, count) -> System.out.println(outcome + " " + count));
        System.out.println("done");
    }

    private List<Path> files() throws Exception {
        Path numpy = folder.resolve("numpy.npz");
        Path arrow = folder.resolve("arrow.npz");
        Path arrays = folder.resolve("arrays.npz");
        Path small = folder.resolve("small.npz");
        Path rows = folder.resolve("rows.npy");
        Path nested = folder.resolve("nested.npz");
        try (BufferAllocator allocator = new RootAllocator();
                Zoo zoo = new Zoo(allocator, ROWS);
                Frame frame = Frame.of(zoo.root(), zoo.dictionaries())) {
            Frames.write(frame, numpy, FAST);
            Frames.write(frame, arrow, FAST.withLayout(ColumnLayout.ARROW));
            Members.read(allocator, numpy)
                    .only("none")
                    .with("a.npy", Members.npy(">i4", "(" + ROWS + ",)", bytes(4 * ROWS)))
                    .with("b.npy", Members.npy("<U6", "(" + ROWS + ",)", new byte[24 * ROWS]))
                    .with("c.npy", Members.npy("|S9", "(" + ROWS + ",)", bytes(9 * ROWS)))
                    .with("d.npy", Members.npy("<M8[ns]", "(" + ROWS + ",)", bytes(8 * ROWS)))
                    .with("e.npy", Members.npy("<M8[M]", "(" + ROWS + ",)", new byte[8 * ROWS]))
                    .with("f.npy", Members.npy("|b1", "(" + ROWS + ",)", bytes(ROWS)))
                    .write(arrays);
            Members shorter = Members.read(allocator, numpy).only("none");
            for (int width = 1; width < 6; width++) {
                String shape = "(" + ROWS + ",)";
                shorter = shorter.with(width + ".npy", Members.npy("<U" + width, shape, new byte[4 * width * ROWS]));
            }
            for (String dtype : List.of("|u1", "<i2", "<i4", "<f8")) {
                int size = dtype.charAt(2) - '0';
                String shape = "(" + ROWS + ", 9)";
                shorter = shorter.with(dtype.substring(1) + ".npy", Members.npy(dtype, shape, bytes(9 * size * ROWS)));
            }
            shorter.write(small);
        }
        try (BufferAllocator allocator = new RootAllocator()) {
            RandomVectors vectors = new RandomVectors(allocator, 8, true);
            List<FieldVector> columns = new ArrayList<>();
            for (Field field : nestedFields()) {
                columns.add(vectors.vector(field, NESTED_ROWS));
            }
            try (VectorSchemaRoot root = new VectorSchemaRoot(columns)) {
                Frames.write(root, nested, FAST.withLayout(ColumnLayout.ARROW));
            }
        }
        Files.write(rows, Members.npy(">f8", "(" + ROWS + ", 9)", bytes(72 * ROWS)));
        return List.of(numpy, arrow, arrays, small, rows, nested);
    }

    /** What says where values lie, below everything that has children. */
    private static List<Field> nestedFields() {
        Field text = field("t", ArrowType.Utf8.INSTANCE);
        Field view = field("v", ArrowType.BinaryView.INSTANCE);
        Field list = field("l", ArrowType.List.INSTANCE, field("item", ArrowType.LargeBinary.INSTANCE));
        Field views = field("w", ArrowType.LargeListView.INSTANCE, text);
        Field dense = field("d", new ArrowType.Union(UnionMode.Dense, new int[] {5, 2, 9}), text, view, list);
        Field runs = field(
                "r",
                ArrowType.RunEndEncoded.INSTANCE,
                new Field("run_ends", FieldType.notNullable(new ArrowType.Int(16, true)), List.of()),
                field("values", ArrowType.Utf8.INSTANCE));
        int[] sparse = {Types.MinorType.VARCHAR.ordinal(), Types.MinorType.LIST.ordinal()};
        Field entries = new Field(
                "entries",
                FieldType.notNullable(ArrowType.Struct.INSTANCE),
                List.of(new Field("key", FieldType.notNullable(ArrowType.LargeUtf8.INSTANCE), List.of()), view));
        return List.of(
                field("key", new ArrowType.Int(32, true)),
                field("struct", ArrowType.Struct.INSTANCE, text, view, list, dense, runs),
                field("fixed", new ArrowType.FixedSizeList(2), list),
                field("lists", ArrowType.List.INSTANCE, dense),
                field("large_lists", ArrowType.LargeList.INSTANCE, views),
                field("list_views", ArrowType.ListView.INSTANCE, view),
                field("map", new ArrowType.Map(false), entries),
                field(
                        "sparse",
                        new ArrowType.Union(UnionMode.Sparse, sparse),
                        field("varchar", ArrowType.Utf8.INSTANCE),
                        field("list", ArrowType.List.INSTANCE, text)),
                views,
                runs,
                dense);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (1 + i % 100);
        }
        return bytes;
    }

    private void cut(Path file, long length) throws Exception {
        for (ReadOptions options : List.of(ReadOptions.defaults(), CHECKED, ReadOptions.inMemory())) {
            round(file, length, true, "open " + options.verify() + " " + options.mapping(), options, (a, frame) -> {});
        }
        List<String> names = List.of("numpy", "arrow", "pack", "copy", "batches", "parts", "select", "block");
        List<Use> uses = List.of(
                (a, frame) -> Frames.write(frame, folder.resolve("out.npz"), FAST),
                (a, frame) -> Frames.write(frame, folder.resolve("out.npz"), FAST.withLayout(ColumnLayout.ARROW)),
                VanishRun::pack,
                (a, frame) -> frame.copy().close(),
                VanishRun::batches,
                VanishRun::parts,
                (a, frame) ->
                        frame.select(frame.columnNames().toArray(String[]::new)).close(),
                VanishRun::blocks);
        for (int i = 0; i < uses.size(); i++) {
            round(file, length, false, names.get(i), ReadOptions.defaults(), uses.get(i));
        }
    }

    private static void batches(BufferAllocator allocator, Frame frame) throws Exception {
        try (ArrowReader reader = frame.reader(100)) {
            while (reader.loadNextBatch()) {
                reader.getVectorSchemaRoot().getRowCount();
            }
        }
    }

    // What a server sends.
    private static void parts(BufferAllocator allocator, Frame frame) throws Exception {
        VectorSchemaRoot all = frame.root();
        try (VectorSchemaRoot root = VectorSchemaRoot.create(all.getSchema(), allocator)) {
            for (int from = 0; from < all.getRowCount(); from += 300) {
                int count = Math.min(300, all.getRowCount() - from);
                List<FieldVector> rows =
                        VectorSlices.copy(all.getFieldVectors(), allocator, from, count, Location.ofFile("victim"));
                VectorSlices.move(rows, root, count);
            }
        }
    }

    private static void blocks(BufferAllocator allocator, Frame frame) throws Exception {
        for (int block = 0; block < frame.blockCount(); block++) {
            frame.block(block).close();
        }
    }

    private static void pack(BufferAllocator allocator, Frame frame) throws Exception {
        PackSpec runs = PackSpec.by(0).packRest().order(InputOrder.RUNS).nullKeys(NullKeys.KEEP);
        PackSpec sort = PackSpec.by(0).packRest().order(InputOrder.STABLE_SORT);
        for (PackSpec spec : List.of(runs, sort)) {
            try (Packed packed = Events.pack(frame, spec);
                    Unpacked unpacked = Events.unpack(packed.root(), UnpackSpec.lists())) {
                unpacked.root().getRowCount();
            }
        }
    }

    /** Sums over rows are made of the mapping itself. */
    private void search(String dtype, int stride) throws Exception {
        int width = dtype.charAt(2) - '0';
        byte[] matrix = Members.npy(dtype, "(" + ROWS + ", 9)", bytes(9 * width * ROWS));
        Path victim = folder.resolve("matrix.npy");
        for (long length = 0; length < matrix.length; length += (long) stride * PAGE) {
            for (Vectors.Metric metric : Vectors.Metric.values()) {
                Files.write(victim, matrix);
                String outcome = "ok";
                try (BufferAllocator allocator = new RootAllocator();
                        NumpyArray array = Npy.load(allocator, victim);
                        FileChannel channel = FileChannel.open(victim, StandardOpenOption.WRITE)) {
                    channel.truncate(length);
                    Vectors.nearest(array, new double[9], 3, metric);
                } catch (NpzException e) {
                    outcome = e.code() == ErrorCode.FILE_CHANGED ? e.code().toString() : "BAD " + e;
                } catch (Throwable e) {
                    outcome = "BAD " + e + " " + Arrays.toString(e.getStackTrace());
                }
                if (!outcome.equals(ErrorCode.FILE_CHANGED.toString())) {
                    System.out.println("BAD " + dtype + " cut at " + length + " " + metric + " " + outcome);
                }
                outcomes.merge("nearest " + outcome, 1, Integer::sum);
            }
        }
    }

    private void round(Path file, long length, boolean before, String what, ReadOptions options, Use use)
            throws Exception {
        Path victim = folder.resolve("victim");
        Files.deleteIfExists(victim);
        Files.copy(file, victim);
        String outcome = "ok";
        try (FileChannel channel = FileChannel.open(victim, StandardOpenOption.READ, StandardOpenOption.WRITE);
                BufferAllocator allocator = new RootAllocator()) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            if (before) {
                channel.truncate(length);
            }
            try (Frame frame = Frames.open(allocator, bytes, options)) {
                channel.truncate(length);
                use.of(allocator, frame);
            }
            if (allocator.getAllocatedMemory() != 0) {
                outcome = "BAD leak of " + allocator.getAllocatedMemory();
            }
        } catch (NpzException e) {
            outcome = e.code() == ErrorCode.FILE_CHANGED ? e.code().toString() : "BAD " + e;
        } catch (Throwable e) {
            outcome = "BAD " + e + " " + Arrays.toString(e.getStackTrace()) + Arrays.toString(e.getSuppressed());
        }
        if (outcome.startsWith("BAD")) {
            System.out.println("BAD " + file.getFileName() + " cut at " + length + " " + what + " " + outcome);
        }
        outcomes.merge(what + " " + (outcome.startsWith("BAD") ? "BAD" : outcome), 1, Integer::sum);
    }
}
