package org.arrownpz;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options for reading files. Immutable; start from {@link #defaults()} and change with the {@code with…} methods.
 *
 * <pre>{@code
 * ReadOptions options = ReadOptions.inMemory().withColumns("ticker", "close").withVerify(Verify.CRC);
 * }</pre>
 */
public final class ReadOptions {
    private static final ReadOptions DEFAULTS = new ReadOptions();

    private TypeMapping typeMapping = TypeMapping.ARROW;
    private NatPolicy natPolicy = NatPolicy.NULL;
    private MisfitPolicy misfitPolicy = MisfitPolicy.KEEP_STORAGE;
    private Mapping mapping = Mapping.READ_ONLY;
    private Verify verify = Verify.STRUCTURE;
    private ZipLayout zipLayout = ZipLayout.STRICT;
    private ReadLimits limits = ReadLimits.defaults();
    private boolean isolatedValidity;
    private @Nullable List<String> columns;
    private @Nullable List<Integer> positions;
    private @Nullable String vectors;
    private Map<String, SmallFloat> smallFloats = Map.of();

    private ReadOptions() {}

    private ReadOptions(ReadOptions other) {
        this.typeMapping = other.typeMapping;
        this.natPolicy = other.natPolicy;
        this.misfitPolicy = other.misfitPolicy;
        this.mapping = other.mapping;
        this.verify = other.verify;
        this.zipLayout = other.zipLayout;
        this.limits = other.limits;
        this.isolatedValidity = other.isolatedValidity;
        this.columns = other.columns;
        this.positions = other.positions;
        this.vectors = other.vectors;
        this.smallFloats = other.smallFloats;
    }

    /** Read-only mapping, Arrow types, structure checks, NaT as null, strict archives, all columns. */
    public static ReadOptions defaults() {
        return DEFAULTS;
    }

    /**
     * {@link #defaults()}, but with everything copied into writable memory of the allocator ({@link Mapping#COPY}), each
     * vector with validity bits of its own: vectors can be set and grow as any of Arrow's.
     */
    public static ReadOptions inMemory() {
        return DEFAULTS.withMapping(Mapping.COPY).withIsolatedValidity();
    }

    public TypeMapping typeMapping() {
        return typeMapping;
    }

    public NatPolicy natPolicy() {
        return natPolicy;
    }

    public MisfitPolicy misfitPolicy() {
        return misfitPolicy;
    }

    public Mapping mapping() {
        return mapping;
    }

    public Verify verify() {
        return verify;
    }

    public ZipLayout zipLayout() {
        return zipLayout;
    }

    public ReadLimits limits() {
        return limits;
    }

    /** Whether each vector has validity bits of its own instead of sharing a region of ones with the frame's others. */
    public boolean isolatedValidity() {
        return isolatedValidity;
    }

    /** The labels of the columns to read, in that order, or null for all. */
    public @Nullable List<String> columns() {
        return columns;
    }

    /** The positions of the columns to read, in that order (negative ones count from the end), or null for all. */
    public @Nullable List<Integer> positions() {
        return positions;
    }

    /** The name of the one column that a single array is read as, or null where its columns or fields are columns. */
    public @Nullable String vectors() {
        return vectors;
    }

    /** The meaning of arrays' opaque elements, by the arrays' names; those of no other array are known. */
    public Map<String, SmallFloat> smallFloats() {
        return smallFloats;
    }

    /** The Arrow types that dtypes become; {@link TypeMapping#ARROW} unless said otherwise. */
    public ReadOptions withTypeMapping(TypeMapping value) {
        return with(changed -> changed.typeMapping = value);
    }

    /** The meaning of NaT; {@link NatPolicy#NULL} unless said otherwise. */
    public ReadOptions withNatPolicy(NatPolicy value) {
        return with(changed -> changed.natPolicy = value);
    }

    /**
     * The fate of a column with values that its Arrow type cannot hold; {@link MisfitPolicy#KEEP_STORAGE} unless said
     * otherwise.
     */
    public ReadOptions withMisfitPolicy(MisfitPolicy value) {
        return with(changed -> changed.misfitPolicy = value);
    }

    /** Whether files are mapped or copied; {@link Mapping#READ_ONLY} unless said otherwise. */
    public ReadOptions withMapping(Mapping value) {
        return with(changed -> changed.mapping = value);
    }

    /** The checks at the opening of a file; {@link Verify#STRUCTURE} unless said otherwise. */
    public ReadOptions withVerify(Verify value) {
        return with(changed -> changed.verify = value);
    }

    /** The accepted layouts of archives; {@link ZipLayout#STRICT} unless said otherwise. */
    public ReadOptions withZipLayout(ZipLayout value) {
        return with(changed -> changed.zipLayout = value);
    }

    /** The most that a file may ask for; {@link ReadLimits#defaults()} unless said otherwise. */
    public ReadOptions withLimits(ReadLimits value) {
        return with(changed -> changed.limits = value);
    }

    /** Gives each vector validity bits of its own, so that {@code setNull} on one does not reach the others. */
    public ReadOptions withIsolatedValidity() {
        return with(changed -> changed.isolatedValidity = true);
    }

    /** Reads only the columns of these labels (as text, see {@code Frame.columnNames}), in this order. */
    public ReadOptions withColumns(List<String> labels) {
        return with(changed -> {
            changed.columns = List.copyOf(labels);
            changed.positions = null;
        });
    }

    /** {@link #withColumns(List)}. */
    public ReadOptions withColumns(String... labels) {
        return withColumns(List.of(labels));
    }

    /** Reads only the columns at these positions, in this order; negative positions count from the end. */
    public ReadOptions withPositions(List<Integer> positions) {
        return with(changed -> {
            changed.positions = List.copyOf(positions);
            changed.columns = null;
        });
    }

    /**
     * Reads a single array (an {@code .npy} file, or {@code Frames.openArray}) as one column of that name, whatever its
     * dimensions: the rows of a matrix are vectors, fixed-size lists with the extension {@code arrow.fixed_shape_tensor},
     * instead of a column for each of its columns. A row-major array is viewed, others are copied to that order. The arrays
     * of plain archives are such columns without this, and frames are not affected; the report of an archive notes that.
     */
    public ReadOptions withVectors(String column) {
        return with(changed -> changed.vectors = Objects.requireNonNull(column));
    }

    /**
     * Says that the elements of an array, which NumPy calls void ({@code V2}, {@code V1}), are floats of machine learning,
     * as {@code array.view(ml_dtypes.bfloat16)} does in Python: vectors of it are Arrow's extension {@code arrow.opaque} of
     * {@code ml_dtypes} over the same bytes, and {@code NumpyArray.floats()} and {@code Vectors.floats} give float32. To be
     * called once for each array. Opening refuses such an array of another dtype with {@code ARRAY_DTYPE}; names that a
     * file does not have are ignored, so that options serve many files.
     *
     * @param array the array's name in its archive, or {@code arr_0} for that of an {@code .npy} file
     */
    public ReadOptions withSmallFloat(String array, SmallFloat type) {
        return with(changed -> {
            Map<String, SmallFloat> all = new LinkedHashMap<>(changed.smallFloats);
            all.put(Objects.requireNonNull(array), Objects.requireNonNull(type));
            changed.smallFloats = Collections.unmodifiableMap(all);
        });
    }

    private ReadOptions with(Consumer<ReadOptions> change) {
        ReadOptions changed = new ReadOptions(this);
        change.accept(changed);
        return changed;
    }

    /**
     * The way in which the bytes of a file become memory.
     *
     * <p><b>A mapped file must not be cut short or rewritten in place while it is in use;</b> replacing it by rename is safe.
     * What this library itself reads (opening, verifying, converting, packing, copying, serving) notices such a change and
     * fails with FILE_CHANGED. Nothing can be promised to those who read mapped buffers on their own: getters of vectors,
     * native code behind the C Data interface (DuckDB, the Parquet writer), networks that send from buffers. They see the
     * other bytes, and a page that is gone is an {@link InternalError} at some later line of theirs, or ends the process.
     * {@link #COPY} is immune: once a file is open, nothing that happens to it matters.
     *
     * <p>Immutable and safe for use by several threads.
     */
    public enum Mapping {
        /** Mapped read-only: nothing is copied, and writing into a vector ends the JVM. */
        READ_ONLY,
        /** Mapped copy-on-write: vectors may be written to, the file never changes. Needs a writable file and memory. */
        COPY_ON_WRITE,
        /** Copied into allocator memory: writable, and immune against later changes of the file. */
        COPY
    }

    /**
     * The checks of a file when it is opened; each level includes the ones before it.
     *
     * <p>Immutable and safe for use by several threads.
     */
    public enum Verify {
        /** Headers, directory, tiling, sizes and metadata; no page of array data is touched. */
        STRUCTURE,
        /**
         * Also the checksums of stored members (deflated members are always checked) and of Parquet's pages: one pass over the
         * data.
         */
        CRC,
        /** Also the values: code points, and all that Arrow's full validation looks at in what was built. */
        CONTENT
    }

    /** The Arrow types that NumPy data become. Immutable and safe for use by several threads. */
    public enum TypeMapping {
        /** The types that Arrow consumers expect; some dtypes are converted. */
        ARROW,
        /** Bit-identical views of everything, with extension metadata where Arrow has no such type. */
        STORAGE
    }

    /** The meaning of NaT in datetime64 and timedelta64 columns. Immutable and safe for use by several threads. */
    public enum NatPolicy {
        /** NaT is null; the values are scanned once. */
        NULL,
        /** NaT stays the value −2⁶³ and nothing is scanned. Only for columns that are viewed, not converted. */
        SENTINEL
    }

    /**
     * The treatment of a column that holds a value its {@link TypeMapping#ARROW} type cannot hold.
     *
     * <p>Immutable and safe for use by several threads.
     */
    public enum MisfitPolicy {
        /**
         * The whole column keeps its {@link TypeMapping#STORAGE} form, and the report gives the reason. Times of either byte
         * order become 64-bit integers.
         */
        KEEP_STORAGE,
        /** Reading fails with VALUE, naming the element. For pipelines whose schema must follow from headers alone. */
        REFUSE
    }

    /** The strictness with which the members of an archive must fill it. Immutable and safe for use by several threads. */
    public enum ZipLayout {
        /** Members, directory and end record tile the file exactly: no prefix, gap or trailing bytes. */
        STRICT,
        /** Prefix, gaps and trailing bytes are ignored; overlap, duplicates and contradictions are still refused. */
        TOLERANT
    }
}
