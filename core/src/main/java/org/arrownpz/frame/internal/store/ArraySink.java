package org.arrownpz.frame.internal.store;

import org.arrownpz.NpzException;
import org.arrownpz.npy.ArrayContent;

/** The target of a frame's members: an archive or a directory. Nothing is visible before {@link #finish}. */
public interface ArraySink extends AutoCloseable {
    void array(String member, byte[] header, ArrayContent content) throws NpzException;

    void bytes(String member, byte[] content) throws NpzException;

    /** Puts what was written in the target's place. */
    void finish() throws NpzException;

    /** Drops what was written, unless finished. */
    @Override
    void close();
}
