package org.arrownpz.npz;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.TargetFormat;
import org.arrownpz.WriteOptions;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.io.ByteSink;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.npz.internal.zip.MemberNames;
import org.arrownpz.npz.internal.zip.write.ReservedMember;
import org.arrownpz.npz.internal.zip.write.ZipEmitter;
import org.arrownpz.support.Rollback;

/**
 * Writes an archive of arrays, which replaces the target in one step when {@link #finish()} is called. Until then, and
 * when anything fails, the target stays as it was; {@link #close()} without {@code finish()} leaves nothing behind.
 *
 * <pre>{@code
 * try (NpzWriter writer = NpzWriter.create(Path.of("out.npz"), WriteOptions.defaults())) {
 *     writer.array("prices.npy", header, content);
 *     writer.finish();
 * }
 * }</pre>
 *
 * <p>Members are stored unless {@link WriteOptions#deflateLevel()} asks otherwise, and stored arrays have their data at
 * a multiple of 64 bytes of the file, so that a mapped reader finds them aligned; NumPy, StaticFrame, CPython and the
 * JDK read such files. Dates are fixed: the same input gives the same bytes. Used by one thread; of a large file, a free
 * thread of the common pool writes finished parts meanwhile.
 */
public final class NpzWriter implements AutoCloseable {
    private static final int COPIED_AT_ONCE = 256 << 10;

    private final AtomicFile file;
    private final ZipEmitter emitter;
    private final Set<String> keys = new HashSet<>();
    private final List<ReservedMember> reserved = new ArrayList<>();
    private boolean usable = true;

    private NpzWriter(AtomicFile file, ZipEmitter emitter) {
        this.file = file;
        this.emitter = emitter;
    }

    /**
     * Starts an archive in a temporary file beside the target.
     *
     * @throws NpzException IO
     * @throws IllegalArgumentException when the target has the extension of another format
     */
    public static NpzWriter create(Path target, WriteOptions options) throws NpzException {
        TargetFormat.require(target, TargetFormat.NPZ);
        AtomicFile file = AtomicFile.create(target, options.durability());
        try (Rollback undo = Rollback.of(file)) {
            Location location = Location.ofFile(target.toString());
            return undo.commit(new NpzWriter(file, new ZipEmitter(file.channel(), location, options.deflateLevel())));
        }
    }

    /**
     * Writes an array.
     *
     * @param member the member's name, {@code .npy} included
     * @param npyHeader magic, version and header text, as they are written
     * @param content the elements; its bytes are copied before the call returns
     * @throws NpzException IO, LIMIT, or what the content throws; the archive can then not be finished
     * @throws IllegalArgumentException when the name is taken or unfit, or the content is not of its stated length
     */
    public void array(String member, byte[] npyHeader, ArrayContent content) throws NpzException {
        array(member, npyHeader, content, npyHeader.length);
    }

    /**
     * {@link #array} where the member before ends, without alignment: the bytes that StaticFrame and NumPy write.
     * Arrow consumers may have to copy such arrays; this is for comparisons with those programs.
     *
     * @throws NpzException as {@link #array}
     * @throws IllegalArgumentException as {@link #array}
     */
    public void unalignedArray(String member, byte[] npyHeader, ArrayContent content) throws NpzException {
        array(member, npyHeader, content, -1);
    }

    private void array(String member, byte[] npyHeader, ArrayContent content, int lead) throws NpzException {
        long size = Math.addExact(content.byteLength(), npyHeader.length);
        begin(member, size, true, lead);
        emitter.write(ByteBuffer.wrap(npyHeader));
        content.writeTo(emitter);
        end();
    }

    /**
     * Writes an array's header now and leaves room for its data, which come later and in parts of one length: the columns
     * of a Fortran-order block, of which each batch of a stream has a piece. Members that follow may be written at once.
     *
     * @param member the member's name, {@code .npy} included
     * @param npyHeader magic, version and header text, as they are written
     * @param parts the number of parts, which lie one after the other
     * @param partLength bytes of each part
     * @return where the bytes of each part go, front to back. A sink copies them before its call returns, throws IO where
     *     the file cannot be written, and takes no byte more than {@code partLength}
     * @throws NpzException IO or LIMIT; the archive can then not be finished
     * @throws IllegalArgumentException when the name is taken or unfit
     * @throws IllegalStateException when members are deflated, so that where data end is unknown
     */
    public List<ByteSink> reserve(String member, byte[] npyHeader, int parts, long partLength) throws NpzException {
        byte[] name = claim(member);
        ReservedMember room = emitter.reserve(name, npyHeader, parts, partLength);
        reserved.add(room);
        usable = true;
        List<ByteSink> sinks = new ArrayList<>(parts);
        for (int i = 0; i < parts; i++) {
            sinks.add(room.part(i));
        }
        return sinks;
    }

    /**
     * Writes any bytes, such as {@code __meta__.json}, as a plain member.
     *
     * @throws NpzException IO or LIMIT; the archive can then not be finished
     * @throws IllegalArgumentException when the name is taken or unfit
     */
    public void bytes(String member, byte[] content) throws NpzException {
        begin(member, content.length, false, -1);
        emitter.write(ByteBuffer.wrap(content));
        end();
    }

    /**
     * Writes the bytes of a source, such as another archive as a member of this one, beginning at a multiple of 64
     * bytes of the file when stored.
     *
     * @throws NpzException IO, LIMIT, or what the source throws; the archive can then not be finished
     * @throws IllegalArgumentException when the name is taken or unfit
     */
    public void copy(String member, ByteSource content) throws NpzException {
        begin(member, content.size(), true, 0);
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(COPIED_AT_ONCE, content.size()));
        for (long at = 0; at < content.size(); at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), content.size() - at));
            content.read(at, chunk);
            emitter.write(chunk.flip());
        }
        end();
    }

    /**
     * Takes a member over from another archive as it lies there: deflated ones stay so, whatever the options say, and
     * stored ones keep their alignment. Its checksum comes along, so that damage stays visible.
     *
     * @throws NpzException IO, a ZIP code of a member that cannot be read, and ZIP_CRC where that archive was opened with
     *     {@link org.arrownpz.ReadOptions.Verify#CRC}; but for the last two, the archive can then not be finished
     * @throws IllegalArgumentException when there is no such member, or the name is taken or unfit
     */
    public void transfer(NpzFile archive, String member) throws NpzException {
        NpzEntry entry = archive.entry(member);
        ByteSource packed = archive.packed(member);
        emitter.transfer(
                claim(entry.name()),
                entry.method(),
                entry.size(),
                (int) entry.crc(),
                entry.npy(),
                archive.payloadOffset(member),
                packed);
        usable = true;
    }

    private void begin(String member, long size, boolean array, int lead) throws NpzException {
        emitter.begin(claim(member), size, array, lead);
    }

    private byte[] claim(String member) {
        if (!usable) {
            throw new IllegalStateException("The archive is finished, closed or failed");
        }
        byte[] name = encode(member);
        if (!keys.add(MemberNames.key(member))) {
            throw new IllegalArgumentException("two members with the key of " + SafeText.quote(member));
        }
        // Set back by end(): whatever throws in between leaves half a member, and the archive is lost.
        usable = false;
        return name;
    }

    private void end() throws NpzException {
        emitter.end();
        usable = true;
    }

    private static byte[] encode(String member) {
        String fault = MemberNames.fault(member);
        if (fault == null) {
            try {
                ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(member));
                if (utf8.remaining() <= MemberNames.MAX_LENGTH) {
                    byte[] bytes = new byte[utf8.remaining()];
                    utf8.get(bytes);
                    return bytes;
                }
                fault = "the name is too long";
            } catch (CharacterCodingException e) {
                fault = "the name is not Unicode text";
            }
        }
        throw new IllegalArgumentException(fault + ": " + SafeText.quote(member));
    }

    /**
     * Writes the directory, forces the file to the disk where the options say so, and puts it in the target's place.
     *
     * @throws NpzException IO; the target is then as it was
     * @throws IllegalStateException when finished or closed already, after a member failed, or when bytes of reserved
     *     parts are missing
     */
    public void finish() throws NpzException {
        if (!usable) {
            throw new IllegalStateException("The archive is finished, closed or failed");
        }
        usable = false;
        for (ReservedMember member : reserved) {
            emitter.complete(member);
        }
        emitter.finish();
        file.commit();
    }

    /** Gives up unless finished: the target stays as it was. May be called more than once. */
    @Override
    public void close() {
        usable = false;
        emitter.close();
        file.close();
    }
}
