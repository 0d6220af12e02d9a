package org.arrownpz.vector.read;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.complex.BaseRepeatedValueVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.Slab;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.NatScan;
import org.arrownpz.vector.internal.kernel.PackBits;
import org.arrownpz.vector.internal.kernel.SwapBytes;
import org.arrownpz.vector.internal.kernel.Transpose;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.jspecify.annotations.Nullable;

/** Turns elements into the buffers of a vector, as a plan says. Releases what it made when it fails. */
final class ColumnBuilder {
    private final BufferAllocator allocator;
    private final Slab slab;
    private final ReadOptions options;
    private final AllValidBitmaps ones;
    private final boolean stored;
    private final TextColumns text;
    private final TimeColumns times;
    private final StripColumns strips;

    /** @param stored whether text and times stay as they are stored */
    ColumnBuilder(
            BufferAllocator allocator, ReadOptions options, AllValidBitmaps ones, long maxIntOffset, boolean stored) {
        this.stored = stored;
        this.allocator = allocator;
        this.slab = new Slab(allocator);
        this.options = options;
        this.ones = ones;
        this.text = new TextColumns(this, maxIntOffset);
        this.times = new TimeColumns(this);
        this.strips = new StripColumns(allocator, this, text);
    }

    /** {@link StripColumns#read}. */
    @Nullable
    VectorParts read(ColumnPlan plan, NumpyArray array, long start, int rows, String name, Tally tally)
            throws NpzException {
        return strips.read(stored(plan), array, start, rows, name, tally);
    }

    VectorParts build(ColumnPlan planned, Cells cells, String name, Tally tally) throws NpzException {
        ColumnPlan plan = stored(planned);
        if (plan instanceof ColumnPlan.View view) {
            return view(view, cells, name, tally);
        }
        if (plan instanceof ColumnPlan.FixedList list) {
            return list(list, cells, name, tally);
        }
        if (plan instanceof ColumnPlan.SwapBytes swap) {
            return swap(swap, cells, name, tally);
        }
        if (plan instanceof ColumnPlan.PackBits) {
            return packBits(plan, cells, name, tally);
        }
        if (plan instanceof ColumnPlan.SplitStruct struct) {
            return struct(struct, cells, name, tally);
        }
        if (plan instanceof ColumnPlan.StripNul) {
            return text.strip(plan, cells, name, tally);
        }
        if (plan instanceof ColumnPlan.Strided strided) {
            return build(strided.element(), cells, name, tally);
        }
        try {
            if (plan instanceof ColumnPlan.DecodeText decode) {
                return text.decode(decode, cells, name, tally);
            }
            return times.convert((ColumnPlan.Time) plan, cells, name, tally);
        } catch (MisfitException misfit) {
            return keepStorage(plan, misfit, cells, name, tally);
        }
    }

    private VectorParts keepStorage(ColumnPlan plan, MisfitException misfit, Cells cells, String name, Tally tally)
            throws NpzException {
        long dataByte = cells.origin().at(misfit.cell()) + misfit.within();
        if (options.misfitPolicy() == MisfitPolicy.REFUSE) {
            throw tally.error(misfit.problem(), dataByte)
                    .expected("values that " + plan.type() + " can hold")
                    .remedy("Read with MisfitPolicy.KEEP_STORAGE or TypeMapping.STORAGE")
                    .build();
        }
        tally.note(tally.element(dataByte) + " " + misfit.problem() + ": the column keeps its storage form");
        return build(storage(plan), cells, name, tally);
    }

    private ColumnPlan stored(ColumnPlan plan) {
        return stored ? storage(plan) : plan;
    }

    private static ColumnPlan storage(ColumnPlan plan) {
        if (plan instanceof ColumnPlan.DecodeText decode) {
            return decode.storage();
        }
        return plan instanceof ColumnPlan.Time time ? time.storage() : plan;
    }

    private VectorParts view(ColumnPlan.View plan, Cells cells, String name, Tally tally) throws NpzException {
        ArrowBuf values = compact(cells, plan.width(), tally);
        if (cells.placement() == Cells.Placement.SOURCE && cells.isContiguous(plan.width())) {
            tally.viewed(values.capacity());
        } else {
            tally.copied(values.capacity());
        }
        if (plan.scanNat()) {
            return withNat(plan.field(name), cells.rows(), values, values, tally);
        }
        return fixedWidth(plan.field(name), cells.rows(), 0, values, null);
    }

    private VectorParts swap(ColumnPlan.SwapBytes plan, Cells cells, String name, Tally tally) throws NpzException {
        ArrowBuf values = littleEndian(cells, plan.width(), plan.unit(), tally);
        tally.copied(values.capacity());
        if (plan.scanNat()) {
            return withNat(plan.field(name), cells.rows(), values, values, tally);
        }
        return fixedWidth(plan.field(name), cells.rows(), 0, values, null);
    }

    private VectorParts packBits(ColumnPlan plan, Cells cells, String name, Tally tally) throws NpzException {
        try (ArrowBuf bytes = compact(cells, 1, tally)) {
            ArrowBuf bits = packed(bytes, cells.rows(), tally.array());
            tally.copied(bits.capacity());
            return fixedWidth(plan.field(name), cells.rows(), 0, bits, null);
        }
    }

    private VectorParts struct(ColumnPlan.SplitStruct plan, Cells cells, String name, Tally tally) throws NpzException {
        List<VectorParts> children = new ArrayList<>(plan.parts().size());
        try {
            List<Field> fields = new ArrayList<>(plan.parts().size());
            for (ColumnPlan.SplitStruct.Part part : plan.parts()) {
                VectorParts child = build(part.plan(), cells.part(part.offset()), part.name(), tally);
                children.add(child);
                fields.add(child.field());
            }
            Field field = new Field(name, plan.fieldType(), fields);
            return new VectorParts(field, cells.rows(), 0, List.of(validity(cells.rows())), children);
        } catch (Throwable failure) {
            children.forEach(VectorParts::release);
            throw failure;
        }
    }

    private VectorParts list(ColumnPlan.FixedList plan, Cells cells, String name, Tally tally) throws NpzException {
        long elements = Math.multiplyExact((long) cells.rows(), (long) plan.size());
        if (elements > VectorReader.MAX_ROWS) {
            throw tally.array()
                    .location()
                    .error(ErrorCode.LIMIT, "the lists of one vector hold too many elements")
                    .expected("at most " + VectorReader.MAX_ROWS)
                    .found(elements)
                    .remedy(VectorReader.BATCH_REMEDY)
                    .build();
        }
        long width = plan.element().width();
        int size = plan.size();
        boolean gathered = !cells.isContiguous(plan.width());
        try (ArrowBuf block = compact(cells, plan.width(), tally)) {
            Cells inner = new Cells(
                    block,
                    0,
                    width,
                    (int) elements,
                    gathered ? Cells.Placement.SCRATCH : cells.placement(),
                    cell -> cells.origin().at(cell / size) + cell % size * width);
            VectorParts child = build(plan.element(), inner, BaseRepeatedValueVector.DATA_VECTOR_NAME, tally);
            try (Rollback undo = Rollback.of(child::release)) {
                Field field = new Field(name, plan.fieldType(), List.of(child.field()));
                return undo.commit(
                        new VectorParts(field, cells.rows(), 0, List.of(validity(cells.rows())), List.of(child)));
            }
        }
    }

    /**
     * The parts of a vector of values, NaT as null.
     *
     * @param values the vector's values, of which one reference is taken over (also when this fails)
     * @param times the 64-bit times to look for NaT, not taken over
     */
    VectorParts withNat(Field field, int rows, ArrowBuf values, ArrowBuf times, Tally tally) throws NpzException {
        ArrowBuf validity = null;
        int nulls = 0;
        try {
            if (NatScan.contains(times, 0, rows)) {
                validity = allocate(EncodeBits.bytes(rows), tally, "the validity of times");
                nulls = NatScan.validity(times, 0, rows, validity, 0);
            }
        } catch (Throwable failure) {
            values.close();
            if (validity != null) {
                validity.close();
            }
            throw failure;
        }
        return fixedWidth(field, rows, nulls, values, validity);
    }

    /** The parts of a flat vector; takes over the references of both buffers, also when this fails. */
    VectorParts fixedWidth(Field field, int rows, int nulls, ArrowBuf values, @Nullable ArrowBuf validity)
            throws NpzException {
        try (Rollback undo = Rollback.of(values)) {
            ArrowBuf bits = validity == null ? validity(rows) : validity;
            return undo.commit(new VectorParts(field, rows, nulls, List.of(bits, values), List.of()));
        }
    }

    /** Bools as bits, which the caller releases. */
    ArrowBuf packed(ArrowBuf bytes, int rows, NumpyArray array) throws NpzException {
        ArrowBuf bits = slab.allocate(EncodeBits.bytes(rows), array::location, "bits");
        try (Rollback undo = Rollback.of(bits)) {
            PackBits.pack(bytes, 0, bits, 0, rows);
            return undo.commit(bits);
        }
    }

    /** A range of the array's bytes, read from its file straight into memory, which the caller releases. */
    ArrowBuf read(NumpyArray array, long start, long bytes) throws NpzException {
        ArrowBuf memory = slab.allocate(bytes, array::location, "a region of the file");
        try (Rollback undo = Rollback.of(memory)) {
            array.data().read(start, memory.nioBuffer(0, (int) bytes));
            return undo.commit(memory);
        }
    }

    /** {@link #packed(ArrowBuf, int, NumpyArray)} of bools that lie in a file. */
    ArrowBuf packed(NumpyArray array, long start, int rows) throws NpzException {
        ArrowBuf bits = slab.allocate(EncodeBits.bytes(rows), array::location, "bits");
        try (Rollback undo = Rollback.of(bits)) {
            Strips.run(
                    allocator,
                    array,
                    start,
                    rows,
                    Strips.BYTES,
                    (bytes, at, length) -> PackBits.pack(bytes, 0, bits, at >>> 3, length));
            return undo.commit(bits);
        }
    }

    /** The elements next to each other, which the caller releases: a view where they lie so already. */
    ArrowBuf compact(Cells cells, long width, Tally tally) throws NpzException {
        if (cells.isContiguous(width)) {
            return cells.slice(width);
        }
        ArrowBuf target = allocate(Math.multiplyExact(width, (long) cells.rows()), tally, "a strided column");
        try (Rollback undo = Rollback.of(target)) {
            Transpose.gather(cells.buffer(), cells.offset(), cells.stride(), target, 0, cells.rows(), width);
            return undo.commit(target);
        }
    }

    /** The elements next to each other and with their bytes swapped, which the caller releases. */
    ArrowBuf littleEndian(Cells cells, long width, int unit, Tally tally) throws NpzException {
        boolean gathered = !cells.isContiguous(width);
        try (ArrowBuf source = compact(cells, width, tally)) {
            boolean inPlace = gathered || cells.placement() == Cells.Placement.SCRATCH;
            ArrowBuf target = inPlace
                    ? Buffers.slice(source, 0, source.capacity())
                    : allocate(source.capacity(), tally, "swapped bytes");
            try (Rollback undo = Rollback.of(target)) {
                SwapBytes.swap(source, 0, target, 0, source.capacity(), unit);
                return undo.commit(target);
            }
        }
    }

    /** Bits that say that no row is null, which the caller releases. */
    ArrowBuf validity(int rows) throws NpzException {
        return options.isolatedValidity() ? ones.isolated(rows) : ones.forRows(rows);
    }

    /** As {@link #allocate}, of which many vectors are to take parts. */
    ArrowBuf allocateShared(long bytes, Tally tally, String what) throws NpzException {
        return slab.allocateShared(bytes, tally.array()::location, what);
    }

    /** Memory of exactly that capacity, which the caller releases. */
    ArrowBuf allocate(long bytes, Tally tally, String what) throws NpzException {
        return slab.allocate(bytes, tally.array()::location, what);
    }

    /** A value that the planned Arrow type cannot hold. Says which; the builder decides what follows. */
    static final class MisfitException extends Exception {
        private static final long serialVersionUID = 1L;

        private final long cell;
        private final long within;

        /**
         * @param problem what is wrong with the value, as it reads after "element 5"
         * @param cell the element among the cells being built
         * @param within bytes from the element's start to the value
         */
        MisfitException(String problem, long cell, long within) {
            super(problem, null, false, false);
            this.cell = cell;
            this.within = within;
        }

        String problem() {
            return String.valueOf(getMessage());
        }

        long cell() {
            return cell;
        }

        long within() {
            return within;
        }
    }
}
