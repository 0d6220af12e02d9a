package org.arrownpz.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Durability;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.event.Events;
import org.arrownpz.event.PackSpec;
import org.arrownpz.event.Packed;
import org.arrownpz.event.UnpackSpec;
import org.arrownpz.frame.Bus;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.memory.ByteSource;
import org.arrownpz.memory.ByteSources;
import org.arrownpz.npy.Npy;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.NpyFile;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.vector.ColumnLayout;
import org.jspecify.annotations.Nullable;

/** Makes the things that {@link CloseRaceRun} closes, one kind after the other, over small files of known content. */
final class SharedThings implements CloseRaceRun.Things {
    static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    private static final int ROWS = 4000;
    private static final int GROUP = 10;
    private static final int BATCH = 64;
    private static final int BATCHES = (ROWS + BATCH - 1) / BATCH;
    private static final PackSpec BY_KEY = PackSpec.by("key").packRest();

    private final Path folder;
    private final Path plain;
    private final Path arrow;
    private final Path deflated;
    private final Path directory;
    private final Path array;
    private final Path bus;
    private final Map<String, byte[]> members = new TreeMap<>();

    SharedThings(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        this.plain = this.folder.resolve("plain.npz");
        this.arrow = this.folder.resolve("arrow.npz");
        this.deflated = this.folder.resolve("deflated.npz");
        this.directory = this.folder.resolve("directory");
        this.array = this.folder.resolve("array.npy");
        this.bus = this.folder.resolve("bus.zip");
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = root(allocator);
                Frame frame = Frame.of(root)) {
            Frames.write(frame, plain, FAST);
            Frames.write(frame, arrow, FAST.withLayout(ColumnLayout.ARROW));
            Frames.write(frame, deflated, FAST.deflate(1));
            Frames.writeDirectory(frame, directory, FAST);
            Files.write(array, matrix());
            try (NpzWriter writer = NpzWriter.create(bus, FAST)) {
                writer.bytes("a.npz", Files.readAllBytes(plain));
                writer.bytes("b.npz", Files.readAllBytes(plain));
                writer.finish();
            }
            try (NpzFile file = NpzFile.open(allocator, plain)) {
                for (String name : file.names()) {
                    members.put(name, file.bytes(name, 1 << 24));
                }
            }
        }
    }

    private static VectorSchemaRoot root(BufferAllocator allocator) {
        BigIntVector key = new BigIntVector("key", allocator);
        Float8Vector number = new Float8Vector("number", allocator);
        VarCharVector text = new VarCharVector("text", allocator);
        for (int i = 0; i < ROWS; i++) {
            key.setSafe(i, i / GROUP);
            number.setSafe(i, i + 0.5);
            text.setSafe(i, ("row " + i).getBytes(StandardCharsets.US_ASCII));
        }
        VectorSchemaRoot root = VectorSchemaRoot.of(key, number, text);
        root.setRowCount(ROWS);
        return root;
    }

    /** A C-order array of two columns, so that columns must be transposed and the block is a view. */
    private static byte[] matrix() {
        byte[] header = "{'descr': '<f8', 'fortran_order': False, 'shape': (%d, 2), }"
                .formatted(ROWS)
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(128 + 16 * ROWS).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
        bytes.put(header);
        while (bytes.position() < 127) {
            bytes.put((byte) ' ');
        }
        bytes.put((byte) '\n');
        for (int i = 0; i < 2 * ROWS; i++) {
            bytes.putDouble(i / 2 + 0.5);
        }
        return bytes.array();
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public SharedThing open(BufferAllocator allocator, int race) throws IOException {
        return switch (race % 14) {
            case 0 -> archive("mapped archive", NpzFile.open(allocator, plain));
            case 1 -> archive("copied archive", NpzFile.open(allocator, plain, ReadOptions.copy()));
            case 2 -> archive("deflated archive", NpzFile.open(allocator, deflated));
            case 3 -> archive("checked archive", NpzFile.open(allocator, plain, checked()));
            case 4 -> archive("archive in a buffer", inBuffer(allocator));
            case 5 -> array(Npy.open(allocator, array));
            case 6 -> frame("mapped frame", Frames.open(allocator, plain));
            case 7 -> frame("frame of Arrow buffers", Frames.open(allocator, arrow));
            case 8 -> frame("deflated frame", Frames.open(allocator, deflated));
            case 9 -> frame("frame of a directory", Frames.open(allocator, directory));
            case 10 -> block(Frames.open(allocator, array));
            case 11 -> bus(Bus.open(allocator, bus));
            case 12 -> reader(Frames.open(allocator, arrow), race % 28 < 14, race % 56 < 28);
            default -> packed(Frames.open(allocator, arrow));
        };
    }

    private static ReadOptions checked() {
        return ReadOptions.defaults().withVerify(Verify.CRC);
    }

    private NpzFile inBuffer(BufferAllocator allocator) throws IOException {
        ByteSource source = ByteSources.of(allocator, ByteBuffer.wrap(Files.readAllBytes(plain)));
        return NpzFile.open(allocator, source, Location.ofFile("buffer"), ReadOptions.defaults());
    }

    private SharedThing archive(String name, NpzFile file) {
        List<String> names = List.copyOf(members.keySet());
        return new SharedThing(name) {
            @Override
            @Nullable
            String use(Random choice) throws NpzException {
                String member = names.get(choice.nextInt(names.size()));
                byte[] expected = members.get(member);
                switch (choice.nextInt(6)) {
                    case 0 -> {
                        return Arrays.equals(file.bytes(member, 1 << 24), expected) ? null : "bytes";
                    }
                    case 1 -> file.verifyCrc(member);
                    case 2 -> file.inflateAll(names);
                    case 3 -> {
                        return file.contains(member) && file.entries().size() == names.size() ? null : "entries";
                    }
                    default -> {
                        ByteSource source = file.member(member);
                        int from = choice.nextInt(expected.length);
                        int length = choice.nextInt(expected.length - from);
                        try (ArrowBuf region = source.region(from, length)) {
                            return differs(region, expected, from, length, choice);
                        }
                    }
                }
                return null;
            }

            @Override
            void close() {
                file.close();
            }
        };
    }

    private static @Nullable String differs(ArrowBuf region, byte[] expected, int from, int length, Random choice) {
        for (int i = 0; i < Math.min(length, 20); i++) {
            int at = choice.nextInt(length);
            if (region.getByte(at) != expected[from + at]) {
                return "byte " + (from + at);
            }
        }
        return null;
    }

    private static SharedThing array(NpyFile file) {
        NpyArray array = file.array();
        return new SharedThing("mapped array") {
            @Override
            @Nullable
            String use(Random choice) throws NpzException {
                int row = choice.nextInt(ROWS - 10);
                try (ArrowBuf region = array.region(16L * row, 160)) {
                    return region.getDouble(144) == row + 9.5 ? null : "row " + row;
                }
            }

            @Override
            void close() {
                file.close();
            }
        };
    }

    private SharedThing frame(String name, Frame frame) {
        return new SharedThing(name) {
            @Override
            @Nullable
            String use(Random choice) throws IOException {
                int row = choice.nextInt(ROWS);
                return switch (choice.nextInt(16)) {
                    case 0 -> {
                        try (Frame copy = frame.copy()) {
                            yield wrong(copy.root(), row);
                        }
                    }
                    case 1 -> packing(frame, row);
                    case 2 -> {
                        Path target = folder.resolve(Thread.currentThread().getName() + ".npz");
                        Frames.write(frame, target, FAST);
                        try (Frame written =
                                Frames.open(frame.root().getVector(0).getAllocator(), target)) {
                            yield wrong(written.root(), row);
                        }
                    }
                    case 3 -> {
                        frame.checkUnchanged();
                        yield frame.columnNames().size() == 3 ? null : "columns";
                    }
                    case 4, 5 -> batches(frame);
                    case 6, 7, 8 -> {
                        try (Frame part = frame.select("number", "key")) {
                            yield number(part.root(), row) == row + 0.5 ? null : "selection";
                        }
                    }
                    default -> {
                        try (Frame mine = frame.share()) {
                            yield wrong(mine.root(), row);
                        }
                    }
                };
            }

            @Override
            void close() {
                frame.close();
            }
        };
    }

    private static double number(VectorSchemaRoot root, int row) {
        return ((Float8Vector) root.getVector("number")).get(row);
    }

    private static @Nullable String wrong(VectorSchemaRoot root, int row) {
        boolean right = number(root, row) == row + 0.5
                && ((BigIntVector) root.getVector("key")).get(row) == row / GROUP
                && String.valueOf(root.getVector("text").getObject(row)).equals("row " + row);
        return right ? null : "row " + row;
    }

    private static @Nullable String packing(Frame frame, int row) throws NpzException {
        try (Packed packed = Events.pack(frame, BY_KEY)) {
            return packedWrong(packed, row);
        }
    }

    private static @Nullable String packedWrong(Packed packed, int row) {
        ListVector numbers = (ListVector) packed.root().getVector("number");
        int group = row / GROUP;
        return numbers.getElementStartIndex(group) == group * GROUP
                        && ((Float8Vector) numbers.getDataVector()).get(row) == row + 0.5
                ? null
                : "group " + group;
    }

    private static @Nullable String batches(Frame frame) throws IOException {
        try (ArrowReader reader = frame.reader(1000)) {
            int rows = 0;
            while (reader.loadNextBatch()) {
                String wrong = number(reader.getVectorSchemaRoot(), 7) == rows + 7.5 ? null : "batch at " + rows;
                if (wrong != null) {
                    return wrong;
                }
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
            return rows == ROWS ? null : "rows " + rows;
        }
    }

    /** A block that is a view, of a frame whose columns had to be copied. */
    private static SharedThing block(Frame frame) {
        return new SharedThing("block of a frame") {
            @Override
            @Nullable
            String use(Random choice) throws NpzException {
                int row = choice.nextInt(ROWS);
                try (var tensor = frame.block(0)) {
                    return String.valueOf(tensor.getObject(row)).equals("[" + row + ".5," + row + ".5]")
                            ? null
                            : "row " + row + " " + tensor.getObject(row);
                }
            }

            @Override
            void close() {
                frame.close();
            }
        };
    }

    private static SharedThing bus(Bus bus) {
        return new SharedThing("bus") {
            @Override
            @Nullable
            String use(Random choice) throws NpzException {
                try (Frame frame = bus.frame(choice.nextBoolean() ? "a" : "b")) {
                    return wrong(frame.root(), choice.nextInt(ROWS));
                }
            }

            @Override
            void close() {
                bus.close();
            }
        };
    }

    /** A reader that several threads ask for batches, closed itself or by its frame. */
    private static SharedThing reader(Frame frame, boolean packing, boolean frameFirst) throws IOException {
        ArrowReader batches = frame.reader(BATCH);
        ArrowReader reader = packing ? Events.packing(batches, BY_KEY) : batches;
        AtomicInteger loaded = new AtomicInteger();
        return new SharedThing(packing ? "packing reader" : "batch reader") {
            @Override
            @Nullable
            String use(Random choice) throws IOException {
                if (reader.loadNextBatch()) {
                    loaded.incrementAndGet();
                }
                // Packing may give the group at a border a batch of its own.
                return loaded.get() > (packing ? 2 : 1) * BATCHES ? "too many batches" : null;
            }

            @Override
            void close() throws IOException {
                if (frameFirst) {
                    frame.close();
                } else {
                    reader.close();
                }
            }

            @Override
            void afterClose() throws IOException {
                reader.close();
                frame.close();
            }
        };
    }

    /** Packed events that several threads read while the frame, whose memory they share, is closed. */
    private static SharedThing packed(Frame frame) throws NpzException {
        Packed packed = Events.pack(frame, BY_KEY);
        return new SharedThing("packed events") {
            @Override
            @Nullable
            String use(Random choice) throws NpzException {
                String wrong = packedWrong(packed, choice.nextInt(ROWS));
                if (wrong == null && choice.nextInt(8) == 0) {
                    try (var rows = Events.unpack(packed.root(), UnpackSpec.lists())) {
                        return rows.root().getRowCount() == ROWS ? null : "unpacked rows";
                    }
                }
                return wrong;
            }

            @Override
            void close() {
                frame.close();
            }

            @Override
            void afterClose() {
                packed.close();
            }
        };
    }
}
