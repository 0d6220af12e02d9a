package org.arrownpz.compare;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/**
 * A made-up table in the shape of New York's yellow taxi trips of January 2010, which StaticFrame's article reads: three
 * columns of text, two of times, two of integers and eleven of floats, with similar ranges and repetitions. The same rows
 * for the same number of them, on every machine.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class TaxiTable {
    /** About what that January had. */
    public static final int MOST_ROWS = 15_000_000;

    /** 2010-01-01 in microseconds, and the month's seconds. */
    private static final long MONTH = 1_262_304_000_000_000L;

    private static final int MONTH_SECONDS = 31 * 24 * 3600;
    private static final String[] VENDORS = {"CMT", "VTS", "DDS"};
    private static final String[] PAYMENTS = {"CAS", "CRE", "Cash", "Credit", "No Charge", "Dispute"};
    private static final String[] FLAGS = {"N", "Y", ""};
    private static final long SEED = 20100101;

    private final BufferAllocator allocator;
    private final int rows;
    private final List<FieldVector> columns = new ArrayList<>();

    private TaxiTable(BufferAllocator allocator, int rows) {
        this.allocator = allocator;
        this.rows = rows;
    }

    /**
     * Makes the table. The caller closes it.
     *
     * @throws IllegalArgumentException for less than one row or more than {@link #MOST_ROWS}
     * @throws NpzException LIMIT when the allocator cannot hold it
     */
    public static VectorSchemaRoot of(BufferAllocator allocator, int rows) throws NpzException {
        if (rows < 1 || rows > MOST_ROWS) {
            throw new IllegalArgumentException("the taxi table has 1 to " + MOST_ROWS + " rows, not " + rows);
        }
        TaxiTable table = new TaxiTable(allocator, rows);
        boolean done = false;
        try {
            table.fill();
            VectorSchemaRoot root = new VectorSchemaRoot(table.columns);
            root.setRowCount(rows);
            done = true;
            return root;
        } catch (OutOfMemoryException e) {
            throw Location.ofFile(null)
                    .fault(ErrorCode.LIMIT, "the allocator cannot hold the taxi table")
                    .remedy("Ask for fewer rows, or give the allocator a higher limit")
                    .cause(e)
                    .exception();
        } finally {
            if (!done) {
                table.columns.forEach(FieldVector::close);
            }
        }
    }

    private void fill() {
        texts("vendor_id", VENDORS, 49, 49);
        times();
        integers("passenger_count", 1, 6, 70);
        floats("trip_distance", 0.1, 0.01, 2500);
        floats("pickup_longitude", -74.02, 0.000001, 140_000);
        floats("pickup_latitude", 40.70, 0.000001, 110_000);
        integers("rate_code", 1, 5, 97);
        texts("store_and_fwd_flag", FLAGS, 60, 2);
        floats("dropoff_longitude", -74.02, 0.000001, 150_000);
        floats("dropoff_latitude", 40.70, 0.000001, 120_000);
        texts("payment_type", PAYMENTS, 35, 20);
        money();
    }

    private SplittableRandom random(String name) {
        return new SplittableRandom(SEED ^ name.hashCode());
    }

    private <T extends BaseFixedWidthVector> T allocate(T vector) {
        columns.add(vector);
        vector.allocateNew(rows);
        vector.getValidityBuffer().setOne(0L, (rows + 7L) >> 3);
        vector.setValueCount(rows);
        return vector;
    }

    /** Texts of a few kinds; so many per cent are the first, so many the second, the rest any. */
    private void texts(String name, String[] kinds, int first, int second) {
        SplittableRandom random = random(name);
        byte[][] encoded = new byte[kinds.length][];
        int longest = 0;
        for (int i = 0; i < kinds.length; i++) {
            encoded[i] = kinds[i].getBytes(StandardCharsets.UTF_8);
            longest = Math.max(longest, encoded[i].length);
        }
        VarCharVector vector = new VarCharVector(name, allocator);
        columns.add(vector);
        vector.allocateNew((long) rows * longest, rows);
        for (int row = 0; row < rows; row++) {
            int draw = random.nextInt(100);
            int kind = draw < first ? 0 : draw < first + second ? 1 : random.nextInt(kinds.length);
            vector.set(row, encoded[kind]);
        }
        vector.setValueCount(rows);
    }

    private void times() {
        SplittableRandom random = random("times");
        TimeStampMicroVector pickup = allocate(new TimeStampMicroVector("pickup_datetime", allocator));
        TimeStampMicroVector dropoff = allocate(new TimeStampMicroVector("dropoff_datetime", allocator));
        for (int row = 0; row < rows; row++) {
            long start = MONTH + random.nextInt(MONTH_SECONDS) * 1_000_000L;
            pickup.getDataBuffer().setLong(row * 8L, start);
            dropoff.getDataBuffer().setLong(row * 8L, start + (60 + random.nextInt(2400)) * 1_000_000L);
        }
    }

    /** Mostly the least, so many per cent; else evenly up to the greatest. */
    private void integers(String name, int least, int greatest, int often) {
        SplittableRandom random = random(name);
        BigIntVector vector = allocate(new BigIntVector(name, allocator));
        for (int row = 0; row < rows; row++) {
            boolean usual = random.nextInt(100) < often;
            vector.getDataBuffer().setLong(row * 8L, usual ? least : random.nextInt(least, greatest + 1));
        }
    }

    /** Multiples of a step from a start on, small ones more often. */
    private void floats(String name, double start, double step, int steps) {
        SplittableRandom random = random(name);
        Float8Vector vector = allocate(new Float8Vector(name, allocator));
        for (int row = 0; row < rows; row++) {
            int count = Math.min(random.nextInt(steps), random.nextInt(steps));
            vector.getDataBuffer().setDouble(row * 8L, start + count * step);
        }
    }

    // The total is the sum of its parts, as on the receipts.
    private void money() {
        SplittableRandom random = random("money");
        Float8Vector fare = allocate(new Float8Vector("fare_amount", allocator));
        Float8Vector surcharge = allocate(new Float8Vector("surcharge", allocator));
        Float8Vector tax = allocate(new Float8Vector("mta_tax", allocator));
        Float8Vector tip = allocate(new Float8Vector("tip_amount", allocator));
        Float8Vector tolls = allocate(new Float8Vector("tolls_amount", allocator));
        Float8Vector total = allocate(new Float8Vector("total_amount", allocator));
        for (int row = 0; row < rows; row++) {
            long at = row * 8L;
            double paid = 2.5 + 0.4 * Math.min(random.nextInt(120), random.nextInt(120));
            double extra = 0.5 * random.nextInt(3);
            double given = random.nextInt(100) < 40 ? 0.01 * random.nextInt(800) : 0;
            double crossed = random.nextInt(100) < 4 ? 4.57 : 0;
            fare.getDataBuffer().setDouble(at, paid);
            surcharge.getDataBuffer().setDouble(at, extra);
            tax.getDataBuffer().setDouble(at, 0.5);
            tip.getDataBuffer().setDouble(at, given);
            tolls.getDataBuffer().setDouble(at, crossed);
            total.getDataBuffer().setDouble(at, paid + extra + 0.5 + given + crossed);
        }
    }
}
