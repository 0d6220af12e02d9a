package org.arrownpz.remote.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: has its head judged, then puts its body into a buffer, and never a byte more. After
 * {@link #close()} the buffer is not touched again.
 */
final class Answer implements AutoCloseable {
    private static final int STEP = 256 << 10;

    private final HttpURLConnection connection;
    private final Judge judge;
    private final LongAdder bytes;
    private boolean closed;

    /** Decides by an answer's head where its body belongs. */
    @FunctionalInterface
    interface Judge {
        ByteBuffer target(Validator.Head head) throws IOException;
    }

    /** @param bytes counts what comes */
    Answer(HttpURLConnection connection, Judge judge, LongAdder bytes) {
        this.connection = connection;
        this.judge = judge;
        this.bytes = bytes;
    }

    /** Asks, and reads the answer. */
    @Nullable
    Void take() throws IOException {
        boolean whole = false;
        try {
            int status = connection.getResponseCode();
            if (status < 0) {
                throw new IOException("The answer is none of HTTP");
            }
            ByteBuffer target = judge.target(new Validator.Head(status, connection::getHeaderField));
            // What has no room for a body is a page about a status.
            if (target.hasRemaining()) {
                try (InputStream body = connection.getInputStream()) {
                    fill(target, body);
                }
                whole = true;
            }
            return null;
        } finally {
            if (!whole) {
                connection.disconnect();
            }
        }
    }

    private void fill(ByteBuffer target, InputStream body) throws IOException {
        byte[] step = new byte[Math.min(STEP, target.remaining())];
        while (target.hasRemaining()) {
            int count = body.read(step, 0, Math.min(step.length, target.remaining()));
            if (count < 0) {
                throw new EOFException("The answer is shorter than the range");
            }
            synchronized (this) {
                if (closed) {
                    throw new CancellationException();
                }
                target.put(step, 0, count);
            }
            bytes.add(count);
        }
        if (body.read() >= 0) {
            throw new IOException("The answer is longer than the range");
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        connection.disconnect();
    }
}
