package org.arrownpz.event.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The columns to pack, and their form. Immutable; each method gives a changed copy.
 *
 * <pre>{@code PackSpec.by("GroupID", "UserID").pack("Timestamp", "EventID").carry("Country")}</pre>
 */
public final class PackSpec {
    private List<ColumnRef> keys = List.of();
    private List<ColumnRef> packed = List.of();
    private List<ColumnRef> carried = List.of();
    private boolean rest;
    private InputOrder order = InputOrder.SORTED;
    private NullKeys nullKeys = NullKeys.DROP;
    private PackLayout layout = PackLayout.LISTS;
    private String structName = "events";
    private boolean largeLists;
    private @Nullable Session session;

    /** Groups also break where the time since the row before exceeds a gap. */
    public record Session(Duration gap, ColumnRef timestamp) {}

    private PackSpec() {}

    private PackSpec with(Consumer<PackSpec> change) {
        PackSpec changed = new PackSpec(this);
        change.accept(changed);
        return changed;
    }

    private PackSpec(PackSpec other) {
        this.keys = other.keys;
        this.packed = other.packed;
        this.carried = other.carried;
        this.rest = other.rest;
        this.order = other.order;
        this.nullKeys = other.nullKeys;
        this.layout = other.layout;
        this.structName = other.structName;
        this.largeLists = other.largeLists;
        this.session = other.session;
    }

    /** Keys by name, the most significant first. */
    public static PackSpec by(String first, String... others) {
        return by(joined(ColumnRef.of(first), ColumnRef.names(others)));
    }

    /** Keys by position, negative ones from the end. */
    public static PackSpec by(int first, int... others) {
        return by(joined(ColumnRef.of(first), ColumnRef.positions(others)));
    }

    /**
     * Keys by name or position.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static PackSpec by(List<ColumnRef> keys) {
        PackSpec spec = new PackSpec();
        spec.keys = some(keys, "key");
        return spec;
    }

    /** Adds columns to pack, in this order; one named twice is packed once, at its first place. */
    public PackSpec pack(String... names) {
        return pack(ColumnRef.names(names));
    }

    /** Adds columns to pack by position. */
    public PackSpec pack(int... positions) {
        return pack(ColumnRef.positions(positions));
    }

    /** Adds columns to pack by name or position. */
    public PackSpec pack(List<ColumnRef> columns) {
        return with(spec -> spec.packed = joined(packed, some(columns, "packed")));
    }

    /** Packs every column that is not named otherwise, in the input's order, behind those named. */
    public PackSpec packRest() {
        return with(spec -> spec.rest = true);
    }

    /** Adds columns that are stored once for each group; that their values are constant in each group is checked. */
    public PackSpec carry(String... names) {
        return carry(ColumnRef.names(names));
    }

    /** Adds columns to carry by position. */
    public PackSpec carry(int... positions) {
        return carry(ColumnRef.positions(positions));
    }

    /** Adds columns to carry by name or position. */
    public PackSpec carry(List<ColumnRef> columns) {
        return with(spec -> spec.carried = joined(carried, some(columns, "carried")));
    }

    /** The order of the rows; {@link InputOrder#SORTED} unless said otherwise. */
    public PackSpec order(InputOrder inputOrder) {
        return with(spec -> spec.order = inputOrder);
    }

    /** The fate of null keys; {@link NullKeys#DROP} unless said otherwise. */
    public PackSpec nullKeys(NullKeys policy) {
        return with(spec -> spec.nullKeys = policy);
    }

    /** The form of the packed columns; {@link PackLayout#LISTS} unless said otherwise. */
    public PackSpec layout(PackLayout packLayout) {
        return with(spec -> spec.layout = packLayout);
    }

    /** {@link PackLayout#LIST_OF_STRUCT} under a name other than {@code events}. */
    public PackSpec listOfStruct(String name) {
        PackSpec spec = layout(PackLayout.LIST_OF_STRUCT);
        spec.structName = Objects.requireNonNull(name);
        return spec;
    }

    /**
     * Makes LargeList columns, for consumers that ask for 64-bit offsets. Never needed for the data's sake: a vector of
     * Arrow Java has at most 2³¹−1 rows.
     */
    public PackSpec largeLists() {
        return with(spec -> spec.largeLists = true);
    }

    /**
     * Groups also break where the time since the row before, of the same key, exceeds the gap. Adds the columns
     * {@code session} (its number in the key, from 0), {@code session_start}, {@code session_end} (the first and last
     * time, of the column's type) and {@code session_count} (rows) behind the keys.
     *
     * @param timestamp a Timestamp, Date, Time or Duration column; it is packed only where it is also named so
     * @throws IllegalArgumentException when the gap is negative
     */
    public PackSpec session(Duration gap, String timestamp) {
        return session(gap, ColumnRef.of(timestamp));
    }

    /** {@link #session(Duration, String)} by name or position. */
    public PackSpec session(Duration gap, ColumnRef timestamp) {
        if (gap.isNegative()) {
            throw new IllegalArgumentException("a gap between sessions is not negative: " + gap);
        }
        return with(spec -> spec.session = new Session(gap, timestamp));
    }

    public List<ColumnRef> keys() {
        return keys;
    }

    public List<ColumnRef> packed() {
        return packed;
    }

    public List<ColumnRef> carried() {
        return carried;
    }

    public boolean rest() {
        return rest;
    }

    public InputOrder order() {
        return order;
    }

    public NullKeys nullKeys() {
        return nullKeys;
    }

    public PackLayout layout() {
        return layout;
    }

    public String structName() {
        return structName;
    }

    public boolean isLarge() {
        return largeLists;
    }

    @Nullable
    public Session session() {
        return session;
    }

    private static List<ColumnRef> some(List<ColumnRef> columns, String role) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("no " + role + " column is named");
        }
        return List.copyOf(columns);
    }

    private static List<ColumnRef> joined(ColumnRef first, List<ColumnRef> others) {
        return joined(List.of(first), others);
    }

    private static List<ColumnRef> joined(List<ColumnRef> first, List<ColumnRef> others) {
        List<ColumnRef> all = new ArrayList<>(first);
        all.addAll(others);
        return Collections.unmodifiableList(all);
    }

    /** The form of the packed columns. Immutable and safe for use by several threads. */
    public enum PackLayout {
        /** One list column for each: parallel lists over one offsets buffer. */
        LISTS,
        /** One column of lists of structs, a struct field for each. */
        LIST_OF_STRUCT
    }

    /**
     * The treatment of rows whose key has a part that is null, NaN or NaT. Immutable and safe for use by several threads.
     */
    public enum NullKeys {
        /** They are left out, as framezip and pandas do. */
        DROP,
        /** They make groups like others, behind all others where keys are ordered. */
        KEEP,
        /** They are refused. */
        ERROR
    }

    /**
     * The order of the rows of one key in the input, and so the work of packing.
     *
     * <p>Immutable and safe for use by several threads.
     */
    public enum InputOrder {
        /**
         * Rows are sorted by key. Checked; rows that are not are sorted as by {@link #STABLE_SORT}, and the report says so.
         */
        SORTED,
        /** Consecutive rows of equal keys make a group; a key that comes back makes another. */
        RUNS,
        /** Rows in any order are sorted by key, rows of one key keeping theirs. Sorted input is left where it is. */
        STABLE_SORT
    }

    /**
     * A column by name or by position. Positions count a root's fields, or a frame's columns without its index; negative
     * ones count from the end. Index levels of a frame go by name.
     *
     * <p>Immutable and safe for use by several threads.
     */
    public sealed interface ColumnRef {
        /** By name. */
        record Name(String name) implements ColumnRef {
            @Override
            public String toString() {
                return name;
            }
        }

        /** By position. */
        record Position(int position) implements ColumnRef {
            @Override
            public String toString() {
                return Integer.toString(position);
            }
        }

        static ColumnRef of(String name) {
            return new Name(name);
        }

        static ColumnRef of(int position) {
            return new Position(position);
        }

        /** References by name, in this order. */
        static List<ColumnRef> names(String... names) {
            return Arrays.stream(names).map(ColumnRef::of).toList();
        }

        /** References by position, in this order. */
        static List<ColumnRef> positions(int... positions) {
            return Arrays.stream(positions).mapToObj(ColumnRef::of).toList();
        }
    }
}
