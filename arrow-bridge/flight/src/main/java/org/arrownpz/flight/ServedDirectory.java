package org.arrownpz.flight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.arrownpz.SafeText;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.sql.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * The files of the served directory, by name. A name is one plain path element; no separator, no dot in front, no link:
 * nothing that a client says leads out of the directory.
 */
final class ServedDirectory {
    private static final String EXTENSION = ".npz";
    /** The extensions of files that SQL reads as tables. */
    private static final List<String> TABLES =
            List.of(EXTENSION, ".npy", ".feather", ".arrow", ".ipc", ".arrows", ".parquet");

    private static final int MAX_NAME_BYTES = 200;
    /** The greatest depth of the folders of SQL's schemas. */
    private static final int MAX_DEPTH = 8;
    /** Names that SQL has for itself. */
    private static final Set<String> RESERVED =
            Set.of("main", "temp", "memory", "system", "information_schema", "pg_catalog");

    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");

    private final Path directory;
    /** The name of the only file that is served, or empty for all. */
    private final String only;

    /** @param path the directory, or a file of it that is served alone */
    ServedDirectory(Path path) throws IOException {
        Path real = path.toRealPath();
        boolean alone = Files.isRegularFile(real);
        this.directory = alone ? real.resolveSibling("") : real;
        this.only = alone ? String.valueOf(real.getFileName()) : "";
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(path + " is no directory");
        }
        if (alone && files(directory, TABLES).isEmpty()) {
            throw new IllegalArgumentException(
                    SafeText.quote(only) + " is not served: names are plain, and end in " + String.join(", ", TABLES));
        }
    }

    /** The names of the files that the caller may read and that begin with the prefix, sorted. */
    List<String> names(String prefix, Caller caller) {
        if (!caller.rights().reads("")) {
            return List.of();
        }
        List<String> names = files(directory, List.of(EXTENSION)).stream()
                .map(file -> stem(file, EXTENSION))
                .filter(name -> name.startsWith(prefix))
                .toList();
        return names.stream().sorted().toList();
    }

    /** The names of files with these extensions, which are served. */
    private List<String> files(Path folder, List<String> extensions) {
        List<String> names = new ArrayList<>();
        for (Path file : entries(folder)) {
            String name = String.valueOf(file.getFileName());
            String extension = extension(name, extensions);
            if (!extension.isEmpty()
                    && isServed(name)
                    && isSafe(stem(name, extension))
                    && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                names.add(name);
            }
        }
        return names;
    }

    private boolean isServed(String file) {
        return only.isEmpty() || only.equals(file);
    }

    private static List<Path> entries(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException e) {
            throw FlightFaults.of(CallStatus.INTERNAL, "the directory cannot be read", e);
        }
        return entries;
    }

    /**
     * The folders as schemas of SQL: the directory is {@link Metadata#DB_SCHEMA}, those below it have their path from there,
     * with {@code /} between their names. Those that the caller may not read are left out.
     */
    private Map<String, Path> schemas(Caller caller) {
        Map<String, Path> schemas = new TreeMap<>();
        if (only.isEmpty()) {
            addFolders("", directory, 1, schemas);
        }
        schemas.keySet().removeIf(folder -> !caller.rights().reads(folder));
        if (caller.rights().reads("")) {
            schemas.put(Metadata.DB_SCHEMA, directory);
        }
        return schemas;
    }

    private static void addFolders(String prefix, Path folder, int depth, Map<String, Path> schemas) {
        for (Path entry : entries(folder)) {
            String name = String.valueOf(entry.getFileName());
            boolean reserved = depth == 1 && RESERVED.contains(name.toLowerCase(Locale.ROOT));
            if (!reserved
                    && isSafe(name)
                    && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                    && Files.isReadable(entry)) {
                schemas.put(prefix + name, entry);
                if (depth < MAX_DEPTH) {
                    addFolders(prefix + name + "/", entry, depth + 1, schemas);
                }
            }
        }
    }

    /** A table of SQL. Names ignore case. */
    record TableName(String schema, String table) implements Comparable<TableName> {
        private static final Comparator<TableName> ORDER = Comparator.comparing(
                        TableName::schema, String.CASE_INSENSITIVE_ORDER)
                .thenComparing(TableName::table, String.CASE_INSENSITIVE_ORDER);

        boolean isTop() {
            return schema.equals(Metadata.DB_SCHEMA);
        }

        /** As SQL writes it. */
        String sql() {
            return (isTop() ? "" : quote(schema) + ".") + quote(table);
        }

        private static String quote(String name) {
            return '"' + name.replace("\"", "\"\"") + '"';
        }

        @Override
        public int compareTo(TableName other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * The files as tables of SQL, each under its name with and without extension. Names that would mean several files mean
     * none.
     */
    Map<TableName, Path> tables(Caller caller) {
        Map<TableName, Path> tables = new TreeMap<>();
        Set<TableName> doubled = new TreeSet<>();
        schemas(caller).forEach((schema, folder) -> {
            for (String name : files(folder, TABLES)) {
                for (String table : tables(name)) {
                    TableName key = new TableName(schema, table);
                    if (tables.put(key, folder.resolve(name)) != null) {
                        doubled.add(key);
                    }
                }
            }
        });
        doubled.forEach(tables::remove);
        return tables;
    }

    /** The names of a file in SQL. */
    private static List<String> tables(String file) {
        return List.of(stem(file, extension(file, TABLES)), file);
    }

    /**
     * Refuses a new file that would take a table's name from another, which then meant neither: {@code sales.npz} beside
     * {@code sales.feather}, or {@code Sales.npz}.
     */
    void requireOwnName(String name) {
        List<String> own = tables(name + EXTENSION);
        for (String other : files(directory, TABLES)) {
            if (tables(other).stream().anyMatch(table -> own.stream().anyMatch(table::equalsIgnoreCase))) {
                throw FlightFaults.of(
                        CallStatus.ALREADY_EXISTS,
                        SafeText.quote(name) + " would share its name with the file " + SafeText.quote(other)
                                + ", so that SQL knew neither; put it under another name");
            }
        }
    }

    /** The tables, each by its shortest name, sorted. */
    List<TableName> tableNames(Caller caller) {
        Map<Path, TableName> shortest = new TreeMap<>();
        tables(caller)
                .forEach((name, file) -> shortest.merge(
                        file,
                        name,
                        (one, other) -> one.table().length() <= other.table().length() ? one : other));
        return shortest.values().stream().sorted().toList();
    }

    /** The schemas, sorted. */
    List<String> schemaNames(Caller caller) {
        return List.copyOf(schemas(caller).keySet());
    }

    private static String extension(String file, List<String> extensions) {
        return extensions.stream().filter(file::endsWith).findFirst().orElse("");
    }

    /** The files of the directory itself that are served. */
    List<Path> files() {
        return files(directory, TABLES).stream().map(directory::resolve).toList();
    }

    /** The directory itself. */
    Path directory() {
        return directory;
    }

    /** The name in a descriptor: a path of one element. */
    static String name(FlightDescriptor descriptor) {
        if (descriptor.isCommand() || descriptor.getPath().size() != 1) {
            throw FlightFaults.of(CallStatus.INVALID_ARGUMENT, "name a file by a descriptor of one path element");
        }
        String name = descriptor.getPath().get(0);
        return name.endsWith(EXTENSION) ? stem(name, EXTENSION) : name;
    }

    /** Whether the directory is there and can be listed. */
    boolean isReadable() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            return files.iterator() != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** The free space on its disk. */
    long freeBytes() {
        return directory.toFile().getUsableSpace();
    }

    /** An existing file; one that the caller may not read is as none. */
    Path existing(String name, Caller caller) {
        boolean may =
                isSafe(name) && isServed(name + EXTENSION) && caller.rights().reads("");
        Path file = may ? directory.resolve(name + EXTENSION) : directory;
        if (!may || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw notFound(name);
        }
        return file;
    }

    /**
     * The file of a table's name after its folders, with or without its extension; null where there is none that the
     * caller may read, or several.
     */
    @Nullable
    Path find(String name, Caller caller) {
        String[] folders = name.split("/", -1);
        int depth = folders.length - 1;
        String last = folders[depth];
        boolean reserved = depth > 0 && RESERVED.contains(folders[0].toLowerCase(Locale.ROOT));
        if (reserved
                || depth > (only.isEmpty() ? MAX_DEPTH : 0)
                || !caller.rights().reads(name.substring(0, Math.max(0, name.length() - last.length() - 1)))) {
            return null;
        }
        Path folder = directory;
        for (int i = 0; i < depth; i++) {
            folder = isSafe(folders[i]) ? folder.resolve(folders[i]) : folder;
            if (!isSafe(folders[i]) || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
        }
        List<Path> found = new ArrayList<>();
        for (String extension : TABLES) {
            for (String file : last.endsWith(extension) ? List.of(last, last + extension) : List.of(last + extension)) {
                if (isServed(file)
                        && isSafe(stem(file, extension))
                        && Files.isRegularFile(folder.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
                    found.add(folder.resolve(file));
                }
            }
        }
        return found.size() == 1 ? found.get(0) : null;
    }

    /** A file to be written, in place or new. */
    Path target(String name) {
        if (!isSafe(name) || !isServed(name + EXTENSION)) {
            throw FlightFaults.of(CallStatus.INVALID_ARGUMENT, "not a name for a file: " + SafeText.quote(name));
        }
        return directory.resolve(name + EXTENSION);
    }

    static FlightRuntimeException notFound(String name) {
        return FlightFaults.of(CallStatus.NOT_FOUND, "there is no file " + SafeText.quote(name));
    }

    private static String stem(String file, String extension) {
        return file.substring(0, file.length() - extension.length());
    }

    private static boolean isSafe(String name) {
        if (name.isEmpty()
                || name.startsWith(".")
                || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES
                || DEVICES.contains(name.toLowerCase(Locale.ROOT))) {
            return false;
        }
        return name.chars().allMatch(c -> c >= ' ' && c != 0x7F && "/\\:*?\"<>|".indexOf(c) < 0)
                && !name.endsWith(" ")
                && !name.endsWith(".")
                && !name.endsWith(EXTENSION);
    }
}
