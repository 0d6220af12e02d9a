package org.arrownpz.vector.read;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.NatScan;
import org.arrownpz.vector.internal.kernel.SwapBytes;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.arrownpz.vector.read.ColumnBuilder.MisfitException;
import org.jspecify.annotations.Nullable;

/**
 * Columns whose elements are converted on their way from a file, a strip at a time.
 *
 * <p>8 MB in the page cache, {@code open} and {@code root()}, in parts of the time from a mapping: bools 0.50,
 * big-endian int32 0.64 and float64 0.91, text 0.78 (big-endian) to 0.98 (U4), dates 0.79, rescaled times 0.88. Padded
 * bytes (S) stay with the mapping: they are gone through twice, which takes 7.4 ms, of which reading could spare 0.3.
 */
record StripColumns(BufferAllocator allocator, ColumnBuilder builder, TextColumns text) {
    /** Of wider elements, too few go into a strip. */
    private static final long WIDEST = 4 << 10;

    /** Takes the elements of a strip. Called by one or two threads. */
    @FunctionalInterface
    private interface Converter {
        /**
         * Writes elements to a byte of the target, and to one of the validity where there is any.
         *
         * @return how many are null, or −1 where one does not fit
         */
        int convert(ArrowBuf strip, int count, ArrowBuf target, long at, @Nullable ArrowBuf validity, long atBits);
    }

    /**
     * Elements that lie next to each other from a byte of the array's data on. Null where they are to be built from a
     * region: those of another plan, wide ones, and those with a misfit, of which all is needed again.
     */
    @Nullable
    VectorParts read(ColumnPlan plan, NumpyArray array, long start, int rows, String name, Tally tally)
            throws NpzException {
        if (plan.width() > WIDEST) {
            return null;
        }
        if (plan instanceof ColumnPlan.DecodeText decode) {
            try (ArrowBuf strip = builder.allocate(length(plan, rows), tally, "a strip of the file")) {
                return text.read(decode, array, start, rows, strip, name, tally);
            } catch (MisfitException misfit) {
                return null;
            }
        }
        if (plan instanceof ColumnPlan.SwapBytes swap) {
            Converter swapped = (strip, count, target, at, validity, atBits) -> {
                SwapBytes.swap(strip, 0, target, at, swap.width() * count, swap.unit());
                return validity == null ? 0 : NatScan.validity(target, at, count, validity, atBits);
            };
            return fixed(plan, array, start, rows, name, tally, swap.width(), swap.scanNat(), swapped);
        }
        if (!(plan instanceof ColumnPlan.Time time)) {
            return null;
        }
        Converter rescaled = (strip, count, target, at, validity, atBits) -> {
            if (time.bigEndian()) {
                SwapBytes.swap(strip, 0, strip, 0, 8L * count, 8);
            }
            boolean fits = TimeColumns.write(time, strip, target, at, count) < 0;
            return !fits || validity == null ? -1 : NatScan.validity(strip, 0, count, validity, atBits);
        };
        return fixed(plan, array, start, rows, name, tally, TimeColumns.width(time), true, rescaled);
    }

    private static long length(ColumnPlan plan, int rows) {
        // Whole bytes of the bitmap.
        return Math.min((Strips.BYTES / plan.width() & -64L), rows) * plan.width();
    }

    /**
     * @param width of what becomes of an element
     * @param times whether elements may be NaT
     */
    private @Nullable VectorParts fixed(
            ColumnPlan plan,
            NumpyArray array,
            long start,
            int rows,
            String name,
            Tally tally,
            long width,
            boolean times,
            Converter converter)
            throws NpzException {
        ArrowBuf target = builder.allocate(Math.multiplyExact(width, (long) rows), tally, "converted values");
        try (Rollback undo = Rollback.of(target)) {
            ArrowBuf validity = times ? builder.allocate(EncodeBits.bytes(rows), tally, "the validity of times") : null;
            AtomicInteger nulls = new AtomicInteger();
            AtomicBoolean misfit = new AtomicBoolean();
            try (Rollback bits = Rollback.of(() -> {
                if (validity != null) {
                    validity.close();
                }
            })) {
                Strips.run(allocator, array, start, plan.width() * rows, length(plan, rows), (strip, at, length) -> {
                    long row = at / plan.width();
                    int count = (int) (length / plan.width());
                    int found = converter.convert(strip, count, target, row * width, validity, row >>> 3);
                    if (found < 0) {
                        misfit.set(true);
                    }
                    nulls.addAndGet(found);
                });
                if (misfit.get()) {
                    return null;
                }
                if (nulls.get() > 0) {
                    bits.commit();
                }
            }
            tally.copied(target.capacity());
            undo.commit();
            return builder.fixedWidth(plan.field(name), rows, nulls.get(), target, nulls.get() > 0 ? validity : null);
        }
    }
}
