package org.arrownpz.cli.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Safetensors;
import org.arrownpz.array.SparseMatrix;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Likely;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.frame.Bus;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.Tables;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.FileMagic;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** Inputs of any format, opened as frames that own what they are read from. */
public final class Source {
    private Source() {}

    /**
     * Opens a path, an array's address, or standard input for {@code -}. A sparse matrix is a table of lists. The caller
     * closes the frame.
     */
    public static Frame open(BufferAllocator allocator, String name, ReadFlags flags, Console console)
            throws NpzException {
        try {
            return table(allocator, name, flags, console);
        } catch (NpzException e) {
            Frame lists = e.code() == ErrorCode.FRAME_SHAPE && flags.readsAll() && format(name) != Format.SAFETENSORS
                    ? sparse(allocator, Urls.path(name), flags.options())
                    : null;
            if (lists == null) {
                throw e;
            }
            return lists;
        }
    }

    /** A file as a table, or as arrays where these are none; one of them is null. */
    public record Opened(@Nullable Frame frame, @Nullable ArraySet arrays) implements AutoCloseable {
        @Override
        public void close() {
            if (frame != null) {
                frame.close();
            }
            if (arrays != null) {
                arrays.close();
            }
        }
    }

    /** The flags under which an {@code .npy} file that is no matrix is a column of its stem, where they name no column. */
    public static ReadFlags named(BufferAllocator allocator, String name, ReadFlags flags) throws NpzException {
        if (!flags.readsAll() || !format(name, Format.NPY)) {
            return flags;
        }
        String path = Address.of(name).path();
        try (NumpyArray array = Npy.load(allocator, Urls.path(path), flags.options())) {
            ReadFlags named = flags.of(null);
            named.vectors = isColumn(array) ? ConvertPlan.stem(path) : null;
            return named;
        }
    }

    /**
     * Whether an input is compared array by array, although it may be a table: one array, or several with matrices among
     * them. Records are a table.
     */
    public static boolean isArrays(BufferAllocator allocator, String name, ReadFlags flags) throws NpzException {
        if (name.equals("-") || flags.columns != null || flags.vectors != null) {
            return false;
        }
        try (ArraySet set = ArraySet.open(allocator, name, flags)) {
            if (set == null) {
                return false;
            }
            boolean[] found = {set.single(), false};
            for (String one : set.names()) {
                set.use(one, array -> {
                    found[0] |= array.shape().dimensions() > 1;
                    found[1] |= array.dtype() instanceof StructDType;
                });
            }
            return found[0] && !found[1];
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Opens what {@link #open} opens, and arrays that are no table as they are.
     *
     * @param takesArrays whether arrays are wanted, or else lists of a sparse matrix
     */
    public static Opened openAny(
            BufferAllocator allocator, String name, ReadFlags flags, Console console, boolean takesArrays)
            throws NpzException {
        if (!takesArrays) {
            return new Opened(open(allocator, name, flags, console), null);
        }
        if (!name.equals("-") && Files.isDirectory(Urls.path(name))) {
            ArraySet arrays = ArraySet.open(allocator, name, flags);
            if (arrays != null) {
                return new Opened(null, arrays);
            }
        }
        try {
            return new Opened(table(allocator, name, flags, console), null);
        } catch (NpzException e) {
            boolean may = e.code() == ErrorCode.FRAME_SHAPE || e.code() == ErrorCode.OBJECT_DTYPE;
            ArraySet arrays = may && flags.vectors == null && !name.equals("-") && !format(name, Format.NPY)
                    ? ArraySet.open(allocator, name, flags)
                    : null;
            if (arrays == null) {
                throw e;
            }
            return new Opened(null, arrays);
        }
    }

    private static boolean format(String name, Format format) {
        return format(name) == format;
    }

    private static Frame table(BufferAllocator allocator, String name, ReadFlags given, Console console)
            throws NpzException {
        Address address = Address.of(name);
        ReadFlags flags = address.array() == null ? given : given.ofArray(address.array());
        Format format = format(address.path());
        if (format == Format.PIPE) {
            ResultFlags.refuse(flags.vectors != null, "--vectors", "arrays, not for Arrow streams");
            return ofPipe(Ipc.readStream(allocator, Channels.newChannel(console.in()), "standard input"), flags);
        }
        if (flags.vectors != null && flags.array == null && format != Format.NPY) {
            throw new UsageException("--vectors is for an .npy file, or for one array of an archive: --array NAME");
        }
        Path path = Urls.path(address.path());
        if (format == Format.SAFETENSORS) {
            return ofTensors(allocator, path, flags);
        }
        if (flags.array != null) {
            try (NumpyArrays arrays = Npz.load(allocator, path, flags.withoutColumns())) {
                ArraySet.require(flags.array, arrays.names());
            }
            return Frames.openArray(allocator, path, flags.array, flags.options());
        }
        boolean bus = format == Format.BUS || (flags.frame != null && (format == null || !format.isBatched()));
        return bus ? ofBus(allocator, path, flags) : read(allocator, path, flags);
    }

    /** An array that is one column: no matrix, whose columns are columns, and no records, whose fields are. */
    private static boolean isColumn(NumpyArray array) {
        return array.shape().dimensions() != 2 && array.dtype() instanceof ScalarDType;
    }

    /** Tensors of one first length as columns, as the arrays of an archive are. */
    private static Frame ofTensors(BufferAllocator allocator, Path path, ReadFlags flags) throws NpzException {
        NumpyArrays tensors = Safetensors.load(allocator, path, flags.withoutColumns());
        List<FieldVector> vectors = new ArrayList<>();
        try (Rollback undo = Rollback.of(tensors);
                Rollback columns = Rollback.all(vectors)) {
            List<String> names = flags.array != null
                    ? List.of(flags.array)
                    : flags.columns != null ? flags.columns : tensors.names();
            for (String tensor : names) {
                ArraySet.require(tensor, tensors.names());
                vectors.add(tensors.vector(tensor));
                if (vectors.get(0).getValueCount()
                        != vectors.get(vectors.size() - 1).getValueCount()) {
                    throw Location.ofFile(path.toString())
                            .error(ErrorCode.FRAME_SHAPE, "the tensors are not the columns of one table")
                            .expected("one common first dimension")
                            .found(Console.quote(names.get(0)) + " "
                                    + tensors.get(names.get(0)).shape() + ", " + Console.quote(tensor) + " "
                                    + tensors.get(tensor).shape())
                            .remedy(
                                    "Read one with --array NAME or some with --columns, or convert it to .npz; info lists all")
                            .build();
                }
            }
            VectorSchemaRoot root = new VectorSchemaRoot(vectors);
            Frame frame = Frame.of(root).owning(() -> {
                root.close();
                tensors.close();
            });
            columns.commit();
            return undo.commit(frame);
        }
    }

    private static Frame read(BufferAllocator allocator, Path path, ReadFlags flags) throws NpzException {
        try {
            return Tables.read(allocator, path, flags.options());
        } catch (IllegalArgumentException e) {
            if (flags.columns == null) {
                throw e;
            }
            // Index levels are columns to who names them.
            ColumnNames names = names(allocator, path, flags.withoutColumns());
            List<String> chosen = names.chosen(flags.columns);
            List<String> read = chosen.isEmpty() && !names.columns().isEmpty()
                    ? names.columns().subList(0, 1)
                    : chosen;
            ReadOptions options = flags.withoutColumns();
            return narrow(
                    Tables.read(allocator, path, read.isEmpty() ? options : options.withColumns(read)), flags.columns);
        }
    }

    /** The columns of a file, of which no values are read. */
    private static ColumnNames names(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        Format format = Format.ofExtension(Tables.format(path));
        if (format == null || !format.isBatched()) {
            try (Frame frame = Tables.read(allocator, path, options)) {
                return ColumnNames.of(frame);
            }
        }
        try (ArrowReader reader = Tables.open(allocator, path, options);
                Frame frame = Frame.of(reader.getVectorSchemaRoot(), reader)) {
            return ColumnNames.of(frame);
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw Location.ofFile(path.toString())
                    .error(ErrorCode.IO, "the columns cannot be read")
                    .cause(e)
                    .build();
        }
    }

    /** Some columns of a frame, which is closed with them; the index comes along, or is all where nothing else is named. */
    private static Frame narrow(Frame whole, List<String> wanted) throws NpzException {
        try (Rollback undo = Rollback.of(whole)) {
            List<String> chosen = ColumnNames.of(whole).chosen(wanted);
            Frame narrow = chosen.isEmpty() ? levels(whole) : whole.select(chosen.toArray(String[]::new));
            return undo.commit(narrow.owning(whole));
        }
    }

    /** The index as columns. */
    private static Frame levels(Frame whole) throws NpzException {
        Frame least = whole.columnNames().isEmpty()
                ? whole.share()
                : whole.select(whole.columnNames().get(0));
        try (Rollback undo = Rollback.of(least)) {
            VectorSchemaRoot root = least.root();
            List<FieldVector> levels = root.getFieldVectors().subList(0, whole.indexLevels());
            VectorSchemaRoot alone = new VectorSchemaRoot(
                    levels.stream().map(FieldVector::getField).toList(), levels, root.getRowCount());
            return undo.commit(Frame.of(alone, least.dictionaries()).owning(least));
        }
    }

    /** The lists of a sparse matrix, or null where a file has none. */
    private static @Nullable Frame sparse(BufferAllocator allocator, Path path, ReadOptions options)
            throws NpzException {
        try (SparseMatrix matrix = SparseMatrix.load(allocator, path, options)) {
            boolean lists = matrix.format() == SparseMatrix.Format.CSR || matrix.format() == SparseMatrix.Format.CSC;
            if (!lists || matrix.shape().length != 2) {
                return null;
            }
            VectorSchemaRoot root = matrix.lists();
            return Frame.of(root).owning(root);
        } catch (NpzException e) {
            if (e.code() == ErrorCode.META_MISSING) {
                return null;
            }
            throw e;
        }
    }

    private static Frame ofPipe(IpcFile stream, ReadFlags flags) throws NpzException {
        try (Rollback undo = Rollback.of(stream)) {
            Frame whole = stream.frame().owning(stream);
            return undo.commit(flags.columns == null ? whole : narrow(whole, flags.columns));
        }
    }

    private static Frame ofBus(BufferAllocator allocator, Path path, ReadFlags flags) throws NpzException {
        try (Bus bus = Bus.open(allocator, path, flags.withoutColumns())) {
            if (flags.frame == null) {
                throw new UsageException(
                        "this archive holds several frames; choose one with --frame, or convert all with --to and --out: "
                                + SafeText.escape(String.join(", ", bus.labels()), 1000));
            }
            if (!bus.labels().contains(flags.frame)) {
                throw Likely.missing("frame", flags.frame, bus.labels());
            }
            Frame whole = bus.frame(flags.frame);
            return flags.columns == null ? whole : narrow(whole, flags.columns);
        }
    }

    /**
     * The format of a path: of a file by its first bytes, where they tell, or else by its name; null for what only
     * NumPy's formats can be.
     */
    public static @Nullable Format format(String address) {
        String name = Address.of(address).path();
        Format named = Format.ofName(name);
        if (named == Format.PIPE || named == Format.NPYDIR || !Files.isRegularFile(Urls.path(name))) {
            return named;
        }
        Format told = Format.ofExtension(Tables.format(Urls.path(name)));
        // A Bus is an archive as NPZ files are, and of what no table is, neither bytes nor extensions tell there.
        return told == Format.NPZ && (named == Format.BUS || named == Format.SAFETENSORS && !isZip(name))
                ? named
                : told;
    }

    private static boolean isZip(String name) {
        FileMagic magic = FileMagic.of(Urls.path(name));
        return magic != null && magic.isZip();
    }
}
