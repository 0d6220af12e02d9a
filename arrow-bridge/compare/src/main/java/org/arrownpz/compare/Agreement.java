package org.arrownpz.compare;

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
import org.arrownpz.compare.internal.contender.Batch;
import org.arrownpz.compare.internal.contender.Reader;
import org.arrownpz.compare.internal.measure.Checksum;
import org.arrownpz.compare.internal.measure.ColumnKind;
import org.arrownpz.compare.internal.measure.ColumnSum;
import org.arrownpz.internal.text.SafeText;

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
                kinds.add(ColumnKind.of(encoded ? decoded(column, dictionaries) : column.getField()));
                names.add(column.getName());
            }
        }
        copied = Math.max(copied, allocator.getAllocatedMemory());
        long bytes = 0;
        for (int i = 0; i < columns.size(); i++) {
            sums[i] += ColumnSum.of(columns.get(i), dictionaries);
            bytes += columns.get(i).getBufferSize();
        }
        valueBytes += bytes;
        rows += columns.isEmpty() ? 0 : columns.get(0).getValueCount();
    }

    private static Field decoded(FieldVector column, DictionaryProvider dictionaries) {
        var dictionary = dictionaries.lookup(column.getField().getDictionary().getId());
        return dictionary == null ? column.getField() : dictionary.getVector().getField();
    }

    /** The sum of all columns, as {@link Checksum} makes it. */
    long total() {
        long total = 0;
        for (int i = 0; i < sums.length; i++) {
            total += Checksum.weighted(i, sums[i]);
        }
        return total;
    }

    /** The sum, where columns count in the order of the source. */
    long totalAs(Agreement source) {
        int[] places = source.places(this);
        long total = 0;
        for (int i = 0; i < places.length; i++) {
            total += Checksum.weighted(i, sums[places[i]]);
        }
        return total;
    }

    /**
     * Where the other has these columns: by position, or by name where it has the same names in another order, as files
     * have whose index stands behind the columns.
     */
    private int[] places(Agreement other) {
        int[] places = IntStream.range(0, other.sums.length).toArray();
        boolean sameNames = new HashSet<>(names).size() == names.size()
                && names.size() == other.names.size()
                && new HashSet<>(names).equals(new HashSet<>(other.names));
        if (sameNames) {
            places = names.stream().mapToInt(other.names::indexOf).toArray();
        }
        return places;
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
     * @param kinds of the columns; empty where they have no sum
     * @param others the sums
     * @return how many columns are not compared, because their types or names are others
     * @throws NpzException VALUE when rows or values differ
     */
    int check(
            long otherRows,
            List<String> columns,
            List<String> otherKinds,
            List<String> others,
            String reader,
            Path file)
            throws NpzException {
        Location location = Location.ofFile(file.toString());
        if (otherRows != rows) {
            throw location.error(ErrorCode.VALUE, reader + " reads another table than was written")
                    .expected(rows + " rows")
                    .found(otherRows)
                    .build();
        }
        int left = names.size();
        boolean unique = new HashSet<>(names).size() == names.size();
        for (int i = 0; i < columns.size(); i++) {
            int at = unique ? names.indexOf(columns.get(i)) : -1;
            String sum = others.get(i);
            if (at < 0 || sum.isEmpty() || !kinds.get(at).equals(otherKinds.get(i))) {
                continue;
            }
            left--;
            if (Long.parseUnsignedLong(sum, 16) != sums[at]) {
                throw location.error(
                                ErrorCode.VALUE,
                                reader + " reads other values of column " + SafeText.quote(names.get(at)))
                        .expected("checksum " + Checksum.text(sums[at]))
                        .found(sum)
                        .build();
            }
        }
        return left;
    }

    /**
     * Compares another reader's sums with these.
     *
     * @param reader who read, for messages
     * @return which columns came as other types, so that their values are not compared; empty when there are none
     * @throws NpzException VALUE when rows, columns or values differ
     */
    List<String> check(Agreement other, String reader, Path file) throws NpzException {
        Location location = Location.ofFile(file.toString());
        if (rows == 0 && other.rows == 0 && other.sums.length == 0) {
            // Some readers give no batch when there are no rows.
            return List.of();
        }
        if (other.rows != rows || other.sums.length != sums.length) {
            throw location.error(ErrorCode.VALUE, reader + " reads another table than was written")
                    .expected(rows + " rows of " + sums.length + " columns")
                    .found(other.rows + " rows of " + other.sums.length)
                    .build();
        }
        Map<String, Integer> changes = new TreeMap<>();
        int[] places = places(other);
        for (int i = 0; i < sums.length; i++) {
            int at = places[i];
            if (!ColumnKind.comparable(kinds.get(i), other.kinds.get(at))) {
                changes.merge(kinds.get(i) + " as " + other.kinds.get(at), 1, Integer::sum);
            } else if (sums[i] != other.sums[at]) {
                throw location.error(
                                ErrorCode.VALUE,
                                reader + " reads other values of column " + SafeText.quote(names.get(i)))
                        .expected("checksum " + Checksum.text(sums[i]))
                        .found(Checksum.text(other.sums[at]))
                        .build();
            }
        }
        List<String> notes = new ArrayList<>();
        changes.forEach((change, count) -> notes.add("not compared: " + count + " of " + change));
        return notes;
    }
}
