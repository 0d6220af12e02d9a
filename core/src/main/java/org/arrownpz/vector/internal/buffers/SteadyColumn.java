package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.encode.BlockContent;
import org.arrownpz.vector.internal.encode.ColumnEncoderElement;
import org.arrownpz.vector.internal.encode.ColumnEncoderRules;
import org.arrownpz.vector.internal.encode.ColumnEncoderTimeRules;
import org.arrownpz.vector.internal.encode.ColumnEncoding;
import org.arrownpz.vector.internal.kernel.EncodeTime;
import org.jspecify.annotations.Nullable;

/**
 * A column whose dtype follows from its field alone, so that its chunks can be encoded one by one as they come, with the
 * result of encoding all of them together. Chunks are not kept, but for a bit per row from those that hold nulls. Used
 * by one thread.
 */
public final class SteadyColumn implements AutoCloseable {
    private final BufferAllocator allocator;
    private final ColumnEncoding.Numpy encoding;
    /** Whether values are 64-bit times, one of which stands for NaT. */
    private final boolean time;

    private final List<ArrowColumnBuffer.Bits> validity = new ArrayList<>();
    private long nulls;
    private @Nullable String fill;
    private boolean sentinel;

    /**
     * A column without a row yet.
     *
     * @param encoding the encoding of no rows of a field without an {@link #whyNotStreamable}
     */
    public SteadyColumn(BufferAllocator allocator, Field field, ColumnEncoding.Numpy encoding) {
        this.allocator = allocator;
        this.encoding = encoding;
        ArrowType type = Storage.of(field.getType());
        boolean days = type instanceof ArrowType.Date date && date.getUnit() == DateUnit.DAY;
        this.time = ColumnEncoderTimeRules.natural(type) != null && !days;
    }

    /**
     * Why a column's dtype, or whether it has one, depends on its values; null where it does not.
     *
     * @param encoding the encoding of no rows of the field
     */
    public static @Nullable String whyNotStreamable(Field field, ColumnEncoding encoding) {
        if (!(encoding instanceof ColumnEncoding.Numpy numpy)) {
            return ((ColumnEncoding.Buffers) encoding).reason();
        }
        ArrowType type = Storage.of(field.getType());
        String extension = ColumnEncoderRules.extension(field);
        ScalarDType natural = ColumnEncoderTimeRules.natural(type);
        boolean steady = switch (type.getTypeID()) {
            case FloatingPoint, Bool, FixedSizeBinary -> true;
            case Int -> !extension.equals(NumpyMetadata.DATETIME64) && !extension.equals(NumpyMetadata.TIMEDELTA64);
            default ->
                natural != null
                        && numpy.dtype() instanceof ScalarDType found
                        && found.kind() == natural.kind()
                        && Objects.equals(found.unit(), natural.unit());
        };
        return steady ? null : "its dtype or width depends on its values";
    }

    /**
     * Takes the column's next rows.
     *
     * @param planned the chunk's own encoding
     * @return its elements, to be written while the chunk is as it is
     * @throws NpzException VALUE when the column's dtype cannot hold a value, LIMIT when there is no memory for
     *     the bits of rows that are null
     */
    public ArrayContent add(FieldVector chunk, ColumnEncoding planned) throws NpzException {
        int chunkNulls = chunk.getNullCount();
        if (time && chunkNulls == 0) {
            sentinel |= EncodeTime.hasNat(Storage.of(chunk).getDataBuffer(), null, chunk.getValueCount());
        }
        nulls += chunkNulls;
        if (!(planned instanceof ColumnEncoding.Numpy numpy) || !numpy.sameBlock(encoding) || (sentinel && nulls > 0)) {
            String reason = planned instanceof ColumnEncoding.Buffers buffers
                    ? buffers.reason()
                    : "a value is -2**63, which NumPy takes for NaT, beside nulls";
            throw Location.ofFile(null)
                    .error(
                            ErrorCode.VALUE,
                            "the column " + SafeText.quote(chunk.getName()) + " is no array of " + encoding.dtype()
                                    + ": " + reason)
                    .remedy("Write without stating the number of rows beforehand")
                    .build();
        }
        fill = fill == null ? numpy.fill() : fill;
        keepValidity(chunk, chunkNulls);
        return BlockContent.array(new BlockContent.Column(numpy, List.of(chunk)), StorageOrder.FORTRAN);
    }

    private void keepValidity(FieldVector chunk, int chunkNulls) throws NpzException {
        int rows = chunk.getValueCount();
        ArrowBuf bits = chunkNulls == 0 || encoding.element().nullIsNat() ? null : ColumnEncoderElement.validity(chunk);
        int last = validity.size() - 1;
        if (bits == null) {
            if (last >= 0 && validity.get(last).mask() == null) {
                long before = validity.remove(last).count();
                validity.add(new ArrowColumnBuffer.Bits(null, null, 0, before + rows));
            } else {
                validity.add(new ArrowColumnBuffer.Bits(null, null, 0, rows));
            }
            return;
        }
        long bytes = (rows + 7L) / 8;
        ArrowBuf copy = Allocations.allocate(allocator, bytes, Location.ofFile(null), "the validity of a column");
        validity.add(new ArrowColumnBuffer.Bits(null, copy, 0, rows));
        Allocations.copy(bits, 0, copy, 0, bytes, Location.ofFile(null));
    }

    /** The encoding of all rows so far. */
    public ColumnEncoding.Numpy encoding() {
        return new ColumnEncoding.Numpy(
                encoding.element(), encoding.rowShape(), nulls, fill, encoding.note(), encoding.exactType());
    }

    /** The bitmap of all rows so far. Valid until this object is closed. */
    public ArrayContent validity() {
        return ArrowColumnBuffer.validity(allocator, List.copyOf(validity));
    }

    /** Gives back the bits. */
    @Override
    public void close() {
        for (ArrowColumnBuffer.Bits range : validity) {
            if (range.mask() != null) {
                range.mask().close();
            }
        }
        validity.clear();
    }
}
