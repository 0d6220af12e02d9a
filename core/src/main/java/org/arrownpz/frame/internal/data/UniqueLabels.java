package org.arrownpz.frame.internal.data;

import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.hash.ArrowBufHasher;
import org.apache.arrow.memory.util.hash.MurmurHasher;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.internal.text.SafeText;
import org.jspecify.annotations.Nullable;

/** No two rows of an index have the same label: StaticFrame opens no file where they have. */
final class UniqueLabels {
    private static final long MIX = 0x9e3779b97f4a7c15L;

    /** Seeded, so that nobody writes a file whose labels collide. */
    private final ArrowBufHasher hasher = new MurmurHasher(System.identityHashCode(this));

    private final List<FieldVector> levels;
    private final List<RangeEqualsVisitor> equality;

    private UniqueLabels(List<FieldVector> levels) {
        this.levels = levels.stream().map(Storage::of).toList();
        this.equality = this.levels.stream()
                .map(level -> new RangeEqualsVisitor(level, level))
                .toList();
    }

    /**
     * Refuses an index with a label that two rows have, of types that Arrow compares.
     *
     * @param levels a vector for each level, of as many rows as each other
     * @throws NpzException FRAME_LABELS for such an index, LIMIT when the allocator cannot give the memory to find out
     */
    static void require(List<FieldVector> levels, BufferAllocator allocator, Location location) throws NpzException {
        int bits = 33 - Integer.numberOfLeadingZeros(levels.get(0).getValueCount());
        UniqueLabels labels = new UniqueLabels(levels);
        try (ArrowBuf slots = Allocations.allocate(allocator, 4L << bits, location, "the labels of an index")) {
            labels.requireUnique(slots, bits, location);
        } catch (UnsupportedOperationException e) {
            // Nor does StaticFrame see such labels.
        }
    }

    /** @param slots two for each row or more, of a row's number and one, or 0 */
    private void requireUnique(ArrowBuf slots, int bits, Location location) throws NpzException {
        slots.setZero(0, slots.capacity());
        int rows = levels.get(0).getValueCount();
        for (int row = 0; row < rows; row++) {
            long hash = hash(row);
            long slot = hash >>> (64 - bits);
            for (int other = slots.getInt(4 * slot); other > 0; other = slots.getInt(4 * slot)) {
                if (hash(other - 1) == hash && isEqual(other - 1, row)) {
                    throw location.error(ErrorCode.FRAME_LABELS, "the labels of an index are not unique")
                            .found(label(row) + " in rows " + (other - 1) + " and " + row)
                            .remedy("Choose columns that together tell rows apart")
                            .build();
                }
                slot = (slot + 1) & ((1L << bits) - 1);
            }
            slots.setInt(4 * slot, row + 1);
        }
    }

    private long hash(int row) {
        long hash = 0;
        for (FieldVector level : levels) {
            hash = (hash ^ level.hashCode(row, hasher)) * MIX;
            hash ^= hash >>> 32;
        }
        return hash * MIX;
    }

    private boolean isEqual(int row, int other) {
        Range range = new Range(row, other, 1);
        return equality.stream().allMatch(level -> level.rangeEquals(range));
    }

    private String label(int row) {
        List<String> parts =
                levels.stream().map(level -> text(level.getObject(row))).toList();
        return parts.size() == 1 ? parts.get(0) : "(" + String.join(", ", parts) + ")";
    }

    private static String text(@Nullable Object label) {
        return label == null
                ? "null"
                : SafeText.quote(label instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : label.toString());
    }
}
