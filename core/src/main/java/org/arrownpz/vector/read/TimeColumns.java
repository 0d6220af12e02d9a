package org.arrownpz.vector.read;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.kernel.NarrowTime;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.arrownpz.vector.internal.plan.ColumnPlan.Time.Conversion;
import org.arrownpz.vector.read.ColumnBuilder.MisfitException;

/** Times that have to be computed: rescaled timestamps and durations, dates, intervals. */
record TimeColumns(ColumnBuilder builder) {
    private static final int WIDTH = 8;

    VectorParts convert(ColumnPlan.Time plan, Cells cells, String name, Tally tally)
            throws NpzException, MisfitException {
        // A misfit needs the original bytes again, so that nothing may be swapped in place.
        Cells kept = cells.placement() == Cells.Placement.SCRATCH ? cells.placed(Cells.Placement.MEMORY) : cells;
        try (ArrowBuf times = plan.bigEndian()
                ? builder.littleEndian(kept, WIDTH, WIDTH, tally)
                : builder.compact(kept, WIDTH, tally)) {
            int rows = cells.rows();
            long bytes = Math.multiplyExact(width(plan), (long) rows);
            ArrowBuf target = builder.allocate(bytes, tally, "converted times");
            try (Rollback undo = Rollback.of(target)) {
                long misfit = write(plan, times, target, 0, rows);
                if (misfit >= 0) {
                    throw new MisfitException("of type " + plan.dtype() + " does not fit " + plan.type(), misfit, 0);
                }
                undo.commit();
            }
            VectorParts parts = builder.withNat(plan.field(name), rows, target, times, tally);
            tally.copied(bytes);
            return parts;
        }
    }

    /** Bytes of a converted time. */
    static long width(ColumnPlan.Time plan) {
        return plan.conversion() == Conversion.RESCALE ? 8 : 4;
    }

    /** Converts little-endian times; the first that does not fit, or −1. */
    static long write(ColumnPlan.Time plan, ArrowBuf times, ArrowBuf target, long offset, int rows) {
        return switch (plan.conversion()) {
            case RESCALE -> NarrowTime.rescale(times, 0, target, offset, rows, plan.factor());
            case MONTHS -> NarrowTime.monthsToDays(times, 0, target, offset, rows, plan.factor());
            case DAYS, INTERVAL -> NarrowTime.multiply(times, 0, target, offset, rows, plan.factor());
        };
    }
}
