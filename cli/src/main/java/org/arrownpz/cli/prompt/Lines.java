package org.arrownpz.cli.prompt;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The source of statements. */
interface Lines extends AutoCloseable {
    /**
     * The next line, or null where there are no more.
     *
     * @throws java.io.InterruptedIOException when the user gives up the line, and what was before it
     */
    @Nullable
    String read(String prompt) throws IOException;

    @Override
    void close() throws IOException;
}
