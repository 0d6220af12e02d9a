package org.arrownpz.spark.internal.read;

import org.arrownpz.NpzException;
import org.arrownpz.Verify;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;

/** An open file of arrays. */
interface ArrayFile extends AutoCloseable {
    /** The array of a member. */
    NumpyArray array(String member) throws NpzException;

    /**
     * Checks that the file is the one that was opened.
     *
     * @throws NpzException FILE_CHANGED
     */
    void checkUnchanged() throws NpzException;

    @Override
    void close();

    /**
     * An archive.
     *
     * @param file opened without checks of members
     * @param verify how thoroughly the members asked for are checked; deflated ones always are
     */
    record Npz(NpzFile file, Verify verify) implements ArrayFile {
        @Override
        public NumpyArray array(String member) throws NpzException {
            if (verify != Verify.STRUCTURE && file.entry(member).stored()) {
                file.verifyCrc(member);
            }
            return file.array(member);
        }

        @Override
        public void checkUnchanged() throws NpzException {
            file.checkUnchanged();
        }

        @Override
        public void close() {
            file.close();
        }
    }

    /** A file of one array. */
    record Npy(ByteSource source, NumpyArray only) implements ArrayFile {
        @Override
        public NumpyArray array(String member) {
            return only;
        }

        @Override
        public void checkUnchanged() throws NpzException {
            ByteSources.checkUnchanged(source);
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
