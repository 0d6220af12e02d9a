package org.arrownpz.array;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.TargetFormat;
import org.arrownpz.WriteOptions;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.support.FileMagic;
import org.arrownpz.support.Rollback;

/**
 * NPZ files, which hold arrays by name: what {@code np.savez} and {@code np.load} are in Python.
 *
 * <pre>{@code
 * Npz.save(Path.of("model.npz"), Map.of("weights", new double[][] {{1, 2}, {3, 4}}, "names", new String[] {"a", "b"}));
 * try (NumpyArrays model = Npz.load(allocator, Path.of("model.npz"))) {
 *     double[][] weights = model.get("weights").to(double[][].class);
 * }
 * }</pre>
 *
 * <p>All methods are safe for use by several threads.
 */
public final class Npz {
    private static final String SUFFIX = ".npy";
    /** StaticFrame's names, and those that docs/format.md adds, alone or after the label of a frame in a Bus. */
    private static final Pattern FRAMES_OWN =
            Pattern.compile("(.*/)?__(meta__.*|(blocks|values_index|values_columns)_.*|arrow_.*)", Pattern.DOTALL);

    private Npz() {}

    /** {@link #load(BufferAllocator, Path, ReadOptions)} with the default options: mapped read-only. */
    public static NumpyArrays load(BufferAllocator allocator, Path path) throws NpzException {
        return load(allocator, path, ReadOptions.defaults());
    }

    /**
     * Opens an archive and checks its directory and its members' local headers; an array's own header is checked when
     * it is asked for, and data are not touched. Frames open too, as the arrays that they are made of; a file whose name
     * ends in {@code .safetensors} opens as {@link Safetensors#load(BufferAllocator, Path, ReadOptions)} does.
     *
     * @param allocator gives memory to what is inflated or copied; it must outlive that. Mapped bytes are not accounted
     * @param options mapping, limits, zip layout, checks and, for vectors, type mapping and policies
     * @return the arrays, which the caller closes
     * @throws NpzException IO, FILE_CHANGED, LIMIT or a ZIP code
     */
    public static NumpyArrays load(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        if (TargetFormat.of(path) == TargetFormat.SAFETENSORS) {
            return Safetensors.load(allocator, path, options);
        }
        NpzFile file = NpzFile.open(allocator, path, options);
        return new NumpyArrays(allocator, file, file::arrayIfPresent, options);
    }

    /** {@link #open(BufferAllocator, Path, ReadOptions)} with the default options: mapped read-only. */
    public static NumpyArrays open(BufferAllocator allocator, Path path) throws NpzException {
        return open(allocator, path, ReadOptions.defaults());
    }

    /**
     * Opens whatever holds arrays, and reads as little as that takes: of an archive its directory; of an array, when it is
     * asked for, its header (as much of a deflated member as holds it); its elements when they are. Besides archives these
     * are safetensors files, an NPY file, whose array is named {@code arr_0}, and a directory, whose arrays are its files
     * {@code *.npy}. An archive's bytes that belong to no array which is asked for go unchecked, which
     * {@link #load(BufferAllocator, Path, ReadOptions)} checks.
     *
     * @param allocator gives memory to what is inflated or copied; it must outlive that. Mapped bytes are not accounted
     * @param options as for {@link #load(BufferAllocator, Path, ReadOptions)}
     * @return the arrays, which the caller closes
     * @throws NpzException IO, FILE_CHANGED, LIMIT, or a code of the file's format
     */
    public static NumpyArrays open(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        if (Files.isDirectory(path)) {
            return ArrayDirectory.open(allocator, path, options);
        }
        FileMagic magic = FileMagic.of(path);
        if (magic == FileMagic.NPY) {
            return single(allocator, path, options);
        }
        if (TargetFormat.of(path) == TargetFormat.SAFETENSORS && (magic == null || !magic.isZip())) {
            return Safetensors.load(allocator, path, options);
        }
        NpzFile file = NpzFile.openLazily(allocator, path, options);
        return new NumpyArrays(allocator, file, file::outlineIfPresent, options);
    }

    /** {@link #open(BufferAllocator, Path, ReadOptions)} of what a URI names, see {@link ByteSources#path(URI)}. */
    public static NumpyArrays open(BufferAllocator allocator, URI uri, ReadOptions options) throws NpzException {
        return open(allocator, ByteSources.path(uri), options);
    }

    private static NumpyArrays single(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        ByteSource source = ByteSources.open(allocator, path, options.mapping());
        try (Rollback undo = Rollback.of(source)) {
            NumpyArray array =
                    new NpyHeaderReader(options.limits()).open(source, Location.ofFile(path.toString()), false);
            Map<String, NumpyArray> arrays = Map.of(Npy.UNNAMED, array);
            return undo.commit(new NumpyArrays(
                    allocator, List.copyOf(arrays.keySet()), arrays::get, Map.of(), source::close, options));
        }
    }

    /** {@link #save(Path, Map, WriteOptions)} with the default options. */
    public static void save(Path target, Map<String, ?> arrays) throws NpzException {
        save(target, arrays, WriteOptions.defaults());
    }

    /**
     * Writes arrays as {@code np.savez} would: members by name, in the order of the map (take a
     * {@link java.util.LinkedHashMap} where it matters), with NumPy's headers. Data begin at multiples of 64 bytes, which
     * NumPy reads as it reads its own files, so that they can be viewed where they are mapped. The target is replaced in
     * one step; whatever fails, it stays as it was.
     *
     * @param arrays values are what {@link ArrayContent#of(Object)} takes (Java arrays, buffers, arrays that were
     *     loaded), or Arrow vectors as {@link Vectors#array} takes them; borrowed for the time of the call
     * @param options durability and deflation are heeded
     * @throws NpzException IO, LIMIT, and what the contents throw
     * @throws IllegalArgumentException when a value is no array or a name is unfit for a member, which the message names,
     *     or the target has the extension of another format
     */
    public static void save(Path target, Map<String, ?> arrays, WriteOptions options) throws NpzException {
        try (NpzWriter writer = NpzWriter.create(target, options)) {
            for (Map.Entry<String, ?> entry : arrays.entrySet()) {
                add(writer, entry.getKey(), entry.getValue());
            }
            writer.finish();
        }
    }

    /**
     * {@link #add(BufferAllocator, Path, Path, Map, ReadOptions, WriteOptions)} to the archive itself, with the default
     * options: names that it has already are refused.
     */
    public static void add(BufferAllocator allocator, Path archive, Map<String, ?> arrays) throws NpzException {
        add(allocator, archive, archive, arrays, ReadOptions.defaults(), WriteOptions.defaults());
    }

    /**
     * Writes an archive that has all members of another one and these arrays behind them. Members are taken over as they
     * lie there, deflated or not, with their checksums; the system moves them from file to file where it can. The target
     * is replaced in one step, and may be the source: readers that have it open keep what they see. Whatever fails, it
     * stays as it was. Entries for folders, which hold nothing, are left out.
     *
     * @param allocator gives memory while members are checked
     * @param source an archive, of arrays or a frame
     * @param arrays as of {@link #save(Path, Map, WriteOptions)}
     * @param read mapping, limits, zip layout, and whether members are compared with their checksums first
     * @param write durability, deflation of the new arrays, and by {@link WriteOptions#overwrite()} whether they may take
     *     the place of members of the same name
     * @throws NpzException IO, FILE_CHANGED, LIMIT, a ZIP code of the source, and what the contents throw
     * @throws IllegalArgumentException as {@link #save(Path, Map, WriteOptions)}, when the source has an array's name
     *     already, and for names of the members that frames are made of ({@code __blocks_0__}), so that frames stay whole
     */
    public static void add(
            BufferAllocator allocator,
            Path source,
            Path target,
            Map<String, ?> arrays,
            ReadOptions read,
            WriteOptions write)
            throws NpzException {
        for (String name : arrays.keySet()) {
            if (FRAMES_OWN.matcher(name).matches()) {
                throw new IllegalArgumentException("the name " + SafeText.quote(name)
                        + " is one of a frame's own members, and would change what the frame is: choose another");
            }
        }
        try (NpzFile archive = NpzFile.open(allocator, source, read);
                NpzWriter writer = NpzWriter.create(target, write)) {
            for (NpzEntry entry : archive.entries()) {
                boolean taken = arrays.containsKey(entry.key());
                if (taken && !write.overwrite()) {
                    throw new IllegalArgumentException(SafeText.quote(source.toString()) + " has a member "
                            + SafeText.quote(entry.name())
                            + " already: choose another name, or replace it (WriteOptions.withOverwrite, --force)");
                }
                if (!taken && !entry.directory()) {
                    writer.transfer(archive, entry.name());
                }
            }
            for (Map.Entry<String, ?> entry : arrays.entrySet()) {
                add(writer, entry.getKey(), entry.getValue());
            }
            archive.checkUnchanged();
            writer.finish();
        }
    }

    private static void add(NpzWriter writer, String name, Object value) throws NpzException {
        try {
            ArrayContent content = Vectors.content(value);
            writer.array(name + SUFFIX, Npy.header(content), content);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the array " + SafeText.quote(name) + " cannot be saved: " + e.getMessage(), e);
        }
    }
}
