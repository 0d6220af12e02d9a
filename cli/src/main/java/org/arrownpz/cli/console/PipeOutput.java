package org.arrownpz.cli.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** Tells a reader that went away ({@code | head}) from other failures of an output stream. */
public final class PipeOutput extends FilterOutputStream {
    /** Nobody reads any more, which is no error. */
    static final class Closed extends IOException {
        private static final long serialVersionUID = 1L;

        Closed(IOException cause) {
            super(cause);
        }
    }

    PipeOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw translate(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw translate(e);
        }
    }

    /** Whether the exception, or one that it wraps, says that the reader of the pipe is gone. */
    public static boolean isClosed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Closed) {
                return true;
            }
        }
        return false;
    }

    private static IOException translate(IOException e) {
        String message = e.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains("pipe")
                ? new Closed(e)
                : new IOException("standard output cannot be written: " + message, e);
    }
}
