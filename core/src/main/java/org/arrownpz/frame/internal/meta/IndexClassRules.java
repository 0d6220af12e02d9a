package org.arrownpz.frame.internal.meta;

import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.internal.python.PyText;
import org.arrownpz.vector.internal.encode.ColumnEncoderTimeRules;
import org.jspecify.annotations.Nullable;

/** The index class that StaticFrame requires for labels of a type: it refuses datetime64 in a plain Index. */
public final class IndexClassRules {
    private IndexClassRules() {}

    public static IndexClass required(Field field) {
        if (hint(field) instanceof ScalarDType dtype && dtype.kind() == DTypeKind.DATETIME && dtype.unit() != null) {
            return IndexClass.of(IndexType.ofUnit(dtype.unit()));
        }
        ArrowType type = field.getType();
        if (type instanceof ArrowType.Date date) {
            return IndexClass.of(date.getUnit() == DateUnit.DAY ? IndexType.DATE : IndexType.MILLISECOND);
        }
        if (type instanceof ArrowType.Timestamp timestamp) {
            return IndexClass.of(IndexType.ofUnit(ColumnEncoderTimeRules.unit(timestamp.getUnit())));
        }
        return IndexClass.INDEX;
    }

    /** The dtype that the field's metadata name, or null. */
    private static @Nullable DType hint(Field field) {
        String descr = field.getMetadata().get("numpy.dtype");
        if (descr == null) {
            return null;
        }
        try {
            String literal = descr.startsWith("[") ? descr : PyText.repr(descr);
            return DescrParser.parse(literal, ReadLimits.defaults(), Location.ofFile(null));
        } catch (NpzException e) {
            return null;
        }
    }
}
