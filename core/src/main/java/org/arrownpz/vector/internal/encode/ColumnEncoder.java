package org.arrownpz.vector.internal.encode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.StringEncoding;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.vector.internal.encode.ColumnEncoderRules.ColumnEncoderChoice;
import org.jspecify.annotations.Nullable;

/**
 * Decides how columns are written. Values are read (text is measured, times are checked against their unit), nothing is
 * copied or kept. Stateless, safe for use by several threads.
 */
public final class ColumnEncoder {
    private ColumnEncoder() {}

    /**
     * The encoding of one column.
     *
     * @param chunks the column's vectors, one per batch, all of one field; at least one
     * @param frameBlock whether an array is to be a block of a frame, which holds neither records nor rows of arrays
     * @throws IllegalArgumentException when the options refuse what would have to be done
     * @throws NpzException FILE_CHANGED when the values are those of a mapped file that was cut short
     */
    public static ColumnEncoding plan(List<? extends FieldVector> chunks, WriteOptions options, boolean frameBlock)
            throws NpzException {
        return planAll(List.of(chunks), options, frameBlock).get(0);
    }

    /**
     * The encodings of several columns; a refusal lists all columns that it is about.
     *
     * @throws IllegalArgumentException under {@link WriteOptions#strict()}, {@link ColumnLayout#NUMPY} or
     *     {@link StringEncoding#UNICODE}, when columns cannot be written as these demand
     * @throws NpzException FILE_CHANGED when values are those of a mapped file that was cut short
     */
    public static List<ColumnEncoding> planAll(
            List<? extends List<? extends FieldVector>> columns, WriteOptions options, boolean frameBlock)
            throws NpzException {
        List<ColumnEncoding> encodings = new ArrayList<>(columns.size());
        List<String> refused = new ArrayList<>();
        ColumnEncoderRules rules = new ColumnEncoderRules(options.strings(), frameBlock, new HashMap<>());
        for (List<? extends FieldVector> chunks : columns) {
            if (chunks.isEmpty()) {
                throw new IllegalArgumentException("a column has at least one vector");
            }
            ColumnEncoding encoding = decide(chunks, options, rules);
            encodings.add(encoding);
            String problem = refusal(chunks.get(0), encoding, options);
            if (problem != null) {
                refused.add(SafeText.quote(chunks.get(0).getName()) + " (" + problem + ")");
            }
        }
        if (!refused.isEmpty()) {
            int shown = Math.min(refused.size(), 20);
            throw new IllegalArgumentException("the write options refuse column"
                    + (refused.size() == 1 ? " " : "s ")
                    + String.join(", ", refused.subList(0, shown))
                    + (shown < refused.size() ? " and " + (refused.size() - shown) + " more" : ""));
        }
        return encodings;
    }

    private static ColumnEncoding decide(
            List<? extends FieldVector> chunks, WriteOptions options, ColumnEncoderRules rules) throws NpzException {
        if (options.layout() == ColumnLayout.ARROW) {
            return new ColumnEncoding.Buffers("all columns were asked for as Arrow buffers");
        }
        try {
            ColumnEncoderChoice choice = rules.choose(List.copyOf(chunks), null, 0);
            ColumnEncoderElement element = choice.element();
            if (element == null) {
                return new ColumnEncoding.Buffers(String.valueOf(choice.text()));
            }
            long nulls = 0;
            for (FieldVector chunk : chunks) {
                nulls += chunk.getNullCount();
            }
            boolean restored =
                    ColumnEncoderExact.restores(chunks.get(0).getField(), element.dtype(), choice.rowShape());
            String fill = nulls == 0 ? null : fillText(element.dtype());
            return new ColumnEncoding.Numpy(element, choice.rowShape(), nulls, fill, choice.text(), restored);
        } catch (InternalError e) {
            throw BlockContent.changed(e);
        }
    }

    private static @Nullable String refusal(FieldVector vector, ColumnEncoding encoding, WriteOptions options) {
        if (encoding instanceof ColumnEncoding.Buffers buffers) {
            ArrowType type = Storage.of(vector).getField().getType();
            boolean text = type instanceof ArrowType.Utf8
                    || type instanceof ArrowType.LargeUtf8
                    || type instanceof ArrowType.Binary
                    || type instanceof ArrowType.LargeBinary;
            boolean unicode = text
                    && vector.getField().getDictionary() == null
                    && options.layout() != ColumnLayout.ARROW
                    && options.strings() == StringEncoding.UNICODE;
            return options.strict() || options.layout() == ColumnLayout.NUMPY || unicode ? buffers.reason() : null;
        }
        ColumnEncoding.Numpy numpy = (ColumnEncoding.Numpy) encoding;
        if (options.strict() && numpy.needsValidity()) {
            return numpy.nullCount() + " nulls, which " + numpy.dtype() + " cannot hold";
        }
        return options.strict() ? numpy.note() : null;
    }

    private static String fillText(DType dtype) {
        if (!(dtype instanceof ScalarDType scalar)) {
            return "empty records";
        }
        if (scalar.kind().isTime()) {
            return "NaT";
        }
        return ColumnEncoderFixed.isFloating(scalar)
                ? "NaN"
                : scalar.kind() == DTypeKind.BOOL
                        ? "False"
                        : scalar.kind() == DTypeKind.UNICODE || scalar.kind() == DTypeKind.BYTES ? "''" : "0";
    }
}
