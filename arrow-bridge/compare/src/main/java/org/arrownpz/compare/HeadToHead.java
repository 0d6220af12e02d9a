package org.arrownpz.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.compare.internal.measure.Scratch;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Tables;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/**
 * Compares formats on one table, in one process. Writes a frame as NPZ (as StaticFrame lays it out, and aligned), as
 * NPY directory, Feather, Feather with ZSTD and Parquet. Reads each file with this library and with all other readers
 * there are, checks that all read the same values, measures times, and gives advice.
 *
 * <pre>{@code
 * try (BufferAllocator allocator = new RootAllocator();
 *         Frame frame = Frames.open(allocator, Path.of("prices.npz"))) {
 *     Comparison comparison = HeadToHead.defaults().withRounds(3).compare("prices.npz", frame, allocator);
 *     comparison.verdict().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Needs about ten times the data on disk while it runs, and deletes all of it at the end, also after failures.
 * Immutable; run it in one thread at a time: others that run beside it make its times wrong.
 */
public final class HeadToHead {
    private static final HeadToHead DEFAULTS = new HeadToHead(15, null, null, text -> {});

    private final int rounds;
    private final @Nullable Path directory;
    private final @Nullable String python;
    private final Consumer<String> progress;

    private HeadToHead(int rounds, @Nullable Path directory, @Nullable String python, Consumer<String> progress) {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds are at least 1, not " + rounds);
        }
        this.rounds = rounds;
        this.directory = directory;
        this.python = python;
        this.progress = progress;
    }

    /** Fifteen rounds in the system's directory of temporary files, without Python and without reports of progress. */
    public static HeadToHead defaults() {
        return DEFAULTS;
    }

    /** With another number of turns of each call, at least 1; slow calls have fewer, but at least three. */
    public HeadToHead withRounds(int value) {
        return new HeadToHead(value, directory, python, progress);
    }

    /** With another directory for the files, about ten times the data, which are deleted in the end. */
    public HeadToHead withDirectory(@Nullable Path value) {
        return new HeadToHead(rounds, value, python, progress);
    }

    /** With pandas, StaticFrame and NumPy, as far as the Python of this path or name has them, or without. */
    public HeadToHead withPython(@Nullable String value) {
        return new HeadToHead(rounds, directory, value, progress);
    }

    /** With another receiver of progress, which gets a line of text for each step. */
    public HeadToHead withProgress(Consumer<String> value) {
        return new HeadToHead(rounds, directory, python, value);
    }

    int rounds() {
        return rounds;
    }

    @Nullable
    String python() {
        return python;
    }

    Consumer<String> progress() {
        return progress;
    }

    /**
     * Compares all forms for a frame, which stays the caller's.
     *
     * @param data a name for the frame, which is shown with the figures
     * @throws NpzException when the frame cannot be written or read, or a reader gives other values than were written
     *     (VALUE)
     */
    public Comparison compare(String data, Frame frame, BufferAllocator allocator) throws NpzException {
        return compare(data, data, frame, allocator);
    }

    /**
     * Compares all forms for a frame, which stays the caller's.
     *
     * @param title what the frame is called
     * @param data where it comes from
     * @throws NpzException as {@link #compare(String, Frame, BufferAllocator)}
     */
    public Comparison compare(String title, String data, Frame frame, BufferAllocator allocator) throws NpzException {
        return compare(title, data, null, frame, allocator);
    }

    /**
     * Compares a file, as it is, with all forms for the table in it. The file is only read; it may be of any format that
     * {@link Tables#read} reads.
     *
     * @param read how it is read; all columns
     * @throws NpzException as {@link #compare(String, Frame, BufferAllocator)}, and where the file cannot be read
     */
    public Comparison compare(Path file, ReadOptions read, BufferAllocator allocator) throws NpzException {
        try (Frame frame = Tables.read(allocator, file, read)) {
            OwnFile own = OwnFile.of(allocator, file, read);
            return compare(file.toString(), file.toString(), own, frame, allocator);
        } catch (IOException e) {
            throw Faults.reading(Location.ofFile(file.toString()), e);
        }
    }

    private Comparison compare(String title, String data, @Nullable OwnFile own, Frame frame, BufferAllocator allocator)
            throws NpzException {
        Location location = Location.ofFile(directory == null ? null : directory.toString());
        try (Scratch scratch = Scratch.in(directory)) {
            return new Contest(title, data, own, frame, allocator, scratch, this).run();
        } catch (OutOfMemoryException e) {
            String remedy = "Give it a higher limit: readers that copy need the whole table, some twice";
            throw Faults.limit(location, "for a comparison", remedy, e);
        } catch (RuntimeException e) {
            throw e;
        } catch (IOException | SQLException e) {
            IOException cause = e instanceof IOException io ? io : new IOException(e.getMessage(), e);
            throw Faults.translate(location, "the comparison's files cannot be written or read", cause);
        } catch (Exception e) {
            throw new IllegalStateException("a comparison failed: " + e.getMessage(), e);
        }
    }
}
