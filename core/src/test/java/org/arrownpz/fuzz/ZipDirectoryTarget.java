package org.arrownpz.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.vector.read.VectorReader;

/**
 * An archive, member by member. After {@link Settings}, a byte tells whether the rest is a file (even), or {@link
 * ArchiveParts} (odd).
 */
public final class ZipDirectoryTarget {
    private static final Location PLACE = Location.ofFile("fuzz.npz");
    private static final int MEMBERS = 20;
    private static final int BYTES = 1 << 16;
    private static final BufferAllocator INPUTS = Oracle.inputs();

    private ZipDirectoryTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        if (data.length <= Settings.LENGTH) {
            return;
        }
        Settings settings = Settings.of(data);
        byte[] file = (data[Settings.LENGTH] & 1) != 0
                ? ArchiveParts.archive(data, Settings.LENGTH + 1)
                : Arrays.copyOfRange(data, Settings.LENGTH + 1, data.length);
        try (ArrowBuf buffer = INPUTS.buffer(Math.max(1, file.length))) {
            buffer.setBytes(0, file);
            ByteBuffer end = settings.endAligned() && InputMemory.holds(file, 0) ? InputMemory.atEnd(file, 0) : null;
            Oracle.holds(allocator -> read(
                    allocator,
                    end == null ? ByteSources.of(buffer, 0, file.length) : ByteSources.of(allocator, end),
                    settings));
            if (buffer.refCnt() != 1) {
                throw new AssertionError("references to the file are left: " + buffer.refCnt());
            }
        }
    }

    private static void read(BufferAllocator allocator, ByteSource source, Settings settings) throws NpzException {
        ReadOptions options = settings.options();
        NpzException first = null;
        try (NpzFile file = settings.usesSelection()
                ? NpzFile.openLazily(allocator, source, PLACE, options)
                : NpzFile.open(allocator, source, PLACE, options)) {
            if (file.entries().size() != file.size() || file.keys().size() != file.size()) {
                throw new AssertionError("entries of " + file.size() + " members: " + file.entries());
            }
            for (NpzEntry entry : file.entries().subList(0, Math.min(file.size(), MEMBERS))) {
                if (!file.contains(entry.name()) || !file.contains(entry.key())) {
                    throw new AssertionError("is not found: " + entry);
                }
                if (!file.entry(entry.name()).equals(entry)) {
                    throw new AssertionError("is found as another: " + entry);
                }
                try {
                    member(allocator, file, entry, settings);
                } catch (NpzException e) {
                    first = e;
                }
            }
            file.checkLayout();
        }
        if (first != null) {
            throw first;
        }
    }

    private static void member(BufferAllocator allocator, NpzFile file, NpzEntry entry, Settings settings)
            throws NpzException {
        if (settings.usesCopy()) {
            file.verifyCrc(entry.name());
        }
        if (settings.usesInterchange() && file.payloadOffset(entry.name()) < entry.localHeaderOffset()) {
            throw new AssertionError("data before the member: " + entry);
        }
        NpzException fault = null;
        if (settings.usesBlocks()) {
            try {
                byte[] bytes = file.bytes(entry.name(), BYTES);
                if (bytes.length != entry.size()) {
                    throw new AssertionError("bytes of " + entry + ": " + bytes.length);
                }
            } catch (NpzException e) {
                fault = e;
            }
        }
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator);
                FieldVector vector = new VectorReader(allocator, settings.options(), ones, null)
                        .read(file.array(entry.name()), entry.key())) {
            Oracle.touch(vector, true);
        }
        if (fault != null) {
            throw fault;
        }
    }
}
