package org.arrownpz.io;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;

/**
 * The target of the bytes of a written array, in order. Bytes are copied before a call returns, so sources may be
 * mapped files or be reused. Used by one thread.
 */
public interface ByteSink {
    /** Appends a range of a buffer; a source that vanishes under the copy (a mapped file cut short) is FILE_CHANGED. */
    void write(ArrowBuf source, long offset, long length) throws NpzException;

    /** Appends the buffer's remaining bytes. */
    void write(ByteBuffer source) throws NpzException;
}
