package org.arrownpz.vector.read;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.kernel.NarrowTime;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.arrownpz.vector.read.ColumnBuilder.MisfitException;

/** Times that have to be computed: rescaled timestamps and durations, dates, intervals. */
record TimeColumns(ColumnBuilder builder) {
    private static final int WIDTH = 8;

    VectorParts convert(ColumnPlan plan, Cells cells, String name, Tally tally) throws NpzException, MisfitException {
        // A misfit needs the original bytes again, so that nothing may be swapped in place.
        Cells kept = cells.placement() == Cells.Placement.SCRATCH ? cells.placed(Cells.Placement.MEMORY) : cells;
        try (ArrowBuf times = isBigEndian(plan)
                ? builder.littleEndian(kept, WIDTH, WIDTH, tally)
                : builder.compact(kept, WIDTH, tally)) {
            int rows = cells.rows();
            long bytes = Math.multiplyExact(width(plan), (long) rows);
            ArrowBuf target = builder.allocate(bytes, tally, "converted times");
            try (Rollback undo = Rollback.of(target)) {
                check(write(plan, times, target, 0, rows), plan);
                undo.commit();
            }
            VectorParts parts = builder.withNat(plan.field(name), rows, target, times, tally);
            tally.copied(bytes);
            return parts;
        }
    }

    static boolean converts(ColumnPlan plan) {
        return plan instanceof ColumnPlan.RescaleTime
                || plan instanceof ColumnPlan.NarrowDate
                || plan instanceof ColumnPlan.Interval;
    }

    /** Bytes of a converted time. */
    static long width(ColumnPlan plan) {
        return plan instanceof ColumnPlan.RescaleTime ? 8 : 4;
    }

    /** Converts little-endian times; the first that does not fit, or −1. */
    static long write(ColumnPlan plan, ArrowBuf times, ArrowBuf target, long offset, int rows) {
        if (plan instanceof ColumnPlan.RescaleTime rescale) {
            return NarrowTime.rescale(times, 0, target, offset, rows, rescale.factor());
        }
        if (plan instanceof ColumnPlan.Interval interval) {
            return NarrowTime.multiply(times, 0, target, offset, rows, interval.factor());
        }
        ColumnPlan.NarrowDate date = (ColumnPlan.NarrowDate) plan;
        return date.months()
                ? NarrowTime.monthsToDays(times, 0, target, offset, rows, date.factor())
                : NarrowTime.multiply(times, 0, target, offset, rows, date.factor());
    }

    private static void check(long misfit, ColumnPlan plan) throws MisfitException {
        if (misfit >= 0) {
            throw new MisfitException("of type " + plan.dtype() + " does not fit " + plan.type(), misfit, 0);
        }
    }

    static boolean isBigEndian(ColumnPlan plan) {
        if (plan instanceof ColumnPlan.RescaleTime rescale) {
            return rescale.bigEndian();
        }
        if (plan instanceof ColumnPlan.Interval interval) {
            return interval.bigEndian();
        }
        return ((ColumnPlan.NarrowDate) plan).bigEndian();
    }
}
