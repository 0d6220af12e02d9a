package org.arrownpz.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.compare.fixture.FrameFixture;
import org.arrownpz.compare.internal.contender.OwnFile;
import org.arrownpz.compare.internal.measure.Scratch;
import org.arrownpz.compare.report.Comparison;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Tables;
import org.jspecify.annotations.Nullable;

/**
 * Compares formats on one table, in one process. Writes a frame as NPZ (as StaticFrame lays it out, and aligned), as
 * NPY directory, Feather, Feather with ZSTD and Parquet. Reads each file with this library and with all other readers
 * there are, checks that all read the same values, measures times, and gives advice.
 *
 * <pre>{@code
 * try (BufferAllocator allocator = new RootAllocator();
 *         Frame frame = Frames.open(allocator, Path.of("prices.npz"))) {
 *     Comparison comparison = HeadToHead.compare("prices.npz", frame, allocator, CompareOptions.defaults());
 *     comparison.verdict().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Needs about ten times the data on disk while it runs, and deletes all of it at the end, also after failures.
 * Run it in one thread at a time: others that run beside it make its times wrong.
 */
public final class HeadToHead {
    private HeadToHead() {}

    /**
     * Compares all forms for a frame, which stays the caller's.
     *
     * @param data a name for the frame, which is shown with the figures
     * @throws NpzException when the frame cannot be written or read, or a reader gives other values than were written
     *     (VALUE)
     */
    public static Comparison compare(String data, Frame frame, BufferAllocator allocator, CompareOptions options)
            throws NpzException {
        return compare(data, data, null, frame, allocator, options);
    }

    /**
     * Compares a file, as it is, with all forms for the table in it. The file is only read; it may be of any format that
     * {@link Tables#read} reads.
     *
     * @param read how it is read; all columns
     * @throws NpzException as {@link #compare(String, Frame, BufferAllocator, CompareOptions)}, and where the file cannot
     *     be read
     */
    public static Comparison compare(Path file, ReadOptions read, BufferAllocator allocator, CompareOptions options)
            throws NpzException {
        try (Frame frame = Tables.read(allocator, file, read)) {
            OwnFile own = OwnFile.of(allocator, file, read);
            return compare(file.toString(), file.toString(), own, frame, allocator, options);
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw Location.ofFile(file.toString())
                    .error(ErrorCode.IO, "the file cannot be read")
                    .cause(e)
                    .build();
        }
    }

    /**
     * Compares all forms for a fixture of the article's panel.
     *
     * @throws NpzException as {@link #compare(String, Frame, BufferAllocator, CompareOptions)}
     */
    public static Comparison compare(Panel.Case one, BufferAllocator allocator, CompareOptions options)
            throws NpzException {
        CompareOptions named = options.withProgress(text -> options.progress().accept(one.title() + ": " + text));
        named.progress().accept("making the data");
        try (Frame frame = FrameFixture.parse(one.dsl()).frame(allocator)) {
            return compare(one.title(), one.dsl(), null, frame, allocator, named);
        }
    }

    private static Comparison compare(
            String title,
            String data,
            @Nullable OwnFile own,
            Frame frame,
            BufferAllocator allocator,
            CompareOptions options)
            throws NpzException {
        Path directory = options.directory();
        try (Scratch scratch = Scratch.in(directory)) {
            return new Contest(title, data, own, frame, allocator, scratch, options).run();
        } catch (OutOfMemoryException e) {
            throw Location.ofFile(null)
                    .error(ErrorCode.LIMIT, "the allocator cannot give the memory for a comparison")
                    .remedy("Give it a higher limit: readers that copy need the whole table, some twice")
                    .cause(e)
                    .build();
        } catch (NpzException | RuntimeException e) {
            throw e;
        } catch (IOException | SQLException e) {
            throw Location.ofFile(directory == null ? null : directory.toString())
                    .error(ErrorCode.IO, "the comparison's files cannot be written or read")
                    .found(String.valueOf(e.getMessage()))
                    .cause(e)
                    .build();
        } catch (Exception e) {
            throw new IllegalStateException("a comparison failed: " + e.getMessage(), e);
        }
    }
}
