package org.arrownpz.event.internal.keys;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.event.internal.kernel.KeyColumn;
import org.arrownpz.event.internal.kernel.KeyGroups;
import org.arrownpz.event.internal.kernel.KeyKind;
import org.arrownpz.event.internal.kernel.SortRows;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.vector.internal.gather.Gather;
import org.arrownpz.vector.internal.gather.Scope;
import org.arrownpz.vector.internal.kernel.EncodeFixed;
import org.jspecify.annotations.Nullable;

/** Vectors as key columns. */
public final class Keys {
    private Keys() {}

    /** A key, compared as pandas compares; dictionary-encoded values by the values they stand for. */
    public static KeyColumn key(FieldVector vector, DictionaryProvider dictionaries, Scope scope) throws NpzException {
        Field field = vector.getField();
        DictionaryEncoding encoding = field.getDictionary();
        KeyColumn column = Scope.guarded(() -> column(vector, "a key", false));
        if (field.getType() instanceof ArrowType.Null) {
            return allNull(vector.getValueCount(), scope);
        }
        if (encoding == null) {
            return column;
        }
        Dictionary dictionary = dictionaries.lookup(encoding.getId());
        if (dictionary == null) {
            throw new IllegalArgumentException("the key " + SafeText.quote(field.getName())
                    + " is dictionary-encoded, but its dictionary " + encoding.getId()
                    + " is not known; give the dictionary provider as well");
        }
        KeyColumn entries = key(dictionary.getVector(), dictionaries, scope);
        return column.ranked(ranks(entries, encoding.isOrdered(), scope));
    }

    /** A column to be compared bit by bit; null equals null alone. */
    public static KeyColumn exact(FieldVector vector, Scope scope) throws NpzException {
        if (vector.getField().getType() instanceof ArrowType.Null) {
            return allNull(vector.getValueCount(), scope);
        }
        return Scope.guarded(() -> column(vector, "carried", true));
    }

    /** Whether the values of a column are null, as its only key. */
    static @Nullable KeyColumn nullness(FieldVector vector) throws NpzException {
        FieldVector storage = Storage.of(vector);
        ArrowType type = storage.getField().getType();
        boolean nat = type instanceof ArrowType.Timestamp || type instanceof ArrowType.Duration;
        KeyColumn column = Scope.guarded(() -> KeyColumn.fixed(
                KeyKind.NULLNESS, 8, storage.getValueCount(), storage.getDataBuffer(), validity(storage), nat));
        return column.mayBeNull() ? column : null;
    }

    // The rank of an entry is its place among all, or in an ordered dictionary the place where it first stands.
    private static int[] ranks(KeyColumn entries, boolean ordered, Scope scope) throws NpzException {
        int count = Math.toIntExact(entries.rows());
        ArrowBuf rows = Gather.range(scope, 0, count);
        ArrowBuf items = Gather.range(scope, 0, count);
        ArrowBuf scratch = scope.ints(count, "the order of a dictionary");
        ArrowBuf codes = scope.longs(count, "the order of a dictionary");
        int[] ranks = new int[count];
        Scope.guard(() -> {
            SortRows.codes(entries, rows, count, codes);
            SortRows.byCode(codes, items, scratch, count);
            if (!entries.isWord()) {
                SortRows.ranks(entries, rows, codes, items, scratch, count);
            }
            int rank = -1;
            int before = -1;
            for (int i = 0; i < count; i++) {
                int entry = KeyGroups.get(items, i);
                if (entries.isNull(entry)) {
                    ranks[entry] = -1;
                    continue;
                }
                if (before < 0 || !entries.equal(before, entry)) {
                    rank = ordered ? entry : rank + 1;
                }
                ranks[entry] = rank;
                before = entry;
            }
        });
        return ranks;
    }

    private static KeyColumn allNull(int rows, Scope scope) throws NpzException {
        ArrowBuf zeros = scope.bytes((rows + 7L) / 8, "a bitmap");
        EncodeFixed.zero(zeros, 0, zeros.capacity());
        return KeyColumn.fixed(KeyKind.NULLNESS, 0, rows, null, zeros, false);
    }

    private static @Nullable ArrowBuf validity(FieldVector vector) {
        return vector.getValueCount() == 0 ? null : vector.getValidityBuffer();
    }

    private static KeyColumn column(FieldVector vector, String role, boolean exact) {
        FieldVector storage = Storage.of(vector);
        Field field = storage.getField();
        ArrowType type = field.getType();
        int rows = storage.getValueCount();
        KeyKind kind = kind(type, exact);
        if (type instanceof ArrowType.Null) {
            return KeyColumn.fixed(KeyKind.NULLNESS, 0, 0, null, null, false);
        }
        if (kind == null) {
            throw new IllegalArgumentException("the column " + SafeText.quote(vector.getName()) + " of type " + type
                    + " cannot be " + role + "; numbers, booleans, times, text and bytes can");
        }
        return switch (kind) {
            case BYTES32, BYTES64 ->
                KeyColumn.bytes(
                        kind, rows, storage.getOffsetBuffer(), List.of(storage.getDataBuffer()), validity(storage));
            case VIEWS -> {
                List<ArrowBuf> buffers = storage.getFieldBuffers();
                yield KeyColumn.bytes(
                        kind, rows, buffers.get(1), buffers.subList(2, buffers.size()), validity(storage));
            }
            case BOOL -> KeyColumn.fixed(kind, 0, rows, storage.getDataBuffer(), validity(storage), false);
            default -> {
                boolean nat = type instanceof ArrowType.Timestamp || type instanceof ArrowType.Duration;
                yield KeyColumn.fixed(
                        kind, Gather.width(type), rows, storage.getDataBuffer(), validity(storage), nat && !exact);
            }
        };
    }

    private static @Nullable KeyKind kind(ArrowType type, boolean exact) {
        return switch (type.getTypeID()) {
            case Bool -> KeyKind.BOOL;
            case Int -> integer(Gather.width(type), ((ArrowType.Int) type).getIsSigned());
            case FloatingPoint ->
                exact
                        ? integer(Gather.width(type), true)
                        : switch (((ArrowType.FloatingPoint) type).getPrecision()) {
                            case HALF -> KeyKind.FLOAT16;
                            case SINGLE -> KeyKind.FLOAT32;
                            case DOUBLE -> KeyKind.FLOAT64;
                        };
            case Date, Time, Timestamp, Duration -> integer(Gather.width(type), true);
            case Interval ->
                switch (((ArrowType.Interval) type).getUnit()) {
                    case YEAR_MONTH -> KeyKind.INT32;
                    case DAY_TIME -> KeyKind.DAY_TIME;
                    case MONTH_DAY_NANO -> KeyKind.MONTH_DAY_NANO;
                };
            case Decimal -> KeyKind.DECIMAL;
            case FixedSizeBinary -> KeyKind.FIXED;
            case Utf8, Binary -> KeyKind.BYTES32;
            case LargeUtf8, LargeBinary -> KeyKind.BYTES64;
            case Utf8View, BinaryView -> KeyKind.VIEWS;
            default -> null;
        };
    }

    private static KeyKind integer(int width, boolean signed) {
        return switch (width) {
            case 1 -> signed ? KeyKind.INT8 : KeyKind.UINT8;
            case 2 -> signed ? KeyKind.INT16 : KeyKind.UINT16;
            case 4 -> signed ? KeyKind.INT32 : KeyKind.UINT32;
            default -> signed ? KeyKind.INT64 : KeyKind.UINT64;
        };
    }

    /** Whether a column of the type can be a key or be carried. */
    public static boolean isKey(ArrowType type) {
        ArrowType storage = Storage.of(type);
        return storage instanceof ArrowType.Null || kind(storage, false) != null;
    }
}
