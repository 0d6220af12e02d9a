package org.arrownpz.npz;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.internal.zip.MemberNames;
import org.arrownpz.npz.internal.zip.StoredChecksum;
import org.arrownpz.npz.internal.zip.read.CentralDirectory;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * An archive of arrays, open for reading.
 *
 * <pre>{@code
 * try (BufferAllocator allocator = new RootAllocator();
 *         NpzFile file = NpzFile.open(allocator, Path.of("data.npz"))) {
 *     NumpyArray prices = file.array("prices");
 *     try (ArrowBuf values = prices.region(0, prices.header().dataLength())) {
 *         System.out.println(values.getDouble(0));
 *     }
 * }
 * }</pre>
 *
 * <p>{@link #open} reads the directory and every member's local header, and refuses an archive in which two readers
 * could see different contents: {@link ReadOptions#zipLayout()} tells how strictly. Data are read when asked for.
 * Stored members are views of the file where it is mapped; deflated members are inflated once into allocator memory,
 * checked against size and checksum, and kept until {@link #close()}. Stored members are checked against their checksum
 * only from {@link org.arrownpz.ReadOptions.Verify#CRC} on.
 *
 * <p>Regions taken from members survive {@link #close()}; sources and arrays do not. Safe for use by several threads.
 */
public final class NpzFile implements AutoCloseable {
    private final Location location;
    private final ReadOptions options;
    private final CentralDirectory directory;
    private final MemberData data;
    private final BufferAllocator allocator;
    private final NpyHeaderReader headers;
    private volatile @Nullable List<NpzEntry> entries;

    private NpzFile(BufferAllocator allocator, ByteSource source, Location location, ReadOptions options)
            throws NpzException {
        this.allocator = allocator;
        this.location = location;
        this.options = options;
        this.directory = CentralDirectory.read(source, location, options.limits(), options.zipLayout());
        this.data = new MemberData(allocator, source, directory, options);
        this.headers = new NpyHeaderReader(options.limits());
    }

    /** {@link #open(BufferAllocator, Path, ReadOptions)} with {@link ReadOptions#defaults()}. */
    public static NpzFile open(BufferAllocator allocator, Path path) throws NpzException {
        return open(allocator, path, ReadOptions.defaults());
    }

    /**
     * Opens an archive and checks directory and local headers.
     *
     * @throws NpzException IO, FILE_CHANGED, LIMIT or a ZIP code
     */
    public static NpzFile open(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        return checked(openLazily(allocator, path, options));
    }

    /**
     * Opens an archive within a source: a file, a buffer, or a member of another archive.
     *
     * @param source taken over: closed with this archive, and at once when it cannot be opened
     * @param location what to call the archive in messages
     * @throws NpzException IO, FILE_CHANGED, LIMIT or a ZIP code
     */
    public static NpzFile open(BufferAllocator allocator, ByteSource source, Location location, ReadOptions options)
            throws NpzException {
        return checked(openLazily(allocator, source, location, options));
    }

    /**
     * Opens an archive and checks the directory only: order, bounds and names of all members. The local header of a
     * member is checked when the member is first used, so that a gap before an unused member goes unseen.
     *
     * @throws NpzException IO, FILE_CHANGED, LIMIT or a ZIP code
     */
    public static NpzFile openLazily(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        ByteSource source = ByteSources.open(allocator, path, options.mapping());
        return openLazily(allocator, source, Location.ofFile(path.toString()), options);
    }

    /** {@link #openLazily(BufferAllocator, Path, ReadOptions)} within a source, which is taken over. */
    public static NpzFile openLazily(
            BufferAllocator allocator, ByteSource source, Location location, ReadOptions options) throws NpzException {
        try (Rollback undo = Rollback.of(source)) {
            return undo.commit(new NpzFile(allocator, source, location, options));
        }
    }

    private static NpzFile checked(NpzFile file) throws NpzException {
        try (Rollback undo = Rollback.of(file)) {
            file.checkLayout();
            return undo.commit(file);
        }
    }

    /** Checks the local headers that were not looked at yet, and with them that nothing lies between the members. */
    public void checkLayout() throws NpzException {
        data.requireOpen();
        data.checkLayout();
    }

    /** The archive, for messages. */
    public Location location() {
        return location;
    }

    /** A member, for messages. */
    public Location location(String member) {
        return location.member(member);
    }

    /** The number of members. */
    public int size() {
        return directory.count();
    }

    /** All members in the directory's order. Made at the first call. */
    public List<NpzEntry> entries() {
        List<NpzEntry> known = entries;
        if (known == null) {
            List<NpzEntry> made = new ArrayList<>(directory.count());
            for (int member = 0; member < directory.count(); member++) {
                made.add(entry(member));
            }
            known = List.copyOf(made);
            entries = known;
        }
        return known;
    }

    private NpzEntry entry(int member) {
        String name = directory.name(member);
        return new NpzEntry(
                name,
                MemberNames.key(name),
                directory.method(member),
                directory.size(member),
                directory.compressedSize(member),
                Integer.toUnsignedLong(directory.crc(member)),
                directory.encrypted(member),
                directory.offset(member));
    }

    /** The members' names in the directory's order. */
    public List<String> names() {
        return entries().stream().map(NpzEntry::name).toList();
    }

    /** NumPy's keys: the members' names without one {@code .npy}, in the directory's order. */
    public List<String> keys() {
        return entries().stream().map(NpzEntry::key).toList();
    }

    /** Whether there is a member of that name or key. */
    public boolean contains(String nameOrKey) {
        return directory.find(nameOrKey) >= 0;
    }

    /**
     * A member's entry.
     *
     * @throws IllegalArgumentException when there is no such member
     */
    public NpzEntry entry(String nameOrKey) {
        return entry(require(nameOrKey));
    }

    /**
     * The file offset of a member's data, compressed or not.
     *
     * @throws IllegalArgumentException when there is no such member
     */
    public long payloadOffset(String nameOrKey) throws NpzException {
        return data.payloadOffset(require(nameOrKey));
    }

    /**
     * A member's content. It shares the archive's life: closing the result is not needed, closing the archive ends it.
     *
     * @throws NpzException ZIP_UNSUPPORTED, ZIP_ENCRYPTED, ZIP_SIZE, ZIP_DATA, ZIP_CRC, LIMIT, IO, or a fault of the
     *     member's local header
     * @throws IllegalArgumentException when there is no such member
     */
    public ByteSource member(String nameOrKey) throws NpzException {
        ByteSource content = data.content(require(nameOrKey));
        // A slice, since closing it must not close what others share.
        return content.slice(0, content.size());
    }

    /** A member's bytes as they lie in the file, deflated or not; checked where the options ask for checksums. */
    ByteSource packed(String nameOrKey) throws NpzException {
        return data.packed(require(nameOrKey));
    }

    /**
     * A member as an array, whatever its name ends in.
     *
     * @throws NpzException as {@link #member}, or an NPY code
     * @throws IllegalArgumentException when there is no such member
     */
    public NumpyArray array(String nameOrKey) throws NpzException {
        return array(require(nameOrKey));
    }

    /**
     * As {@link #array}, but null where there is no such member.
     *
     * @throws NpzException as {@link #array}
     */
    public @Nullable NumpyArray arrayIfPresent(String nameOrKey) throws NpzException {
        data.requireOpen();
        int member = directory.find(nameOrKey);
        return member < 0 ? null : array(member);
    }

    /**
     * As {@link #arrayIfPresent(String)}, but only the header is read now: of a deflated member no more than that is
     * inflated, and no checksum is compared. Both come with the first use of the elements.
     *
     * @throws NpzException as {@link #array}
     */
    public @Nullable NumpyArray outlineIfPresent(String nameOrKey) throws NpzException {
        data.requireOpen();
        int member = directory.find(nameOrKey);
        return member < 0 ? null : data.outline(member, headers);
    }

    private NumpyArray array(int member) throws NpzException {
        return headers.open(data.content(member), directory.location(member), true);
    }

    /**
     * A member's content as a heap array, always checked against its checksum. For small members such as metadata.
     *
     * @param limit the most bytes to accept
     * @throws NpzException as {@link #member}; LIMIT when the content is longer
     * @throws IllegalArgumentException when there is no such member
     */
    public byte[] bytes(String nameOrKey, long limit) throws NpzException {
        int member = require(nameOrKey);
        Location place = directory.location(member);
        if (directory.size(member) > Math.min(limit, Integer.MAX_VALUE - 8)) {
            throw place.fault(
                    ErrorCode.LIMIT, "the member is too large", "at most " + limit + " bytes", directory.size(member));
        }
        ByteSource content = data.content(member);
        byte[] bytes = new byte[(int) content.size()];
        content.read(0, ByteBuffer.wrap(bytes));
        CRC32 crc = new CRC32();
        crc.update(bytes);
        StoredChecksum.compare(directory.crc(member), (int) crc.getValue(), place);
        return bytes;
    }

    /**
     * Reads a member's content once and compares its checksum, whatever {@link ReadOptions#verify()} says. Takes up to
     * 256 KiB of allocator memory for the time of the call.
     *
     * @throws NpzException as {@link #member}
     * @throws IllegalArgumentException when there is no such member
     */
    public void verifyCrc(String nameOrKey) throws NpzException {
        data.verify(require(nameOrKey));
    }

    /**
     * Announces arrays whose headers are read next, so that a file behind a server is asked for several at a time.
     *
     * @throws IllegalArgumentException when there is no such member
     */
    public void expectHeaders(Collection<String> namesOrKeys) {
        data.expectHeaders(namesOrKeys.stream().mapToInt(this::require));
    }

    /**
     * Inflates those of the given members that are deflated, several at a time in the common pool, so that later calls
     * find them ready. Fails with the fault of one member when any has one; others may be inflated nevertheless.
     *
     * @throws NpzException as {@link #member}
     * @throws IllegalArgumentException when there is no such member
     */
    public void inflateAll(Collection<String> namesOrKeys) throws NpzException {
        int[] deflated = namesOrKeys.stream()
                .mapToInt(this::require)
                .filter(data::isDeflated)
                .toArray();
        if (deflated.length > 0) {
            data.expect(deflated);
            new ParallelInflation(data, allocator, location, deflated).run();
        }
    }

    /** Whether any member is deflated, so that {@link #inflateAll} is worth calling. */
    public boolean hasDeflated() {
        data.requireOpen();
        for (int member = 0; member < size(); member++) {
            if (data.isDeflated(member)) {
                return true;
            }
        }
        return false;
    }

    private int require(String nameOrKey) {
        data.requireOpen();
        int member = directory.find(nameOrKey);
        if (member < 0) {
            throw new IllegalArgumentException("no member " + SafeText.quote(nameOrKey) + " in " + location.file());
        }
        return member;
    }

    /** The requests and bytes so far, see {@link ByteSource#traffic()}. */
    public @Nullable String traffic() {
        return data.traffic();
    }

    /**
     * Checks that the file still has the size and time of change it was opened with. One that was replaced by rename
     * passes: this archive keeps reading the old one.
     *
     * @throws NpzException FILE_CHANGED, or IO when the file cannot be examined
     */
    public void checkUnchanged() throws NpzException {
        data.checkUnchanged();
    }

    /** Gives up the file. Regions that were taken live on. May be called more than once. */
    @Override
    public void close() {
        data.close();
    }

    /**
     * A member of an archive as its directory states it, checked against the rest of the archive as far as that was read.
     *
     * <p>Immutable and safe for use by several threads.
     *
     * @param name the member's name
     * @param key NumPy's key: the name without one {@code .npy}
     * @param method 0 for stored, 8 for deflated; members of other methods are listed but not read
     * @param size bytes of the content
     * @param compressedSize bytes that the content takes in the file
     * @param crc the content's CRC-32, unsigned
     * @param encrypted whether the content is encrypted, and therefore not read
     * @param localHeaderOffset file offset of the member's local header
     */
    public record NpzEntry(
            String name,
            String key,
            int method,
            long size,
            long compressedSize,
            long crc,
            boolean encrypted,
            long localHeaderOffset) {
        /** Whether the content lies in the file as it is, so that it can be mapped. */
        public boolean stored() {
            return method == 0 && !encrypted;
        }

        /** Whether this is an entry for a folder, without content. */
        public boolean directory() {
            return name.endsWith("/");
        }

        /** Whether the name ends in {@code .npy}, as the members do that NumPy and StaticFrame write for arrays. */
        public boolean npy() {
            return name.length() != key.length();
        }
    }
}
