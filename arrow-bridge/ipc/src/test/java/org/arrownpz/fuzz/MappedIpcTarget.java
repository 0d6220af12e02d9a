package org.arrownpz.fuzz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcReadOptions;
import org.arrownpz.ipc.MappedIpcReader;

/**
 * IPC files and streams: mapped, copied, or from a channel; batch by batch or as a frame. After {@link Settings}, a byte
 * tells whether the rest is a file (even), or {@link IpcParts} of the form that its other bits say (odd).
 */
public final class MappedIpcTarget {
    private static final Path FILE = Scratch.directory().resolve("fuzz.arrow");
    private static final int BATCHES = 4;
    private static final int WIDEST = 64;
    private static final FileChannel CHANNEL = open();

    private MappedIpcTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        if (data.length <= Settings.LENGTH) {
            return;
        }
        Settings settings = Settings.of(data);
        int form = data[Settings.LENGTH] & 0xff;
        byte[] bytes = (form & 1) != 0
                ? IpcParts.bytes(form >> 1, data, Settings.LENGTH + 1)
                : Arrays.copyOfRange(data, Settings.LENGTH + 1, data.length);
        if (settings.usesSelection()) {
            judge(settings, (allocator, verify) -> channel(allocator, bytes, verify));
        } else {
            write(bytes);
            Mapping mapping = settings.endAligned() ? Mapping.COPY : Mapping.READ_ONLY;
            IpcReadOptions options = IpcReadOptions.defaults().withMapping(mapping);
            judge(
                    settings,
                    (allocator, verify) -> settings.isSpecial()
                            ? frame(allocator, options.withVerify(verify))
                            : batches(allocator, options.withVerify(verify)));
        }
    }

    private interface Use {
        boolean valid(BufferAllocator allocator, Verify verify) throws NpzException;
    }

    // As for frames: what is let through unchecked and is not valid must be refused when it is checked.
    private static void judge(Settings settings, Use use) {
        boolean[] valid = {true};
        Oracle.holds(allocator -> valid[0] = use.valid(allocator, settings.verify()));
        if (!valid[0] && settings.verify() != Verify.CONTENT) {
            if (Oracle.holds(allocator -> use.valid(allocator, Verify.CONTENT))) {
                throw new AssertionError("not valid, yet accepted with all checks");
            }
        }
    }

    private static boolean batches(BufferAllocator allocator, IpcReadOptions options) throws NpzException {
        boolean valid = true;
        MappedIpcReader reader = Ipc.open(allocator, FILE, options);
        try {
            reader.fileMetadata();
            int count = 0;
            while (count < BATCHES && reader.loadNextBatch()) {
                valid &= touch(reader, options.verify());
                reader.copyReport().toString();
                reader.batchMetadata();
                count++;
            }
            for (int i = Math.min(reader.batchCount(), BATCHES) - 1; i >= 0; i--) {
                reader.loadBatch(i);
                valid &= touch(reader, options.verify());
            }
        } finally {
            close(reader);
        }
        return valid;
    }

    private static void close(MappedIpcReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new AssertionError("cannot be closed", e);
        }
    }

    private static boolean touch(MappedIpcReader reader, Verify verify) throws NpzException {
        boolean checked = verify == Verify.CONTENT;
        boolean valid = touch(reader.getVectorSchemaRoot().getFieldVectors(), checked);
        try {
            for (Dictionary dictionary : reader.getDictionaryVectors().values()) {
                valid &= Oracle.touch(dictionary.getVector(), checked);
            }
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("an untyped exception", e);
        }
        return valid;
    }

    private static boolean touch(List<FieldVector> vectors, boolean checked) {
        boolean valid = true;
        for (FieldVector vector : vectors.subList(0, Math.min(vectors.size(), WIDEST))) {
            valid &= Oracle.touch(vector, checked);
        }
        return valid;
    }

    private static boolean frame(BufferAllocator allocator, IpcReadOptions options) throws NpzException {
        try (IpcFile file = Ipc.read(allocator, FILE, options)) {
            return frame(file, options.verify());
        }
    }

    private static boolean channel(BufferAllocator allocator, byte[] bytes, Verify verify) throws NpzException {
        try (IpcFile file = Ipc.readStream(allocator, Channels.newChannel(new ByteArrayInputStream(bytes)), "fuzz")) {
            // A stream from a channel is never checked for what its text holds.
            frame(file, Verify.STRUCTURE);
            return true;
        }
    }

    private static boolean frame(IpcFile file, Verify verify) throws NpzException {
        file.schema().toString();
        Frame frame = file.frame();
        frame.interchangeSchema().toString();
        frame.columnNames();
        frame.toString();
        return Oracle.touch(frame.root().getFieldVectors(), frame.dictionaries(), verify == Verify.CONTENT);
    }

    private static FileChannel open() {
        try {
            return FileChannel.open(FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(byte[] bytes) {
        try {
            CHANNEL.truncate(bytes.length);
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                CHANNEL.write(rest, rest.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
