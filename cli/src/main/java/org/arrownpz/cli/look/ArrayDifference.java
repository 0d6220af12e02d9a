package org.arrownpz.cli.look;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.arrownpz.NpzException;
import org.arrownpz.array.ArrayDiff;
import org.arrownpz.cli.file.ArraySet;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/**
 * One thing in which two sets of arrays differ.
 *
 * @param what {@code arrays}, {@code dtype}, {@code shape}, {@code metadata} or {@code values}
 * @param array the array it is about; null for metadata
 * @param a what the first file has, as text; null where it has nothing
 * @param b what the second file has
 * @param values for values: how many differ, where and by how much
 */
public record ArrayDifference(
        String what,
        @Nullable String array,
        @Nullable String a,
        @Nullable String b,
        ArrayDiff.@Nullable Result values) {

    /**
     * Compares the arrays of two files by their names; two files of one array each whatever they are called.
     *
     * @param progress is told the names of arrays as they are compared
     */
    public static List<ArrayDifference> of(ArraySet a, ArraySet b, ArrayDiff values, Consumer<String> progress)
            throws IOException {
        List<ArrayDifference> found = new ArrayList<>();
        boolean single = a.single() && b.single();
        List<String> others = b.names();
        for (String name : a.names()) {
            progress.accept(name);
            String other = single ? others.get(0) : name;
            if (!others.contains(other)) {
                found.add(new ArrayDifference("arrays", name, "present", null, null));
                continue;
            }
            // Python objects are never read: whether they differ, nobody knows.
            NpzException[] fault = new NpzException[1];
            NpzException fails =
                    a.use(name, left -> fault[0] = b.use(other, right -> compare(name, left, right, values, found)));
            if (fails != null || fault[0] != null) {
                throw fails != null ? fails : fault[0];
            }
        }
        if (!single) {
            for (String name : others) {
                if (!a.names().contains(name)) {
                    found.add(new ArrayDifference("arrays", name, null, "present", null));
                }
            }
        }
        Set<String> keys = new TreeSet<>(a.metadata().keySet());
        keys.addAll(b.metadata().keySet());
        for (String key : keys) {
            String left = a.metadata().get(key);
            String right = b.metadata().get(key);
            if (!Objects.equals(left, right)) {
                found.add(new ArrayDifference("metadata", null, pair(key, left), pair(key, right), null));
            }
        }
        return found;
    }

    private static @Nullable String pair(String key, @Nullable String value) {
        return value == null ? null : key + "=" + value;
    }

    private static void compare(String name, NumpyArray a, NumpyArray b, ArrayDiff values, List<ArrayDifference> found)
            throws NpzException {
        String dtypeA = ArraySet.dtype(a);
        String dtypeB = ArraySet.dtype(b);
        if (!dtypeA.equals(dtypeB)) {
            found.add(new ArrayDifference("dtype", name, dtypeA, dtypeB, null));
        }
        if (!a.shape().equals(b.shape())) {
            found.add(new ArrayDifference(
                    "shape", name, a.shape().toString(), b.shape().toString(), null));
        } else if (ArrayDiff.isComparable(a, b)) {
            ArrayDiff.Result result = values.of(a, b);
            if (result.count() > 0) {
                found.add(new ArrayDifference("values", name, result.a(), result.b(), result));
            }
        }
    }

    /** The first place that differs as a tuple of Python; empty where there is none. */
    public static String tuple(long[] index) {
        String text = Arrays.toString(index);
        return "(" + text.substring(1, text.length() - 1) + (index.length == 1 ? ",)" : ")");
    }
}
