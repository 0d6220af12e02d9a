package org.arrownpz.compare.internal.contender;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Result;
import org.jspecify.annotations.Nullable;

/**
 * A reader of one form of file.
 *
 * @param form what it reads
 * @param program the class or call, for instance {@code ArrowFileReader}
 * @param kind whose it is
 * @param maps whether columns may be views of a mapped file, whose values are fetched when they are asked for; which
 *     part of them is, is measured
 * @param call how it reads
 * @param rows how it takes rows by their numbers; null where that is not asked of it
 */
public record Reader(
        FileForm form, String program, Result.Kind kind, boolean maps, Call call, RowSource.@Nullable Opener rows) {
    /** A reader that is not asked for rows. */
    public Reader(FileForm form, String program, Result.Kind kind, boolean maps, Call call) {
        this(form, program, kind, maps, call, null);
    }

    /** Opens a file, hands over all of its columns, batch after batch, and closes it. */
    @FunctionalInterface
    public interface Call {
        /** A batch is ready when every value of it can be asked for. */
        void read(BufferAllocator allocator, Path file, Batch batch) throws Exception;
    }

    /** Program and form, as people read them. */
    public String title() {
        return program + " of " + form.label();
    }

    public boolean isPeer() {
        return kind == Result.Kind.PEER;
    }
}
