package org.arrownpz.compare;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.vector.WriteReport;
import org.jspecify.annotations.Nullable;

/**
 * A frame described by a line of the frame-fixtures language (Python package frame-fixtures 1.1.0), and value-identical
 * with what that package makes of it: {@code s(4,2)|v(int,bool)|i(I,str)|c(ID,dtD)} is a frame of four rows and two
 * columns, ints and bools, with texts for index and dates for columns.
 *
 * <ul>
 *   <li>{@code s(rows,columns)}, required;
 *   <li>{@code v(dtypes…)}, cycled over the columns; a tuple of dtypes makes a column of tuples; {@code float} without;
 *   <li>{@code i(class,dtype)}, {@code i(IH,(dtypes…))} or {@code i((classes…),(dtypes…))}: the index, automatic without;
 *   <li>{@code c(…)}: the column labels, likewise;
 *   <li>{@code f(F)} or {@code f(Fg)}: Frame, or FrameGO with grow-only column labels.
 * </ul>
 *
 * <p>Objects are dense unions (none, bool, int, float, str) and tuples structs (fields 0, 1, …): StaticFrame cannot store
 * either, and sees them in no file. <b>There are at most 100 distinct columns per dtype</b>, which compressing and
 * dictionary-encoding formats see through; this class gives each column memory of its own.
 *
 * <p>Two things are refused that frame-fixtures accepts: more than 100,000 columns or 199,800 rows, where its values
 * depend on what the process made before, and column labels that are objects or tuples, which no file of StaticFrame can
 * hold. Instances are immutable and safe for use by several threads.
 */
public final class FrameFixture {
    /** Columns leave out fewer elements. */
    static final int MAX_SHIFT = 100;

    private final String dsl;
    private final int rows;
    private final int columns;
    private final List<ValueType> values;
    private final @Nullable FixtureAxis index;
    private final @Nullable FixtureAxis labels;
    private final boolean growOnly;

    FrameFixture(
            String dsl,
            int rows,
            int columns,
            List<ValueType> values,
            @Nullable FixtureAxis index,
            @Nullable FixtureAxis labels,
            boolean growOnly) {
        this.dsl = dsl;
        this.rows = rows;
        this.columns = columns;
        this.values = values;
        this.index = index;
        this.labels = labels;
        this.growOnly = growOnly;
    }

    /**
     * Reads a fixture's text. Its values are made by {@link #frame}; labels are checked here.
     *
     * @throws FrameFixtureException.Syntax when the text is not of the language
     * @throws FrameFixtureException.Content when there is no such frame
     */
    public static FrameFixture parse(String dsl) {
        return FixtureGrammar.parse(dsl);
    }

    /** The text. */
    public String dsl() {
        return dsl;
    }

    /** The number of rows. */
    public int rows() {
        return rows;
    }

    /** The number of columns. */
    public int columns() {
        return columns;
    }

    /** {@link #frame(BufferAllocator, ReadOptions)} with {@link ReadOptions#defaults()}. */
    public Frame frame(BufferAllocator allocator) throws NpzException {
        return frame(allocator, ReadOptions.defaults());
    }

    /**
     * The frame, in memory of the allocator; the caller closes it. Its vectors may be written to, but for the validity
     * bits that they share.
     *
     * @param options the type mapping and what else a frame read from a file would have
     * @throws NpzException LIMIT when the allocator cannot hold it
     */
    public Frame frame(BufferAllocator allocator, ReadOptions options) throws NpzException {
        return new FixtureFrame(this, allocator, options).build();
    }

    /**
     * Writes the frame to a file, an NPZ archive unless its name ends in {@code .npy}. The whole frame is in memory
     * meanwhile.
     *
     * @throws NpzException IO; the target is as it was
     */
    public WriteReport write(Path target, WriteOptions options) throws NpzException {
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = frame(allocator)) {
            return Frames.write(frame, target, options);
        }
    }

    /** What the column at a position holds. */
    ValueType type(int column) {
        return values.get(column % values.size());
    }

    /** How many elements of its stream a column leaves out. */
    static int shift(int column) {
        return Math.floorMod(SourceValues.signed(column), MAX_SHIFT);
    }

    @Nullable
    FixtureAxis index() {
        return index;
    }

    @Nullable
    FixtureAxis labels() {
        return labels;
    }

    boolean growOnly() {
        return growOnly;
    }

    @Override
    public String toString() {
        return dsl;
    }
}
