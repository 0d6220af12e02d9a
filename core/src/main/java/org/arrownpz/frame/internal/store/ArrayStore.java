package org.arrownpz.frame.internal.store;

import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.npy.NumpyArray;

/** A container of named arrays and metadata: an archive, a directory, or a part of an archive. */
public interface ArrayStore extends AutoCloseable {
    /** The container itself, for messages. */
    Location location();

    /** Whether there is a member of that name. */
    boolean contains(String member) throws NpzException;

    /** The array of that name, its header checked; META_MISSING when there is none. */
    NumpyArray array(String member) throws NpzException;

    /** The bytes of a small member; META_MISSING when there is none, LIMIT when it is longer. */
    byte[] bytes(String member, long limit) throws NpzException;

    /**
     * A frame member ({@code __blocks_3__.npy}, {@code __values_…__.npy}) beyond the given counts, or null. Archives look
     * at all names, directories probe the next ones only, for they never trust a listing.
     */
    @org.jspecify.annotations.Nullable
    String surplus(FrameMembers expected) throws NpzException;

    /** Makes the arrays of these members ready at once, where that is faster than one after the other. */
    default void prefetch(FrameMembers members) throws NpzException {}

    /** The requests and bytes so far, see {@link org.arrownpz.io.ByteSource#traffic()}. */
    default @org.jspecify.annotations.Nullable String traffic() {
        return null;
    }

    /** Checks that the files still are what was opened; FILE_CHANGED when they are not. */
    void checkUnchanged() throws NpzException;

    /** Checks that the files in which these arrays lie still are what was opened; FILE_CHANGED when they are not. */
    default void checkUnchanged(Iterable<NumpyArray> arrays) throws NpzException {
        checkUnchanged();
    }

    @Override
    void close();
}
