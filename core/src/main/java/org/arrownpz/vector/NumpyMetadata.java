package org.arrownpz.vector;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.internal.text.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * The field metadata by which a column remembers its NumPy type. Extension types are named over their storage type; no
 * class needs to be registered to read them.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class NumpyMetadata {
    /** {@code dtype.str} of the elements ({@code <f8}), or the descr of a record type. */
    public static final String DTYPE = "numpy.dtype";
    /** The title of a record field that has one. */
    public static final String TITLE = "numpy.title";
    /** On fixed-size lists: the shape of one row (of one sub-array) as a Python tuple. */
    public static final String SHAPE = "numpy.shape";

    /** {@code F} on the lists of an array in Fortran order, which becomes one again where it is written. */
    public static final String ORDER = "numpy.order";

    /** {@code 0} on the one value of an array without dimensions; absent otherwise. */
    public static final String DIMENSIONS = "numpy.ndim";

    /** Arrow's key for the name of an extension type. */
    public static final String EXTENSION_NAME = "ARROW:extension:name";
    /** Arrow's key for the parameters of an extension type. */
    public static final String EXTENSION_METADATA = "ARROW:extension:metadata";

    /** 64-bit datetime64 values in a unit that Arrow lacks; parameters as of {@link #timeUnit}. */
    public static final String DATETIME64 = "numpy.datetime64";
    /** 64-bit timedelta64 values in a unit that Arrow lacks; parameters as of {@link #timeUnit}. */
    public static final String TIMEDELTA64 = "numpy.timedelta64";
    /** NUL-padded UTF-32; parameters {@code {"units":4,"byte_order":"little"}}. */
    public static final String UNICODE = "numpy.unicode";
    /** Real and imaginary part as a fixed-size list of two; without parameters. */
    public static final String COMPLEX = "numpy.complex";
    /** One-byte bools (a canonical Arrow extension). */
    public static final String BOOL8 = "arrow.bool8";
    /** Bytes that Arrow cannot interpret (canonical). */
    public static final String OPAQUE = "arrow.opaque";
    /** Fixed-size lists that are arrays (canonical); parameters {@code {"shape":[2,3]}}. */
    public static final String TENSOR = "arrow.fixed_shape_tensor";

    private static final int MAX_PARAMETERS = 1000;

    private NumpyMetadata() {}

    public static void extension(Map<String, String> metadata, String name, String parameters) {
        metadata.put(EXTENSION_NAME, name);
        metadata.put(EXTENSION_METADATA, parameters);
    }

    /** The parameters of {@link #DATETIME64} and {@link #TIMEDELTA64}: {@code {"unit":"ps","multiplier":1}}. */
    public static String timeUnit(TimeUnit64 unit) {
        return "{\"unit\":\"" + unit.base().symbol() + "\",\"multiplier\":" + unit.multiplier() + "}";
    }

    /** The parameters of {@link #OPAQUE} for floats of {@code ml_dtypes}. */
    public static String opaque(SmallFloat type) {
        return "{\"type_name\":\"" + type.mlName() + "\",\"vendor_name\":\"ml_dtypes\"}";
    }

    /** The float that parameters of {@link #OPAQUE} mean, however they are spaced and ordered; null for others. */
    public static @Nullable SmallFloat smallFloat(@Nullable String parameters) {
        if (parameters == null || parameters.length() > MAX_PARAMETERS || !parameters.contains("ml_dtypes")) {
            return null;
        }
        JsonNode texts = JsonTree.read(parameters);
        return "ml_dtypes".equals(texts.path("vendor_name").asText())
                ? SmallFloat.ofName(texts.path("type_name").asText())
                : null;
    }
}
