package org.arrownpz.array;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.io.DirectoryFiles;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/** The NPY files of a directory, each opened when it is asked for and kept until the end. */
final class ArrayDirectory {
    private static final String SUFFIX = ".npy";

    private final Path directory;
    private final BufferAllocator allocator;
    private final ReadOptions options;
    private final Location location;
    private final DirectoryFiles files;
    private final NpyHeaderReader headers;
    private final List<String> names;
    private final Map<String, NumpyArray> arrays = new HashMap<>();
    private final List<ByteSource> sources = new ArrayList<>();
    private boolean closed;

    private ArrayDirectory(BufferAllocator allocator, Path directory, ReadOptions options) throws NpzException {
        this.directory = directory;
        this.allocator = allocator;
        this.options = options;
        this.location = Location.ofFile(directory.toString());
        this.files = new DirectoryFiles(allocator, directory, options.mapping());
        this.headers = new NpyHeaderReader(options.limits());
        this.names =
                DirectoryFiles.names(
                                directory,
                                options.limits(),
                                file -> file.toString().endsWith(SUFFIX))
                        .stream()
                        .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                        .sorted()
                        .toList();
    }

    /** The arrays by the files' names without {@code .npy}, in alphabetical order. */
    static NumpyArrays open(BufferAllocator allocator, Path directory, ReadOptions options) throws NpzException {
        ArrayDirectory arrays = new ArrayDirectory(allocator, directory, options);
        return new NumpyArrays(allocator, arrays.names, arrays::get, Map.of(), arrays::close, options);
    }

    private synchronized @Nullable NumpyArray get(String name) throws NpzException {
        if (closed) {
            throw new IllegalStateException("The directory is closed");
        }
        NumpyArray known = arrays.get(name);
        // Names come from the listing alone, so that none leads elsewhere.
        if (known != null || !names.contains(name)) {
            return known;
        }
        String file = name + SUFFIX;
        Location place = location.member(file);
        ByteSource source = options.mapping() == Mapping.COPY
                ? ByteSources.open(allocator, directory.resolve(file), options.mapping())
                : files.open(file, place);
        sources.add(source);
        NumpyArray array = headers.open(source, place, false);
        arrays.put(name, array);
        return array;
    }

    private synchronized void close() {
        closed = true;
        files.close();
        sources.forEach(ByteSource::close);
        sources.clear();
    }
}
