package org.arrownpz.npy;

import java.util.Objects;
import java.util.function.Supplier;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;

/**
 * One array in a file: its checked header, and where its elements lie. The data are neither read nor mapped until a
 * region is asked for. Immutable and safe for use by several threads.
 */
public final class NumpyArray {
    private final Supplier<Location> location;
    private final NpyHeader header;
    private final ByteSource data;

    /**
     * An array over bytes that hold exactly its elements.
     *
     * @param data the element bytes; its size equals {@link NpyHeader#dataLength()}. Not owned by the array.
     */
    public NumpyArray(Location location, NpyHeader header, ByteSource data) {
        this(() -> location, header, data);
    }

    /**
     * {@link #NumpyArray(Location, NpyHeader, ByteSource)} with a location that is made when a message needs it, which
     * archives of many arrays spare.
     */
    public NumpyArray(Supplier<Location> location, NpyHeader header, ByteSource data) {
        if (data.size() != header.dataLength()) {
            throw new IllegalArgumentException(
                    "expected " + header.dataLength() + " bytes of data but found " + data.size());
        }
        this.location = location;
        this.header = header;
        this.data = data;
    }

    /** File and member, for messages. */
    public Location location() {
        return location.get();
    }

    public NpyHeader header() {
        return header;
    }

    /** The element bytes in the file's order. */
    public ByteSource data() {
        return data;
    }

    /**
     * A part of the element bytes, with one reference that the caller releases; a view where the source can be viewed.
     */
    public ArrowBuf region(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, data.size());
        return data.region(offset, length);
    }

    @Override
    public String toString() {
        return header.dtype() + " " + header.shape() + " " + header.order();
    }
}
