package org.arrownpz.event.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The columns to explode, and their form. Immutable; each method gives a changed copy.
 *
 * <pre>{@code UnpackSpec.explode("EventID", "Timestamp").ordinal("position")}</pre>
 */
public final class UnpackSpec {
    /** The ways to tell the columns to explode. */
    public enum Selection {
        EXPLODED,
        KEYS,
        LISTS
    }

    private final Selection selection;
    private final List<PackSpec.ColumnRef> columns;
    private KeyEncoding keys = KeyEncoding.REPEATED;
    private EmptyLists empty = EmptyLists.NULL_ROW;
    private @Nullable String ordinal;

    private UnpackSpec(Selection selection, List<PackSpec.ColumnRef> columns) {
        this.selection = selection;
        this.columns = List.copyOf(columns);
    }

    private UnpackSpec with(Consumer<UnpackSpec> change) {
        UnpackSpec changed = new UnpackSpec(this);
        change.accept(changed);
        return changed;
    }

    private UnpackSpec(UnpackSpec other) {
        this(other.selection, other.columns);
        this.keys = other.keys;
        this.empty = other.empty;
        this.ordinal = other.ordinal;
    }

    /** Explodes these columns; all others are repeated. */
    public static UnpackSpec explode(String first, String... others) {
        List<PackSpec.ColumnRef> columns = new ArrayList<>(List.of(PackSpec.ColumnRef.of(first)));
        columns.addAll(PackSpec.ColumnRef.names(others));
        return explode(columns);
    }

    /** Explodes these columns by position, negative ones from the end. */
    public static UnpackSpec explode(int first, int... others) {
        List<PackSpec.ColumnRef> columns = new ArrayList<>(List.of(PackSpec.ColumnRef.of(first)));
        columns.addAll(PackSpec.ColumnRef.positions(others));
        return explode(columns);
    }

    /**
     * Explodes these columns by name or position.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static UnpackSpec explode(List<PackSpec.ColumnRef> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("no column to explode is named");
        }
        return new UnpackSpec(Selection.EXPLODED, columns);
    }

    /** Explodes all columns but these keys, as framezip does; none are keys where none are named. */
    public static UnpackSpec by(String... keys) {
        return by(Arrays.stream(keys).map(PackSpec.ColumnRef::of).toList());
    }

    /** Explodes all columns but these keys by name or position. */
    public static UnpackSpec by(List<PackSpec.ColumnRef> keys) {
        return new UnpackSpec(Selection.KEYS, keys);
    }

    /** Explodes all columns of lists. */
    public static UnpackSpec lists() {
        return new UnpackSpec(Selection.LISTS, List.of());
    }

    /** The way that the other columns are repeated; {@link KeyEncoding#REPEATED} unless said otherwise. */
    public UnpackSpec keys(KeyEncoding encoding) {
        return with(spec -> spec.keys = encoding);
    }

    /** The meaning of empty and null lists; {@link EmptyLists#NULL_ROW} unless said otherwise. */
    public UnpackSpec emptyLists(EmptyLists policy) {
        return with(spec -> spec.empty = policy);
    }

    /** Adds a last column of this name with the element's place in its list, from 0. */
    public UnpackSpec ordinal(String name) {
        return with(spec -> spec.ordinal = name);
    }

    public Selection selection() {
        return selection;
    }

    public List<PackSpec.ColumnRef> columns() {
        return columns;
    }

    public KeyEncoding keys() {
        return keys;
    }

    public EmptyLists empty() {
        return empty;
    }

    @Nullable
    public String ordinal() {
        return ordinal;
    }

    /** The treatment of rows whose lists are empty or null. Immutable and safe for use by several threads. */
    public enum EmptyLists {
        /** One row with nulls, as framezip and pandas do. */
        NULL_ROW,
        /** No row, as SQL's UNNEST does. */
        DROP
    }

    /** The form of the columns that are not exploded. Immutable and safe for use by several threads. */
    public enum KeyEncoding {
        /** Values are repeated for each element. */
        REPEATED,
        /** Run-end encoded: values stay as they are, and the lists' offsets become the run ends. Few consumers read it. */
        RUN_END
    }
}
