package org.arrownpz.npz;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.internal.zip.StoredChecksum;
import org.arrownpz.npz.internal.zip.ZipRecords;
import org.arrownpz.npz.internal.zip.read.CentralDirectory;
import org.arrownpz.npz.internal.zip.read.DeflatedStart;
import org.arrownpz.npz.internal.zip.read.HeaderWindow;
import org.arrownpz.npz.internal.zip.read.LocalHeader;
import org.arrownpz.npz.internal.zip.read.MemberInflater;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** The contents of an archive's members, by number. Owns the source. Safe for use by several threads. */
final class MemberData implements AutoCloseable {
    /** Bytes that nearly every member's local header and array header take. */
    private static final int HEADERS = 512;

    private final BufferAllocator allocator;
    private final ByteSource source;
    private final CentralDirectory directory;
    private final ReadOptions options;
    /** File offset of each member's data, 0 while its local header was not looked at. */
    private final AtomicLongArray payloads;

    private final ConcurrentHashMap<Integer, Slot> slots = new ConcurrentHashMap<>();
    private final AtomicLong inflatedBytes = new AtomicLong();
    private volatile boolean closed;

    /** The state of a member that was inflated or checked. Guarded by itself. */
    private static final class Slot {
        @Nullable
        ByteSource inflated;

        boolean checked;
    }

    MemberData(BufferAllocator allocator, ByteSource source, CentralDirectory directory, ReadOptions options) {
        this.allocator = allocator;
        this.source = source;
        this.directory = directory;
        this.options = options;
        this.payloads = new AtomicLongArray(directory.count());
    }

    /** Looks at the local header of every member, so that no byte of the archive is unaccounted for. */
    void checkLayout() throws NpzException {
        int count = directory.count();
        expectHeaders(IntStream.range(0, count));
        LocalHeader local = new LocalHeader(directory, new HeaderWindow(source));
        for (int member = 0; member < count; member++) {
            if (payloads.getPlain(member) == 0) {
                payloads.setRelease(member, local.payloadOffset(member));
            }
        }
    }

    /** Announces the headers of members. */
    void expectHeaders(IntStream members) {
        members.takeWhile(member -> source.expect(directory.offset(member), HEADERS))
                .forEach(member -> {});
    }

    /** Announces members that are read whole, with their local headers. */
    void expect(int... members) {
        for (int member : members) {
            long offset = directory.offset(member);
            if (!source.expect(offset, Math.min(source.size() - offset, HEADERS + directory.compressedSize(member)))) {
                return;
            }
        }
    }

    /**
     * An array of which only the header is read now: of a deflated member, no more than that is inflated. Its elements are
     * inflated, or checked as the options ask, when they are asked for.
     */
    NumpyArray outline(int member, NpyHeaderReader headers) throws NpzException {
        requireReadable(member);
        Location location = directory.location(member);
        ByteSource raw = raw(member);
        boolean deflated = isDeflated(member);
        if (!deflated && options.verify().compareTo(Verify.CRC) < 0) {
            return headers.open(raw, location, true);
        }
        ByteSource start = deflated ? new DeflatedStart(raw, directory.size(member), location) : raw;
        NpyHeader header = headers.read(start, location, true);
        return new NumpyArray(location, header, new DeferredElements(this, member, header));
    }

    long payloadOffset(int member) throws NpzException {
        long offset = payloads.getAcquire(member);
        if (offset == 0) {
            requireOpen();
            offset = new LocalHeader(directory, new HeaderWindow(source)).payloadOffset(member);
            payloads.setRelease(member, offset);
        }
        return offset;
    }

    /** A member's content; checked against its checksum where it was inflated or the options ask for it. */
    ByteSource content(int member) throws NpzException {
        requireReadable(member);
        if (directory.method(member) == ZipRecords.DEFLATED) {
            return inflated(member, null);
        }
        ByteSource raw = raw(member);
        if (options.verify().compareTo(Verify.CRC) >= 0) {
            Slot slot = slot(member);
            synchronized (slot) {
                if (!slot.checked) {
                    verifyStored(member, raw);
                    slot.checked = true;
                }
            }
        }
        return raw;
    }

    /** A member's bytes as they lie in the file; checked where the options ask for checksums. */
    ByteSource packed(int member) throws NpzException {
        requireReadable(member);
        if (options.verify().compareTo(Verify.CRC) >= 0) {
            verify(member);
        }
        return raw(member);
    }

    /** Compares content and checksum without keeping anything. */
    void verify(int member) throws NpzException {
        requireReadable(member);
        if (directory.method(member) == ZipRecords.STORED) {
            verifyStored(member, raw(member));
            return;
        }
        Location location = directory.location(member);
        try (MemberInflater inflater = new MemberInflater(allocator, location)) {
            inflater.verify(raw(member), directory.size(member), directory.crc(member), location);
        }
    }

    boolean isDeflated(int member) {
        return directory.method(member) == ZipRecords.DEFLATED;
    }

    /**
     * A deflated member, inflated once.
     *
     * @param tool an inflater to use, or null to make one for this member
     */
    ByteSource inflated(int member, @Nullable MemberInflater tool) throws NpzException {
        requireReadable(member);
        Slot slot = slot(member);
        synchronized (slot) {
            if (slot.inflated == null) {
                requireOpen();
                Location location = directory.location(member);
                if (tool != null) {
                    slot.inflated = inflate(member, tool, location);
                } else {
                    try (MemberInflater own = new MemberInflater(allocator, location)) {
                        slot.inflated = inflate(member, own, location);
                    }
                }
            }
            return slot.inflated;
        }
    }

    private ByteSource inflate(int member, MemberInflater tool, Location location) throws NpzException {
        long size = directory.size(member);
        long limit = options.limits().inflatedBytes();
        ByteSource compressed = raw(member);
        long before = inflatedBytes.getAndAccumulate(size, (sum, more) -> more > limit - sum ? sum : sum + more);
        if (size > limit - before) {
            throw location.error(ErrorCode.LIMIT, "the archive's members inflate to too many bytes")
                    .expected("at most " + limit)
                    .found(before + " and " + size)
                    .remedy("Raise ReadLimits.inflatedBytes")
                    .build();
        }
        try (Rollback undo = Rollback.of(() -> inflatedBytes.addAndGet(-size))) {
            return undo.commit(ByteSources.owning(
                    tool.inflate(compressed, size, directory.crc(member), location), location, "archive"));
        }
    }

    private void verifyStored(int member, ByteSource raw) throws NpzException {
        StoredChecksum.verify(allocator, raw, directory.crc(member), directory.location(member));
    }

    private ByteSource raw(int member) throws NpzException {
        long offset = payloadOffset(member);
        requireOpen();
        return source.slice(offset, directory.compressedSize(member));
    }

    private Slot slot(int member) {
        return slots.computeIfAbsent(member, key -> new Slot());
    }

    private void requireReadable(int member) throws NpzException {
        if (directory.isPlain(member)) {
            return;
        }
        Location location = directory.location(member);
        if (directory.encrypted(member)) {
            throw location.error(ErrorCode.ZIP_ENCRYPTED, "the member is encrypted")
                    .remedy("Decrypt the archive first")
                    .build();
        }
        if (directory.patched(member)) {
            throw location.fault(ErrorCode.ZIP_ENCRYPTED, "the member is compressed patched data, which is not read");
        }
        int method = directory.method(member);
        if (method != ZipRecords.STORED && method != ZipRecords.DEFLATED
                || directory.versionNeeded(member) > CentralDirectory.NEWEST_VERSION) {
            throw location.error(ErrorCode.ZIP_UNSUPPORTED, "the member's compression is not read")
                    .expected("method 0 (stored) or 8 (deflated), version at most " + CentralDirectory.NEWEST_VERSION)
                    .found("method " + method + ", version " + directory.versionNeeded(member))
                    .remedy("Write the archive stored or deflated")
                    .build();
        }
        if (method == ZipRecords.STORED && directory.size(member) != directory.compressedSize(member)) {
            throw location.error(ErrorCode.ZIP_SIZE, "a stored member states two sizes")
                    .expected(directory.size(member))
                    .found(directory.compressedSize(member))
                    .build();
        }
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The archive is closed");
        }
    }

    @Nullable
    String traffic() {
        return source.traffic();
    }

    /** Checks that the file still is what was opened. */
    void checkUnchanged() throws NpzException {
        source.checkUnchanged();
    }

    @Override
    public void close() {
        closed = true;
        for (Slot slot : slots.values()) {
            synchronized (slot) {
                if (slot.inflated != null) {
                    slot.inflated.close();
                }
            }
        }
        source.close();
    }

    /** The elements of an array whose member is inflated or checked when they are first asked for. */
    private record DeferredElements(MemberData data, int member, NpyHeader header) implements ByteSource {
        @Override
        public long size() {
            return header.dataLength();
        }

        @Override
        public void read(long offset, ByteBuffer target) throws NpzException {
            Objects.checkFromIndexSize(offset, (long) target.remaining(), size());
            data.content(member).read(header.dataOffset() + offset, target);
        }

        @Override
        public ArrowBuf region(long offset, long length) throws NpzException {
            Objects.checkFromIndexSize(offset, length, size());
            return data.content(member).region(header.dataOffset() + offset, length);
        }

        @Override
        public void close() {
            // The member is the archive's.
        }
    }
}
