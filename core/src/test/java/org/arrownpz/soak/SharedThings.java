package org.arrownpz.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.Location;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.array.Npy;
import org.arrownpz.frame.Bus;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzWriter;

/** Makes the things that {@link CloseRaceRun} closes, one kind after the other, over small files of known content. */
final class SharedThings implements CloseRaceRun.Things {
    static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    static final int ROWS = 4000;
    static final int GROUP = 10;

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
            case 0 -> SharedFiles.archive("mapped archive", NpzFile.open(allocator, plain), members);
            case 1 ->
                SharedFiles.archive("copied archive", NpzFile.open(allocator, plain, ReadOptions.inMemory()), members);
            case 2 -> SharedFiles.archive("deflated archive", NpzFile.open(allocator, deflated), members);
            case 3 -> SharedFiles.archive("checked archive", NpzFile.open(allocator, plain, checked()), members);
            case 4 -> SharedFiles.archive("archive in a buffer", inBuffer(allocator), members);
            case 5 -> SharedFiles.array(Npy.load(allocator, array));
            case 6 -> SharedFrames.frame("mapped frame", Frames.open(allocator, plain), folder);
            case 7 -> SharedFrames.frame("frame of Arrow buffers", Frames.open(allocator, arrow), folder);
            case 8 -> SharedFrames.frame("deflated frame", Frames.open(allocator, deflated), folder);
            case 9 -> SharedFrames.frame("frame of a directory", Frames.open(allocator, directory), folder);
            case 10 -> SharedFrames.block(Frames.open(allocator, array));
            case 11 -> SharedFrames.bus(Bus.open(allocator, bus));
            case 12 -> SharedEvents.reader(Frames.open(allocator, arrow), race % 28 < 14, race % 56 < 28);
            default -> SharedEvents.packed(Frames.open(allocator, arrow));
        };
    }

    private static ReadOptions checked() {
        return ReadOptions.defaults().withVerify(Verify.CRC);
    }

    private NpzFile inBuffer(BufferAllocator allocator) throws IOException {
        ByteSource source = ByteSources.of(allocator, ByteBuffer.wrap(Files.readAllBytes(plain)));
        return NpzFile.open(allocator, source, Location.ofFile("buffer"), ReadOptions.defaults());
    }
}
