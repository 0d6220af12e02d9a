package org.arrownpz.parquet.internal.text.read;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.arrownpz.internal.storage.Meter;

/** Tells a meter how many bytes were read; below a buffer, so that it is told once for many. */
final class MeteredInput extends FilterInputStream {
    private final Meter meter;

    MeteredInput(InputStream in, Meter meter) {
        super(in);
        this.meter = meter;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        meter.add(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        meter.add(Math.max(0, read));
        return read;
    }
}
