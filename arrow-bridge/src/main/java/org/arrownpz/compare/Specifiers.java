package org.arrownpz.compare;

import java.util.LinkedHashMap;
import java.util.Map;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexType;
import org.arrownpz.internal.text.SafeText;

/** The names of dtypes and constructors that frame-fixtures 1.1.0 knows. */
final class Specifiers {
    private static final TimeUnit64.Base[] UNITS = {
        TimeUnit64.Base.YEAR,
        TimeUnit64.Base.MONTH,
        TimeUnit64.Base.DAY,
        TimeUnit64.Base.HOUR,
        TimeUnit64.Base.MINUTE,
        TimeUnit64.Base.SECOND,
        TimeUnit64.Base.MILLISECOND,
        TimeUnit64.Base.MICROSECOND,
        TimeUnit64.Base.NANOSECOND
    };
    private static final Map<String, ValueType> DTYPES = dtypes();
    private static final Map<String, Constructor> CONSTRUCTORS = constructors();

    /** What a constructor's name stands for. */
    sealed interface Constructor {
        /** Frame or FrameGO. */
        record OfFrame(boolean growOnly) implements Constructor {}

        /** An index class. */
        record OfIndex(IndexClass indexClass) implements Constructor {}

        /** Listed, but without use: TypeBlocks and IndexAutoConstructorFactory. */
        record Useless(String className) implements Constructor {}
    }

    private Specifiers() {}

    private static Map<String, ValueType> dtypes() {
        Map<String, ValueType> types = new LinkedHashMap<>();
        for (TimeUnit64.Base unit : UNITS) {
            types.put("dt" + unit.symbol(), numpy(ScalarDType.datetime(TimeUnit64.of(unit))));
        }
        for (TimeUnit64.Base unit : UNITS) {
            types.put("td" + unit.symbol(), numpy(ScalarDType.timedelta(TimeUnit64.of(unit))));
        }
        types.put("int", numpy(DTypeKind.INT, 8));
        types.put("str", numpy(ScalarDType.unicode(SourceValues.LABEL_LENGTH)));
        types.put("bytes", numpy(DTypeKind.BYTES, SourceValues.LABEL_LENGTH));
        types.put("float", numpy(DTypeKind.FLOAT, 8));
        types.put("bool", numpy(DTypeKind.BOOL, 1));
        types.put("complex", numpy(DTypeKind.COMPLEX, 16));
        types.put("object", new ValueType.Objects());
        for (int bytes = 1; bytes <= 8; bytes *= 2) {
            types.put("int" + 8 * bytes, numpy(DTypeKind.INT, bytes));
        }
        for (int bytes = 1; bytes <= 8; bytes *= 2) {
            types.put("uint" + 8 * bytes, numpy(DTypeKind.UINT, bytes));
        }
        for (int bytes = 2; bytes <= 8; bytes *= 2) {
            types.put("float" + 8 * bytes, numpy(DTypeKind.FLOAT, bytes));
        }
        for (int bytes = 8; bytes <= 16; bytes *= 2) {
            types.put("complex" + 8 * bytes, numpy(DTypeKind.COMPLEX, bytes));
        }
        return types;
    }

    private static ValueType numpy(DTypeKind kind, long bytes) {
        return numpy(ScalarDType.of(kind, bytes));
    }

    private static ValueType numpy(ScalarDType dtype) {
        return new ValueType.Numpy(dtype);
    }

    private static Map<String, Constructor> constructors() {
        Map<String, Constructor> constructors = new LinkedHashMap<>();
        constructors.put("TB", new Constructor.Useless("TypeBlocks"));
        constructors.put("F", new Constructor.OfFrame(false));
        constructors.put("Fg", new Constructor.OfFrame(true));
        put(constructors, "I", IndexType.INDEX);
        put(constructors, "IH", IndexType.HIERARCHY);
        constructors.put("IACF", new Constructor.Useless("IndexAutoConstructorFactory"));
        put(constructors, "IY", IndexType.YEAR);
        put(constructors, "IM", IndexType.YEAR_MONTH);
        put(constructors, "IYM", IndexType.YEAR_MONTH);
        put(constructors, "ID", IndexType.DATE);
        put(constructors, "Ih", IndexType.HOUR);
        put(constructors, "Im", IndexType.MINUTE);
        put(constructors, "Is", IndexType.SECOND);
        put(constructors, "Ims", IndexType.MILLISECOND);
        put(constructors, "Ius", IndexType.MICROSECOND);
        put(constructors, "Ins", IndexType.NANOSECOND);
        return constructors;
    }

    private static void put(Map<String, Constructor> constructors, String name, IndexType type) {
        constructors.put(name, new Constructor.OfIndex(new IndexClass(type, false)));
        constructors.put(name + "g", new Constructor.OfIndex(new IndexClass(type, true)));
    }

    /** The names of all dtypes, in frame-fixtures' order. */
    static Iterable<String> dtypeNames() {
        return DTYPES.keySet();
    }

    static ValueType dtype(DslComponent.Name name) {
        ValueType type = DTYPES.get(name.text());
        if (type != null) {
            return type;
        }
        if (CONSTRUCTORS.containsKey(name.text())) {
            throw new FrameFixtureException.Content(
                    "expected a dtype but found the constructor " + name.text(), name.at());
        }
        throw unknown(name);
    }

    static Constructor constructor(DslComponent.Name name) {
        Constructor constructor = CONSTRUCTORS.get(name.text());
        if (constructor != null) {
            return constructor;
        }
        if (DTYPES.containsKey(name.text())) {
            throw new FrameFixtureException.Content(
                    "expected a constructor but found the dtype " + name.text(), name.at());
        }
        throw unknown(name);
    }

    private static FrameFixtureException unknown(DslComponent.Name name) {
        return new FrameFixtureException.Syntax(
                SafeText.quote(name.text()) + " is no specifier; constructors: "
                        + String.join(", ", CONSTRUCTORS.keySet()) + "; dtypes: "
                        + String.join(", ", DTYPES.keySet()),
                name.at());
    }
}
