package org.arrownpz.spark.internal.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of the paths that a user names: files, directories with all archives below them (or all single arrays,
 * where there is no archive), and globs.
 */
public final class Listing {
    static final String ARCHIVE = ".npz";
    static final String ARRAY = ".npy";

    private final Configuration configuration;
    private final FileChoice choice;
    private final List<NpzPath> files = new ArrayList<>();
    private final List<NpzPath> arrays = new ArrayList<>();

    private Listing(Configuration configuration, FileChoice choice) {
        this.configuration = configuration;
        this.choice = choice;
    }

    /** The paths that options name, if any: {@code path}, or {@code paths} as Spark spells several. */
    public static List<String> roots(CaseInsensitiveStringMap options) {
        List<String> roots = new ArrayList<>();
        String several = options.get("paths");
        if (several != null) {
            try {
                roots.addAll(Arrays.asList(new ObjectMapper().readValue(several, String[].class)));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("paths is a JSON list of strings, not " + several, e);
            }
        }
        String one = options.get("path");
        if (one != null) {
            roots.add(one);
        }
        return roots;
    }

    /**
     * All files in a stable order.
     *
     * @throws FileNotFoundException when a path does not exist, or a glob matches nothing, unless the choice allows it
     */
    public static List<NpzPath> of(List<String> roots, Configuration configuration, FileChoice choice)
            throws IOException {
        Listing listing = new Listing(configuration, choice);
        for (String root : roots) {
            listing.root(root);
        }
        listing.files.sort(Comparator.comparing(file -> file.uri().toString()));
        return listing.files;
    }

    /** The archives in a directory that is written to, which is no pattern and need not be there. */
    public static List<NpzPath> archives(String directory, Configuration configuration) throws IOException {
        Storage storage = Storage.of(directory, configuration);
        URI place = storage.qualified(directory);
        Listing listing = new Listing(configuration, FileChoice.ALL);
        if (storage.exists(place)) {
            listing.directory(storage, place, Map.of());
        }
        listing.files.sort(Comparator.comparing(file -> file.uri().toString()));
        return listing.files;
    }

    private void root(String root) throws IOException {
        Storage storage = Storage.of(root, configuration);
        List<Storage.Entry> found = storage.glob(root);
        if (found.isEmpty() && choice.mayLack()) {
            return;
        }
        if (found.isEmpty()) {
            throw new FileNotFoundException("there is no file or directory " + root);
        }
        boolean glob = found.size() > 1 || !found.get(0).uri().equals(storage.qualified(root));
        for (Storage.Entry entry : found) {
            if (glob && isHidden(entry.name())) {
                continue;
            }
            // A glob may name the partition directories themselves.
            Map<String, @Nullable String> partition = new LinkedHashMap<>();
            Path path = new Path(entry.uri());
            Path place = entry.directory() ? path : parent(path);
            if (choice.base() != null) {
                below(new Path(storage.qualified(choice.base())), place, partition);
            } else if (glob) {
                partition(place, partition);
            }
            if (entry.directory()) {
                int before = files.size();
                directory(storage, entry.uri(), partition);
                if (files.size() == before) {
                    files.addAll(arrays);
                }
                arrays.clear();
            } else {
                add(entry, partition, files);
            }
        }
    }

    private void add(Storage.Entry file, Map<String, @Nullable String> partition, List<NpzPath> target) {
        if (choice.accepts(file)) {
            target.add(new NpzPath(file.uri(), file.length(), file.modified(), choice.flat() ? Map.of() : partition));
        }
    }

    /** Whether writers use the name for what is no data, such as {@code _SUCCESS}. */
    private static boolean isHidden(String name) {
        return name.startsWith(".") || (name.startsWith("_") && name.indexOf('=') < 0);
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    // Directories such as key=value at the end of a path, outermost first.
    private static void partition(Path directory, Map<String, @Nullable String> partition) {
        if (directory.getName().indexOf('=') > 0 && directory.getParent() != null) {
            partition(directory.getParent(), partition);
            put(directory.getName(), partition);
        }
    }

    /** The values that directories below a table's state, named as {@code key=value/key=value}. */
    public static Map<String, @Nullable String> partition(String directories) {
        Map<String, @Nullable String> partition = new LinkedHashMap<>();
        for (String name : directories.split("/", -1)) {
            if (name.indexOf('=') > 0) {
                put(name, partition);
            }
        }
        return partition;
    }

    private void directory(Storage storage, URI directory, Map<String, @Nullable String> partition) throws IOException {
        for (Storage.Entry entry : storage.list(directory)) {
            String name = entry.name();
            if (isHidden(name)) {
                continue;
            }
            if (entry.directory()) {
                Map<String, @Nullable String> inner = new LinkedHashMap<>(partition);
                if (name.indexOf('=') > 0) {
                    put(name, inner);
                }
                directory(storage, entry.uri(), inner);
            } else if (name.endsWith(ARCHIVE)) {
                add(entry, partition, files);
            } else if (name.endsWith(ARRAY)) {
                add(entry, partition, arrays);
            }
        }
    }

    // All directories from the base to the path, outermost first.
    private static void below(Path base, Path directory, Map<String, @Nullable String> partition) {
        if (directory.equals(base)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("basePath " + base + " is a directory that all paths are in");
        }
        below(base, parent, partition);
        if (directory.getName().indexOf('=') > 0) {
            put(directory.getName(), partition);
        }
    }

    private static void put(String name, Map<String, @Nullable String> partition) {
        int equals = name.indexOf('=');
        String value = name.substring(equals + 1);
        partition.put(
                ExternalCatalogUtils.unescapePathName(name.substring(0, equals)),
                ExternalCatalogUtils.DEFAULT_PARTITION_NAME().equals(value)
                        ? null
                        : ExternalCatalogUtils.unescapePathName(value));
    }
}
