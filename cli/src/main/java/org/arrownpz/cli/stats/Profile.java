package org.arrownpz.cli.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The spread of a column's values; of texts, binaries and lists, that of their lengths.
 *
 * @param mean of values or lengths, NaN where there is none
 * @param deviation the standard deviation, NaN where there is none
 * @param quantiles a quarter, a half and three quarters of the values are less; empty where they have no numbers
 * @param sampled whether quantiles and histogram are of a sample
 * @param histogram how many values lie in each of equal parts between the least and the greatest
 * @param distinct how many values differ, or -1
 * @param distinctExact whether that is no estimate
 * @param top the most frequent values, or lengths of lists
 */
public record Profile(
        double mean,
        double deviation,
        double[] quantiles,
        boolean sampled,
        long[] histogram,
        long distinct,
        boolean distinctExact,
        List<Top> top) {
    /** The number of a histogram's parts. */
    public static final int PARTS = 16;

    /** The number of the most frequent values that are told. */
    static final int TOP = 5;

    /**
     * A frequent value.
     *
     * @param json the value in JSON
     * @param text the value in a table
     * @param count how often it comes
     */
    public record Top(String json, String text, long count) {
        private JsonObject toJson() {
            return new JsonObject().put("value", new JsonObject.Raw(json)).put("count", count);
        }
    }

    /** Of columns that are not measured. */
    static final Profile NONE =
            new Profile(Double.NaN, Double.NaN, new double[0], false, new long[0], -1, false, List.of());

    static Profile of(Sample sample, boolean numbers, Distinct distinct, boolean ofValues, List<Top> top) {
        double[] quantiles = numbers && !sample.isEmpty()
                ? new double[] {sample.quantile(0.25), sample.quantile(0.5), sample.quantile(0.75)}
                : new double[0];
        return new Profile(
                numbers ? sample.mean() : Double.NaN,
                numbers ? sample.deviation() : Double.NaN,
                quantiles,
                !sample.isExact(),
                sample.histogram(PARTS),
                ofValues ? distinct.count() : -1,
                distinct.isExact(),
                top);
    }

    /** Adds quantiles, histogram and the most frequent values; null where there are none. */
    void put(JsonObject object) {
        object.put("quantiles", quantiles.length == 0 ? null : reals(quantiles))
                .put(
                        "histogram",
                        this == NONE ? null : Arrays.stream(histogram).boxed().toList())
                .put("sampled", this == NONE ? null : sampled)
                .putKnown("distinct", distinct)
                .put("distinct_exact", distinct < 0 ? null : distinctExact)
                .put("top", this == NONE ? null : top.stream().map(Top::toJson).toList());
    }

    private static List<@Nullable Object> reals(double[] values) {
        List<@Nullable Object> reals = new ArrayList<>();
        for (double value : values) {
            reals.add(ColumnStats.real(value));
        }
        return reals;
    }
}
