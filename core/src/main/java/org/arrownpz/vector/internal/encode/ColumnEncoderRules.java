package org.arrownpz.vector.internal.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.WriteOptions.StringEncoding;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.ScalarDType.ByteOrdering;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.internal.python.PyText;
import org.arrownpz.npy.Shape;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.kernel.EncodeTime;
import org.jspecify.annotations.Nullable;

/**
 * The choice of a column's coder, by its Arrow type, the dtype it came with, and its values.
 *
 * @param strings how text is written
 * @param frameBlock whether the array is to be a block of a frame, which holds scalars only
 * @param hints the dtypes seen so far by their spelling; wide frames have few of them
 */
public record ColumnEncoderRules(StringEncoding strings, boolean frameBlock, Map<String, Optional<DType>> hints) {
    /** The vector has as many fields already. */
    private static final ReadLimits LIMITS = ReadLimits.defaults().withRecordFields(Integer.MAX_VALUE);

    private static final Pattern TIME_UNIT =
            Pattern.compile("\\{\"unit\":\"([a-zA-Z]{1,8})\",\"multiplier\":([0-9]{1,10})\\}");

    /** Vectors deeper than this are not looked into. */
    static final int MAX_DEPTH = 64;

    /** The dtype that a field came with, or null where it has none or one that is not NumPy's. */
    private @Nullable DType hint(Field field) {
        String text = field.getMetadata().get(NumpyMetadata.DTYPE);
        if (text == null || text.isEmpty()) {
            return null;
        }
        Optional<DType> known = hints.get(text);
        if (known == null) {
            known = Optional.ofNullable(parse(text));
            hints.put(text, known);
        }
        return known.orElse(null);
    }

    static @Nullable DType parse(String text) {
        try {
            String literal = text.charAt(0) == '[' ? text : PyText.repr(text);
            return DescrParser.parse(literal, LIMITS, Location.ofFile(null));
        } catch (NpzException e) {
            // A hint that cannot be read is no hint: the natural dtype is always right.
            return null;
        }
    }

    public static String extension(Field field) {
        return field.getMetadata().getOrDefault(NumpyMetadata.EXTENSION_NAME, "");
    }

    /** The choice for a column or child, whose own hint goes before the one of its parent. */
    ColumnEncoderChoice choose(List<FieldVector> wrapped, @Nullable DType parentHint, int depth) {
        Field field = wrapped.get(0).getField();
        if (field.getDictionary() != null) {
            return ColumnEncoderChoice.buffers("the column is dictionary-encoded");
        }
        if (depth > MAX_DEPTH) {
            return ColumnEncoderChoice.buffers("the column is nested more than " + MAX_DEPTH + " deep");
        }
        DType own = hint(field);
        DType hint = own == null ? parentHint : own;
        List<FieldVector> vectors = new ArrayList<>(wrapped.size());
        for (FieldVector vector : wrapped) {
            vectors.add(Storage.of(vector));
        }
        ArrowType type = vectors.get(0).getField().getType();
        ScalarDType scalar = hint instanceof ScalarDType found ? found : null;
        return switch (type.getTypeID()) {
            case Int -> integer((ArrowType.Int) type, field, vectors, scalar);
            case FloatingPoint -> {
                int width = switch (((ArrowType.FloatingPoint) type).getPrecision()) {
                    case HALF -> 2;
                    case SINGLE -> 4;
                    case DOUBLE -> 8;
                };
                yield number(ScalarDType.of(DTypeKind.FLOAT, width), scalar);
            }
            case Bool -> ColumnEncoderChoice.of(ColumnEncoderFixed.bits(), misfit(hint, DTypeKind.BOOL));
            case Date, Timestamp, Duration -> ColumnEncoderTimeRules.choose(type, vectors, scalar);
            case Interval ->
                ((ArrowType.Interval) type).getUnit() == org.apache.arrow.vector.types.IntervalUnit.YEAR_MONTH
                        ? ColumnEncoderTimeRules.choose(type, vectors, scalar)
                        : ColumnEncoderChoice.buffers("NumPy has no calendar intervals");
            case Utf8 -> ColumnEncoderTextRules.choose(vectors, true, false, scalar, strings, frameBlock);
            case LargeUtf8 -> ColumnEncoderTextRules.choose(vectors, true, true, scalar, strings, frameBlock);
            case Binary ->
                hint != null && isEmptyRecord(hint, vectors)
                        ? emptyRecord(hint)
                        : ColumnEncoderTextRules.choose(vectors, false, false, scalar, strings, frameBlock);
            case LargeBinary -> ColumnEncoderTextRules.choose(vectors, false, true, scalar, strings, frameBlock);
            case FixedSizeBinary -> fixedBinary((ArrowType.FixedSizeBinary) type, hint);
            case FixedSizeList, Struct -> new ColumnEncoderNestedRules(this).choose(field, type, vectors, hint, depth);
            default -> ColumnEncoderChoice.buffers("NumPy has no type for Arrow's " + type);
        };
    }

    private static ColumnEncoderChoice integer(
            ArrowType.Int type, Field field, List<FieldVector> vectors, @Nullable ScalarDType hint) {
        String extension = extension(field);
        int width = type.getBitWidth() / 8;
        if (type.getIsSigned() && width == 1 && (extension.equals(NumpyMetadata.BOOL8) || is(hint, DTypeKind.BOOL))) {
            return ColumnEncoderChoice.of(ColumnEncoderFixed.truth(), misfit(hint, DTypeKind.BOOL));
        }
        DTypeKind time = extension.equals(NumpyMetadata.DATETIME64)
                ? DTypeKind.DATETIME
                : extension.equals(NumpyMetadata.TIMEDELTA64) ? DTypeKind.TIMEDELTA : null;
        if (type.getIsSigned() && width == 8 && time != null) {
            ScalarDType dtype = is(hint, time) ? hint : timeOf(time, field.getMetadata());
            if (dtype != null) {
                // NaT is a value here; only beside nulls does it need a bitmap that tells the two apart.
                boolean nullIsNat = vectors.stream().allMatch(ColumnEncoderRules::natOrNull);
                return ColumnEncoderChoice.of(ColumnEncoderFixed.values(dtype, dtype.isBigEndian(), nullIsNat));
            }
        }
        return number(ScalarDType.of(type.getIsSigned() ? DTypeKind.INT : DTypeKind.UINT, width), hint);
    }

    private static boolean natOrNull(FieldVector vector) {
        return vector.getNullCount() == 0
                || !EncodeTime.hasNat(
                        vector.getDataBuffer(), ColumnEncoderElement.validity(vector), vector.getValueCount());
    }

    private static @Nullable ScalarDType timeOf(DTypeKind kind, Map<String, String> metadata) {
        Matcher parts = TIME_UNIT.matcher(metadata.getOrDefault(NumpyMetadata.EXTENSION_METADATA, ""));
        if (!parts.matches()) {
            return null;
        }
        TimeUnit64.Base base = TimeUnit64.Base.ofSymbol(parts.group(1));
        long multiplier = Long.parseLong(parts.group(2));
        if (multiplier < 1 || multiplier > Integer.MAX_VALUE) {
            return null;
        }
        if (parts.group(1).equals(TimeUnit64.Base.GENERIC.symbol())) {
            return new ScalarDType(kind, ByteOrdering.LITTLE, 8, TimeUnit64.GENERIC);
        }
        return base == null
                ? null
                : new ScalarDType(kind, ByteOrdering.LITTLE, 8, new TimeUnit64(base, (int) multiplier));
    }

    private static ColumnEncoderChoice number(ScalarDType natural, @Nullable ScalarDType hint) {
        if (hint != null && hint.kind() == natural.kind() && hint.itemSize() == natural.itemSize()) {
            return ColumnEncoderChoice.of(ColumnEncoderFixed.values(hint, hint.isBigEndian(), false));
        }
        return ColumnEncoderChoice.of(
                ColumnEncoderFixed.values(natural, false, false), misfit(hint, natural.kind(), natural.itemSize()));
    }

    private ColumnEncoderChoice fixedBinary(ArrowType.FixedSizeBinary type, @Nullable DType hint) {
        if (hint != null && hint.itemSize() == type.getByteWidth()) {
            return hint instanceof ScalarDType || !frameBlock
                    ? ColumnEncoderChoice.of(ColumnEncoderFixed.values(hint, false, false))
                    : ColumnEncoderChoice.buffers("frames hold no records");
        }
        ScalarDType natural = ScalarDType.of(DTypeKind.VOID, type.getByteWidth());
        return ColumnEncoderChoice.of(
                ColumnEncoderFixed.values(natural, false, false), misfit(hint, DTypeKind.VOID, natural.itemSize()));
    }

    // Records of no bytes are read as empty values, for no library takes fixed-size binary of width 0 gladly.
    private static boolean isEmptyRecord(DType hint, List<FieldVector> vectors) {
        return hint instanceof StructDType
                && hint.itemSize() == 0
                && vectors.stream().allMatch(vector -> bytes((BaseVariableWidthVector) vector) == 0);
    }

    private static int bytes(BaseVariableWidthVector vector) {
        int rows = vector.getValueCount();
        return rows == 0 ? 0 : vector.getStartOffset(rows) - vector.getStartOffset(0);
    }

    private ColumnEncoderChoice emptyRecord(DType hint) {
        return frameBlock
                ? ColumnEncoderChoice.buffers("frames hold no records")
                : ColumnEncoderChoice.of(ColumnEncoderFixed.values(hint, false, false));
    }

    static boolean is(@Nullable ScalarDType hint, DTypeKind kind) {
        return hint != null && hint.kind() == kind;
    }

    private static @Nullable String misfit(@Nullable DType hint, DTypeKind kind) {
        return hint == null || hint instanceof ScalarDType scalar && scalar.kind() == kind ? null : notOfType(hint);
    }

    private static @Nullable String misfit(@Nullable DType hint, DTypeKind kind, long size) {
        return hint == null || hint.itemSize() == size && misfit(hint, kind) == null ? null : notOfType(hint);
    }

    private static String notOfType(DType hint) {
        return "the column's dtype " + hint + " is not of its type";
    }

    /**
     * The rules' answer for one vector type: a coder, or none and the reason.
     *
     * @param element the coder, or null where NumPy cannot hold the values
     * @param rowShape the dimensions of one row
     * @param text without a coder the reason; with one, why the dtype is not the hinted one or does not say all, or null
     */
    record ColumnEncoderChoice(
            @Nullable ColumnEncoderElement element,
            Shape rowShape,
            @Nullable String text) {
        static ColumnEncoderChoice of(ColumnEncoderElement element) {
            return new ColumnEncoderChoice(element, Shape.of(), null);
        }

        static ColumnEncoderChoice of(ColumnEncoderElement element, @Nullable String note) {
            return new ColumnEncoderChoice(element, Shape.of(), note);
        }

        static ColumnEncoderChoice buffers(String reason) {
            return new ColumnEncoderChoice(null, Shape.of(), reason);
        }
    }
}
