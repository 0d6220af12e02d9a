package org.arrownpz.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.event.spec.PackSpec;

/**
 * Made-up events in three shapes, always the same: a text key, a time, a kind, a price in cents and a number of an item;
 * sessions also have four texts that are the same for all rows of one session.
 */
enum EventShape {
    LONG("few long groups", 1_000, 2_592, false),
    SHORT("many short groups", 200_000, 60, false),
    SESSIONS("sessions with attributes", 50_000, 45, true);

    static final String KEY = "group";
    static final String VALUE = "price";
    private static final List<String> ATTRIBUTES = List.of("user", "country", "agent", "referrer");
    private static final String[] KINDS = {
        "page_view", "click", "search", "add_to_cart", "remove", "checkout", "purchase", "refund"
    };
    private static final String[] COUNTRIES = {"US", "DE", "FR", "JP", "BR", "IN", "GB", "NL", "SE", "ES"};
    /** A month. */
    private static final long SPAN = 30L * 86_400 * 1_000_000;
    /** 2025-07-01. */
    private static final long START = 1_751_328_000_000_000L;
    /** Times, from the start in microseconds, and numbers of rows share 63 bits: two months and a million rows. */
    private static final int INDEX_BITS = 20;

    final String title;
    private final int groups;
    /** Between two events of a group, on the average. */
    private final int gapSeconds;

    private final boolean attributes;

    EventShape(String title, int groups, int gapSeconds, boolean attributes) {
        this.title = title;
        this.groups = groups;
        this.gapSeconds = gapSeconds;
        this.attributes = attributes;
    }

    /** Packs by the key, with the attributes once a group. */
    PackSpec spec() {
        PackSpec spec = PackSpec.by(KEY).packRest();
        return attributes ? spec.carry(ATTRIBUTES.toArray(String[]::new)) : spec;
    }

    /** The number of groups. */
    int groups() {
        return groups;
    }

    /** The group and the time of each row, ordered by group and time. */
    private record Rows(int[] groups, long[] times) {}

    private Rows rows(int count) {
        SplittableRandom random = new SplittableRandom(20251);
        int[] of = new int[count];
        for (int i = 0; i < count; i++) {
            // All groups have a row; the others fall at random.
            of[i] = i < groups ? i : random.nextInt(groups);
        }
        Arrays.sort(of);
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            boolean first = i == 0 || of[i] != of[i - 1];
            times[i] =
                    first ? START + random.nextLong(SPAN) : times[i - 1] + 1 + random.nextLong(2_000_000L * gapSeconds);
        }
        return new Rows(of, times);
    }

    /** The key of a group; keys rise with their numbers. */
    String key(int group) {
        long hash = (group * 0x9E3779B97F4A7C15L) >>> 32;
        return String.format(Locale.ROOT, "%06d-%08x", group, hash);
    }

    /**
     * The events.
     *
     * @param count how many, up to 1,048,576
     * @param byTime in the order of their times, as they arrive; else by group, then by time
     */
    VectorSchemaRoot flat(BufferAllocator allocator, int count, boolean byTime) {
        Rows rows = rows(count);
        int[] order = order(rows, byTime);
        SplittableRandom random = new SplittableRandom(7);
        int[] kinds = new int[count];
        int[] items = new int[count];
        int[] cents = new int[count];
        for (int i = 0; i < count; i++) {
            kinds[i] = Math.min(KINDS.length - 1, (int) (KINDS.length * random.nextDouble() * random.nextDouble()));
            items[i] = (int) (20_000 * Math.pow(random.nextDouble(), 3));
            cents[i] = 99 + items[i] * 37 % 20_000;
        }
        List<FieldVector> vectors = new ArrayList<>();
        vectors.add(text(allocator, KEY, order, row -> key(rows.groups[row])));
        if (attributes) {
            vectors.add(text(allocator, "user", order, row -> "user-" + user(rows.groups[row])));
            vectors.add(text(allocator, "country", order, row -> COUNTRIES[user(rows.groups[row]) % COUNTRIES.length]));
            vectors.add(text(allocator, "agent", order, row -> agent(user(rows.groups[row]) % 211)));
            vectors.add(text(
                    allocator,
                    "referrer",
                    order,
                    row -> "https://www.example.org/campaigns/" + key(rows.groups[row] * 31 % 100_000)));
        }
        TimeStampMicroVector time = new TimeStampMicroVector("time", allocator);
        Float8Vector price = new Float8Vector(VALUE, allocator);
        IntVector item = new IntVector("item", allocator);
        time.allocateNew(count);
        price.allocateNew(count);
        item.allocateNew(count);
        for (int i = 0; i < count; i++) {
            time.set(i, rows.times[order[i]]);
            price.set(i, cents[order[i]] / 100.0);
            item.set(i, items[order[i]]);
        }
        vectors.add(time);
        vectors.add(text(allocator, "kind", order, row -> KINDS[kinds[row]]));
        vectors.add(price);
        vectors.add(item);
        vectors.forEach(vector -> vector.setValueCount(count));
        return new VectorSchemaRoot(vectors.stream().map(FieldVector::getField).toList(), vectors, count);
    }

    private static int[] order(Rows rows, boolean byTime) {
        int count = rows.times.length;
        if (count > 1 << INDEX_BITS) {
            throw new IllegalArgumentException("at most " + (1 << INDEX_BITS) + " rows, not " + count);
        }
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = byTime ? Math.multiplyExact(rows.times[i] - START, 1L << INDEX_BITS) | i : i;
        }
        Arrays.sort(keys);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = (int) (keys[i] & ((1 << INDEX_BITS) - 1));
        }
        return order;
    }

    private static int user(int group) {
        return (int) ((group * 2_654_435_761L >>> 8) % 30_000);
    }

    private static String agent(int number) {
        return "Mozilla/5.0 (X11; Linux x86_64; rv:" + (100 + number % 40) + ".0) Gecko/20100101 Browser/" + number;
    }

    private interface Text {
        String of(int row);
    }

    private static VarCharVector text(BufferAllocator allocator, String name, int[] order, Text text) {
        VarCharVector vector = new VarCharVector(name, allocator);
        vector.allocateNew(order.length);
        for (int i = 0; i < order.length; i++) {
            vector.setSafe(i, text.of(order[i]).getBytes(StandardCharsets.UTF_8));
        }
        return vector;
    }
}
