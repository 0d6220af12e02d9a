package org.arrownpz.npz.internal.zip.write;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.arrownpz.NpzException;
import org.arrownpz.internal.storage.StagedOutput;
import org.arrownpz.support.Meter;

/** Deflates content from own memory into the output. Used by one thread. */
final class DeflateStage implements AutoCloseable {
    private static final int CAPACITY = 64 << 10;

    private final StagedOutput output;
    private final Deflater deflater;
    private final ByteBuffer input = ByteBuffer.allocateDirect(CAPACITY);
    private final Meter meter = Meter.begin(0, 0);
    private long written;

    DeflateStage(StagedOutput output, int level) {
        this.output = output;
        this.deflater = new Deflater(level, true);
    }

    /** Memory to put content into; {@link #drain} makes room. */
    ByteBuffer input() {
        return input;
    }

    /** Deflates the content put so far. */
    void drain() throws NpzException {
        // A slice: the deflater keeps what it is given, and would see the cleared buffer as more input.
        deflater.setInput(input.slice(0, input.position()));
        while (!deflater.needsInput()) {
            written += deflater.deflate(output.room());
        }
        meter.add(input.position());
        input.clear();
    }

    /** Completes a member's stream and returns its length. */
    long end() throws NpzException {
        drain();
        deflater.finish();
        while (!deflater.finished()) {
            written += deflater.deflate(output.room());
        }
        deflater.reset();
        long length = written;
        written = 0;
        return length;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
