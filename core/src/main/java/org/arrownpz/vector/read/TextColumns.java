package org.arrownpz.vector.read;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.kernel.DecodeText;
import org.arrownpz.vector.internal.kernel.StripNul;
import org.arrownpz.vector.internal.kernel.SwapBytes;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.arrownpz.vector.internal.plan.ColumnPlanner;
import org.arrownpz.vector.read.ColumnBuilder.MisfitException;
import org.jspecify.annotations.Nullable;

/**
 * Columns of variable width: text and bytes without their padding.
 *
 * @param maxIntOffset the longest text that 4-byte offsets are used for
 */
record TextColumns(ColumnBuilder builder, long maxIntOffset) {
    // Rows are decoded in steps of about this many bytes, between which the room left is looked at.
    private static final long STEP_BYTES = 64 << 10;
    private static final long SMALL = 64 << 10;

    VectorParts strip(ColumnPlan plan, Cells cells, String name, Tally tally) throws NpzException {
        long width = plan.width();
        int rows = cells.rows();
        try (ArrowBuf bytes = builder.compact(cells, width, tally)) {
            long total = StripNul.total(bytes, 0, rows, width);
            boolean large = total > maxIntOffset;
            ArrowBuf offsets = builder.allocate(offsetBytes(rows, large), tally, "offsets");
            ArrowBuf values = null;
            try {
                values = builder.allocate(total, tally, "bytes");
                StripNul.strip(bytes, 0, rows, width, large, offsets, values);
                ArrowType type = large ? ArrowType.LargeBinary.INSTANCE : plan.type();
                return parts(plan, type, name, rows, offsets, values, tally);
            } catch (Throwable failure) {
                release(offsets, values);
                throw failure;
            }
        }
    }

    VectorParts decode(ColumnPlan.DecodeText plan, Cells cells, String name, Tally tally)
            throws NpzException, MisfitException {
        // A misfit needs the original bytes again, so that nothing may be swapped in place.
        Cells kept = cells.placement() == Cells.Placement.SCRATCH ? cells.placed(Cells.Placement.MEMORY) : cells;
        try (ArrowBuf source = plan.bigEndian()
                ? builder.littleEndian(kept, plan.width(), 4, tally)
                : builder.compact(kept, plan.width(), tally)) {
            return decode(plan, source, cells, name, tally);
        }
    }

    private VectorParts decode(ColumnPlan.DecodeText plan, ArrowBuf source, Cells cells, String name, Tally tally)
            throws NpzException, MisfitException {
        int rows = cells.rows();
        long units = plan.width() / 4;
        // UTF-8 never takes more bytes than UTF-32.
        boolean large = source.capacity() > maxIntOffset && DecodeText.total(source, 0, rows, units) > maxIntOffset;
        return decode(
                plan,
                new DecodeText(source, 0, units, large),
                large,
                rows,
                decoder -> rows,
                cells.origin(),
                name,
                tally);
    }

    /** Gives a decoder its rows: those before the one returned are at hand. */
    @FunctionalInterface
    private interface Feed {
        long next(DecodeText decoder) throws NpzException;
    }

    /** Text read a strip at a time, or null where its offsets might be large. */
    @Nullable
    VectorParts read(
            ColumnPlan.DecodeText plan,
            NumpyArray array,
            long start,
            int rows,
            ArrowBuf strip,
            String name,
            Tally tally)
            throws NpzException, MisfitException {
        long width = plan.width();
        if (width * rows > maxIntOffset) {
            return null;
        }
        long atOnce = strip.capacity() / width;
        Feed feed = decoder -> {
            long row = decoder.row();
            int count = (int) Math.min(atOnce, rows - row);
            if (row % atOnce == 0) {
                int bytes = Math.toIntExact(count * width);
                array.data().read(start + row * width, strip.nioBuffer(0, bytes));
                if (plan.bigEndian()) {
                    SwapBytes.swap(strip, 0, strip, 0, bytes, 4);
                }
                decoder.from(strip, -row * width);
            }
            return Math.min(rows, (row / atOnce + 1) * atOnce);
        };
        DecodeText decoder = new DecodeText(strip, 0, width / 4, false);
        return decode(plan, decoder, false, rows, feed, Cells.Origin.strided(start, width), name, tally);
    }

    private VectorParts decode(
            ColumnPlan.DecodeText plan,
            DecodeText decoder,
            boolean large,
            int rows,
            Feed feed,
            Cells.Origin origin,
            String name,
            Tally tally)
            throws NpzException, MisfitException {
        ArrowBuf offsets = builder.allocate(offsetBytes(rows, large), tally, "offsets");
        ArrowBuf values = null;
        try {
            long step = Math.max(1, STEP_BYTES / Math.max(1, plan.width()));
            values = builder.allocate(decoder.roomFor(Math.min(step, rows)), tally, "text");
            decoder.step(0, offsets, values);
            while (decoder.row() < rows) {
                long end = Math.min(feed.next(decoder), decoder.row() + step);
                long needed = decoder.position() + decoder.roomFor(end - decoder.row());
                if (needed > values.capacity()) {
                    values = resize(values, Math.max(needed, projected(decoder, rows)), decoder.position(), tally);
                }
                if (!decoder.step(end, offsets, values)) {
                    throw misfit(decoder, origin, tally);
                }
            }
            if (values.capacity() > SMALL && values.capacity() / 2 > decoder.position()) {
                values = resize(values, decoder.position(), decoder.position(), tally);
            }
            values.capacity(Math.min(values.capacity(), decoder.position()));
            ArrowType type = large ? ArrowType.LargeUtf8.INSTANCE : plan.type();
            return parts(plan, type, name, rows, offsets, values, tally);
        } catch (Throwable failure) {
            release(offsets, values);
            throw failure;
        }
    }

    /** The bytes that all rows will take if the rest is like the rows so far, and an eighth more. */
    private static long projected(DecodeText decoder, long rows) {
        double perRow = (double) decoder.position() / Math.max(1, decoder.row());
        double all = perRow * rows * 1.125;
        return Math.min((long) all, decoder.roomFor(rows));
    }

    private ArrowBuf resize(ArrowBuf values, long bytes, long used, Tally tally) throws NpzException {
        ArrowBuf target = builder.allocate(bytes, tally, "text");
        try (Rollback undo = Rollback.of(target)) {
            Allocations.copy(values, 0, target, 0, used, tally.array().location());
            undo.commit();
        }
        values.close();
        return target;
    }

    private static NpzException misfit(DecodeText decoder, Cells.Origin origin, Tally tally) throws MisfitException {
        long within = 4 * decoder.badUnit();
        String unit = String.format("0x%X", decoder.badValue());
        if (DecodeText.isSurrogate(decoder.badValue())) {
            throw new MisfitException(
                    "holds the lone surrogate " + unit + ", which UTF-8 cannot hold", decoder.row(), within);
        }
        return tally.error("holds a code unit that is no character", origin.at(decoder.row()) + within)
                .expected("at most 0x10FFFF")
                .found(unit)
                .build();
    }

    private VectorParts parts(
            ColumnPlan plan, ArrowType type, String name, int rows, ArrowBuf offsets, ArrowBuf values, Tally tally)
            throws NpzException {
        Field field = type.equals(plan.type())
                ? plan.field(name)
                : new Field(name, ColumnPlanner.type(type, plan.fieldType().getMetadata()), null);
        ArrowBuf validity = builder.validity(rows);
        tally.copied(offsets.capacity() + values.capacity());
        return new VectorParts(field, rows, 0, List.of(validity, offsets, values), List.of());
    }

    private static long offsetBytes(long rows, boolean large) {
        return Math.multiplyExact(rows + 1, large ? 8L : 4L);
    }

    private static void release(ArrowBuf offsets, @Nullable ArrowBuf values) {
        offsets.close();
        if (values != null) {
            values.close();
        }
    }
}
