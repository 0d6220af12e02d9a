package org.arrownpz.frame.internal.store;

import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/** The file, directory or part of an archive that arrays lie in. */
public interface ArrayStore extends AutoCloseable {
    /** The container itself, for messages. */
    Location location();

    /** The requests and bytes so far, see {@link ByteSource#traffic()}. */
    default @Nullable String traffic() {
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

    /** A container of named arrays and metadata. */
    interface MemberStore extends ArrayStore {
        /** Whether there is a member of that name. */
        boolean contains(String member) throws NpzException;

        /** The array of that name, its header checked; META_MISSING when there is none. */
        NumpyArray array(String member) throws NpzException;

        /** The bytes of a small member; META_MISSING when there is none, LIMIT when it is longer. */
        byte[] bytes(String member, long limit) throws NpzException;

        /**
         * A frame member ({@code __blocks_3__.npy}, {@code __values_…__.npy}) beyond the given counts, or null. Archives
         * look at all names, directories probe the next ones only, for they never trust a listing.
         */
        @Nullable
        String surplus(FrameMembers expected) throws NpzException;

        /** Makes the arrays of these members ready at once, where that is faster than one after the other. */
        default void prefetch(FrameMembers members) throws NpzException {}
    }

    /** Nothing but the one source, which is closed with it. */
    record SourceStore(ByteSource source, Location location) implements ArrayStore {
        @Override
        public @Nullable String traffic() {
            return source.traffic();
        }

        @Override
        public void checkUnchanged() throws NpzException {
            source.checkUnchanged();
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
