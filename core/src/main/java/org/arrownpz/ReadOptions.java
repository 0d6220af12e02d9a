package org.arrownpz;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How files are read. Immutable; start from {@link #defaults()} and change with the {@code with…} methods.
 */
public final class ReadOptions {
    private static final ReadOptions DEFAULTS = new ReadOptions(new Settings());

    private final Settings settings;

    private ReadOptions(Settings settings) {
        this.settings = settings;
    }

    /** Read-only mapping, Arrow types, structure checks, NaT as null, strict archives, all columns. */
    public static ReadOptions defaults() {
        return DEFAULTS;
    }

    /** {@link #defaults()}, but with everything copied into writable memory of the allocator ({@link Mapping#COPY}). */
    public static ReadOptions inMemory() {
        return DEFAULTS.withMapping(Mapping.COPY);
    }

    public TypeMapping typeMapping() {
        return settings.typeMapping;
    }

    public NatPolicy natPolicy() {
        return settings.natPolicy;
    }

    public MisfitPolicy misfitPolicy() {
        return settings.misfitPolicy;
    }

    public Mapping mapping() {
        return settings.mapping;
    }

    public Verify verify() {
        return settings.verify;
    }

    public ZipLayout zipLayout() {
        return settings.zipLayout;
    }

    public ReadLimits limits() {
        return settings.limits;
    }

    /** Whether each vector has validity bits of its own instead of sharing a region of ones with the frame's others. */
    public boolean isolatedValidity() {
        return settings.isolatedValidity;
    }

    /** The labels of the columns to read, in that order, or null for all. */
    public @Nullable List<String> columns() {
        return settings.columns;
    }

    /** The positions of the columns to read, in that order (negative ones count from the end), or null for all. */
    public @Nullable List<Integer> positions() {
        return settings.positions;
    }

    public ReadOptions withTypeMapping(TypeMapping value) {
        return with(settings -> settings.typeMapping = value);
    }

    public ReadOptions withNatPolicy(NatPolicy value) {
        return with(settings -> settings.natPolicy = value);
    }

    public ReadOptions withMisfitPolicy(MisfitPolicy value) {
        return with(settings -> settings.misfitPolicy = value);
    }

    public ReadOptions withMapping(Mapping value) {
        return with(settings -> settings.mapping = value);
    }

    public ReadOptions withVerify(Verify value) {
        return with(settings -> settings.verify = value);
    }

    public ReadOptions withZipLayout(ZipLayout value) {
        return with(settings -> settings.zipLayout = value);
    }

    public ReadOptions withLimits(ReadLimits value) {
        return with(settings -> settings.limits = value);
    }

    /** Gives each vector validity bits of its own, so that {@code setNull} on one does not reach the others. */
    public ReadOptions withIsolatedValidity() {
        return with(settings -> settings.isolatedValidity = true);
    }

    /** Reads only the columns of these labels (as text, see {@code Frame.columnNames}), in this order. */
    public ReadOptions withColumns(List<String> labels) {
        return with(settings -> {
            settings.columns = List.copyOf(labels);
            settings.positions = null;
        });
    }

    /** {@link #withColumns(List)}. */
    public ReadOptions withColumns(String... labels) {
        return withColumns(List.of(labels));
    }

    /** Reads only the columns at these positions, in this order; negative positions count from the end. */
    public ReadOptions withPositions(List<Integer> positions) {
        return with(settings -> {
            settings.positions = List.copyOf(positions);
            settings.columns = null;
        });
    }

    private ReadOptions with(Consumer<Settings> change) {
        Settings copy = settings.copy();
        change.accept(copy);
        return new ReadOptions(copy);
    }

    private static final class Settings implements Cloneable {
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

        Settings copy() {
            try {
                return (Settings) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
