package org.arrownpz.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.compare.Contenders.Batch;
import org.arrownpz.compare.Contenders.Reader;
import org.arrownpz.compare.internal.measure.ColumnSum;

/** The sum of each column of a table as one reader gave it. Readers must agree on them before anything is timed. */
final class Agreement implements Batch {
    private final BufferAllocator allocator;
    private long[] sums = new long[0];
    private final List<String> kinds = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private long rows;
    private long valueBytes;
    private long copied;

    /** @param allocator the reader's own: what it holds tells how much was copied */
    Agreement(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /** Reads a file once. */
    static Agreement of(Reader reader, BufferAllocator parent, Path file) throws Exception {
        try (BufferAllocator own = parent.newChildAllocator("agreement", 0, Long.MAX_VALUE)) {
            Agreement agreement = new Agreement(own);
            reader.call().read(own, file, agreement);
            return agreement;
        }
    }

    @Override
    public void take(List<FieldVector> columns, DictionaryProvider dictionaries) {
        if (kinds.isEmpty()) {
            sums = new long[columns.size()];
            for (FieldVector column : columns) {
                boolean encoded = column.getField().getDictionary() != null;
                kinds.add(ColumnSum.kind(encoded ? decoded(column, dictionaries) : column.getField()));
                names.add(column.getName());
            }
        }
        copied = Math.max(copied, allocator.getAllocatedMemory());
        for (int i = 0; i < columns.size(); i++) {
            sums[i] += ColumnSum.of(columns.get(i), dictionaries);
            valueBytes += columns.get(i).getBufferSize();
        }
        rows += columns.isEmpty() ? 0 : columns.get(0).getValueCount();
    }

    private static Field decoded(FieldVector column, DictionaryProvider dictionaries) {
        var dictionary = dictionaries.lookup(column.getField().getDictionary().getId());
        return dictionary == null ? column.getField() : dictionary.getVector().getField();
    }

    /** The sum of all columns, as {@link Contenders.Checksum} makes it. */
    long total() {
        return total(IntStream.range(0, sums.length).toArray());
    }

    /** The sum, where columns count in the order of the source. */
    long totalAs(Agreement source) {
        return total(source.places(this));
    }

    private long total(int[] places) {
        long total = 0;
        for (int i = 0; i < places.length; i++) {
            total += ColumnSum.weighted(i, sums[places[i]]);
        }
        return total;
    }

    /**
     * The places of these columns in the other: by position, or by name where it has the same names in another order, as
     * files have whose index stands behind the columns.
     */
    private int[] places(Agreement other) {
        boolean sameNames =
                isUnique() && names.size() == other.names.size() && new HashSet<>(names).containsAll(other.names);
        return sameNames
                ? names.stream().mapToInt(other.names::indexOf).toArray()
                : IntStream.range(0, other.sums.length).toArray();
    }

    private boolean isUnique() {
        return new HashSet<>(names).size() == names.size();
    }

    long valueBytes() {
        return valueBytes;
    }

    int columns() {
        return sums.length;
    }

    /** The part of the values that was not copied into memory of the allocator. */
    double viewedPart() {
        return valueBytes == 0 ? 0 : Math.max(0, 1 - (double) copied / valueBytes);
    }

    /**
     * Compares sums that another process made of columns by name with these.
     *
     * @param other {@code rows}, and of each column {@code names}, {@code kinds} and {@code sums}, null where it has none
     * @return a note where columns are not compared, because their types or names are others
     * @throws NpzException VALUE when rows or values differ
     */
    List<String> check(JsonNode other, String reader, Path file) throws NpzException {
        if (other.get("rows").asLong() != rows) {
            throw differs(file, reader, "another table than was written", rows + " rows", other.get("rows"));
        }
        int left = names.size();
        for (int i = 0; i < other.get("names").size(); i++) {
            int at = isUnique() ? names.indexOf(other.get("names").get(i).asText()) : -1;
            String sum = other.get("sums").get(i).asText("");
            if (at >= 0
                    && !sum.isEmpty()
                    && kinds.get(at).equals(other.get("kinds").get(i).asText())) {
                left--;
                check(at, Long.parseUnsignedLong(sum, 16), reader, file);
            }
        }
        return left == 0 ? List.of() : List.of("not compared: " + left + " of other types");
    }

    /**
     * Compares another reader's sums with these.
     *
     * @param reader who read, for messages
     * @return which columns came as other types, so that their values are not compared; empty when there are none
     * @throws NpzException VALUE when rows, columns or values differ
     */
    List<String> check(Agreement other, String reader, Path file) throws NpzException {
        if (rows == 0 && other.rows == 0 && other.sums.length == 0) {
            // Some readers give no batch when there are no rows.
            return List.of();
        }
        if (other.rows != rows || other.sums.length != sums.length) {
            throw differs(file, reader, "another table than was written", shape(), other.shape());
        }
        Map<String, Integer> changes = new TreeMap<>();
        int[] places = places(other);
        for (int i = 0; i < sums.length; i++) {
            String kind = other.kinds.get(places[i]);
            if (kinds.get(i).equals(kind) && !kind.contains(ColumnSum.OTHER)) {
                check(i, other.sums[places[i]], reader, file);
            } else {
                changes.merge(kinds.get(i) + " as " + kind, 1, Integer::sum);
            }
        }
        List<String> notes = new ArrayList<>();
        changes.forEach((change, count) -> notes.add("not compared: " + count + " of " + change));
        return notes;
    }

    private String shape() {
        return rows + " rows of " + sums.length + " columns";
    }

    private void check(int column, long sum, String reader, Path file) throws NpzException {
        if (sum != sums[column]) {
            String what = "other values of column " + SafeText.quote(names.get(column));
            throw differs(file, reader, what, "checksum " + ColumnSum.text(sums[column]), ColumnSum.text(sum));
        }
    }

    private static NpzException differs(Path file, String reader, String what, String expected, Object found) {
        return Location.ofFile(file.toString())
                .error(ErrorCode.VALUE, reader + " reads " + what)
                .expected(expected)
                .found(found)
                .build();
    }
}
