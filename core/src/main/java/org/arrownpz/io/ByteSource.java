package org.arrownpz.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * Random access to the bytes of a file, a part of a file, a channel or a buffer. Implementations are safe for use by
 * several threads. Regions handed out stay valid after {@link #close()}.
 */
public interface ByteSource extends AutoCloseable {
    /** The number of bytes, fixed when the source was opened. */
    long size();

    /**
     * Fills the buffer's remaining bytes from the given offset: always a copy into the caller's memory.
     *
     * @throws NpzException IO or FILE_CHANGED when the bytes cannot be had
     * @throws IndexOutOfBoundsException when the range is not within {@link #size()}
     */
    void read(long offset, ByteBuffer target) throws NpzException;

    /**
     * The given bytes as a buffer of exactly that capacity, with one reference that the caller releases. It views the
     * file where {@link #views} says so; otherwise it is a copy in allocator memory.
     *
     * @throws NpzException IO, FILE_CHANGED or LIMIT
     * @throws IndexOutOfBoundsException when the range is not within {@link #size()}
     */
    ArrowBuf region(long offset, long length) throws NpzException;

    /** Whether a region of that length views the source rather than copies from it. */
    default boolean views(long length) {
        return false;
    }

    /** Why regions are views of a copy in memory and not of the file, as it reads in a report; null where they are not. */
    default @Nullable String copied() {
        return null;
    }

    /**
     * Whether bytes that are looked at once are better taken by {@link #read}, some hundred KiB at a time, than as a region:
     * of files in a page cache, where reading costs less than the page faults of a mapping.
     */
    default boolean isReadQuickly() {
        return false;
    }

    /**
     * Has the system move bytes to where another file's channel stands, which no program's memory sees, as far as it can.
     *
     * @return how many bytes were moved: less than the length, and none of most sources, where the caller reads the rest
     * @throws IOException of either file
     * @throws IndexOutOfBoundsException when the range is not within {@link #size()}
     */
    default long transferTo(long offset, long length, FileChannel target) throws IOException {
        Objects.checkFromIndexSize(offset, length, size());
        return 0;
    }

    /**
     * Announces bytes that are read soon, so that a source which fetches them by request joins what lies close together.
     *
     * @return whether this is such a source, which keeps what it fetched: small reads of it need no window of their own
     */
    default boolean expect(long offset, long length) {
        return false;
    }

    /** The requests and bytes so far, as they read in a report; null where nothing is fetched by request. */
    default @Nullable String traffic() {
        return null;
    }

    /** Equal of sources with the same bytes, as far as a file's size and time of change tell; null of others. */
    default @Nullable Object state() {
        return null;
    }

    /** A part of this source that shares its life: closing the part does nothing. */
    default ByteSource slice(long offset, long length) {
        return new SlicedSource(this, offset, length);
    }

    /**
     * Checks that the file behind this source still has the size and time of change it was opened with. A file that was
     * deleted or replaced by rename passes: the opened one lives on unchanged. Sources without a file pass.
     *
     * @throws NpzException FILE_CHANGED, or IO when the file cannot be examined
     */
    default void checkUnchanged() throws NpzException {}

    /** Gives up this source's own hold on file and memory; regions live on. May be called more than once. */
    @Override
    void close();
}
