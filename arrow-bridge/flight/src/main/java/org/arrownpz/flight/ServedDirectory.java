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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.arrownpz.SafeText;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.KnownFiles;
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
        if (alone && files().isEmpty()) {
            throw new IllegalArgumentException(
                    SafeText.quote(only) + " is not served: names are plain, and end in " + String.join(", ", TABLES));
        }
    }

    /**
     * A file that is served.
     *
     * @param names its names as a table, the shortest first, but for those that are another file's, too
     */
    record Served(List<TableName> names, KnownFiles.Seen seen) {
        /** The shortest name, below its folders. */
        String name() {
            return (names.get(0).isTop() ? "" : names.get(0).schema() + "/")
                    + names.get(0).table();
        }
    }

    /** The files of the directory itself that the caller may read, and whose names as flights begin with the prefix, sorted. */
    List<Served> flights(String prefix, Caller caller) {
        Map<String, KnownFiles.Seen> files = caller.rights().reads("") ? files() : Map.of();
        Map<String, Served> flights = new TreeMap<>();
        files.forEach((file, seen) -> {
            for (String name : names(file)) {
                if (name.startsWith(prefix)
                        && (file.equals(name + EXTENSION)
                                || file.equals(flight(name, meant(name, files::containsKey))))) {
                    flights.putIfAbsent(name, new Served(List.of(new TableName(Metadata.DB_SCHEMA, name)), seen));
                    break;
                }
            }
        });
        return List.copyOf(flights.values());
    }

    /** The files that a name may mean, which is with or without an extension. */
    private static List<String> meant(String name, Predicate<String> exists) {
        List<String> files = new ArrayList<>();
        for (String extension : TABLES) {
            if (name.endsWith(extension) && exists.test(name)) {
                files.add(name);
            }
            if (exists.test(name + extension)) {
                files.add(name + extension);
            }
        }
        return files;
    }

    /** The file of those that a flight's name means: that with NumPy's extension, which puts write, or else the only one. */
    private static @Nullable String flight(String name, List<String> files) {
        if (files.contains(name + EXTENSION)) {
            return name + EXTENSION;
        }
        return files.size() == 1 ? files.get(0) : null;
    }

    /** All files that the caller may read, sorted. */
    List<Served> list(Caller caller) {
        List<Served> all = new ArrayList<>();
        Set<TableName> once = new HashSet<>();
        Set<TableName> doubled = new HashSet<>();
        schemas(caller)
                .forEach((schema, files) -> files.forEach((file, seen) -> {
                    List<TableName> names = new ArrayList<>();
                    for (String name : names(file)) {
                        TableName table = new TableName(schema, name);
                        names.add(table);
                        if (!once.add(table.folded())) {
                            doubled.add(table.folded());
                        }
                    }
                    all.add(new Served(names, seen));
                }));
        if (!doubled.isEmpty()) {
            all.forEach(file -> file.names.removeIf(name -> doubled.contains(name.folded())));
            all.removeIf(file -> file.names.isEmpty());
        }
        all.sort(Comparator.comparing(file -> file.names.get(0)));
        return all;
    }

    /** The files of the directory itself that are served, by their names on the disk. */
    Map<String, KnownFiles.Seen> files() {
        Map<String, Map<String, KnownFiles.Seen>> found = new TreeMap<>();
        walk("", directory, MAX_DEPTH, found);
        return found.getOrDefault(Metadata.DB_SCHEMA, Map.of());
    }

    /**
     * The folders as schemas of SQL, with the files in them: the directory is {@link Metadata#DB_SCHEMA}, those below it have
     * their path from there, with {@code /} between their names. Those that the caller may not read are left out.
     */
    private Map<String, Map<String, KnownFiles.Seen>> schemas(Caller caller) {
        Map<String, Map<String, KnownFiles.Seen>> found = new TreeMap<>();
        walk("", directory, only.isEmpty() ? 0 : MAX_DEPTH, found);
        found.keySet().removeIf(schema -> !caller.rights().reads(schema.equals(Metadata.DB_SCHEMA) ? "" : schema));
        return found;
    }

    /** Looks once at each entry of a folder and of those below it. */
    private void walk(String path, Path folder, int depth, Map<String, Map<String, KnownFiles.Seen>> found) {
        Map<String, KnownFiles.Seen> files = new LinkedHashMap<>();
        found.put(path.isEmpty() ? Metadata.DB_SCHEMA : path, files);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                String extension = extension(name);
                boolean served = !extension.isEmpty() && isServed(name) && isSafe(stem(name, extension));
                boolean within = depth < MAX_DEPTH
                        && isSafe(name)
                        && !(depth == 0 && RESERVED.contains(name.toLowerCase(Locale.ROOT)));
                KnownFiles.Seen seen = served || within ? KnownFiles.Seen.now(entry) : null;
                if (seen != null && served && seen.state().isRegularFile()) {
                    files.put(name, seen);
                } else if (seen != null && within && seen.state().isDirectory() && Files.isReadable(entry)) {
                    walk(path.isEmpty() ? name : path + "/" + name, entry, depth + 1, found);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw FlightFaults.of(CallStatus.INTERNAL, "the directory cannot be read", e);
        }
    }

    private boolean isServed(String file) {
        return only.isEmpty() || only.equals(file);
    }

    /** A table of SQL. Names ignore case. */
    record TableName(String schema, String table) implements Comparable<TableName> {
        private static final Comparator<TableName> ORDER = Comparator.comparing(
                        TableName::schema, String.CASE_INSENSITIVE_ORDER)
                .thenComparing(TableName::table, String.CASE_INSENSITIVE_ORDER);

        boolean isTop() {
            return schema.equals(Metadata.DB_SCHEMA);
        }

        /** The same for all names that differ in case alone. */
        TableName folded() {
            return new TableName(fold(schema), fold(table));
        }

        private static String fold(String name) {
            char[] folded = name.toCharArray();
            for (int i = 0; i < folded.length; i++) {
                folded[i] = Character.toLowerCase(Character.toUpperCase(folded[i]));
            }
            return String.valueOf(folded);
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
        list(caller).forEach(file -> file.names.forEach(name -> tables.put(name, file.seen.file())));
        return tables;
    }

    /** The names of a file in SQL. */
    private static List<String> names(String file) {
        return List.of(stem(file, extension(file)), file);
    }

    /**
     * Refuses a new file that would take a table's name from another, which then meant neither: {@code sales.npz} beside
     * {@code sales.feather}, or {@code Sales.npz}.
     */
    void requireOwnName(String name) {
        List<String> own = names(name + EXTENSION);
        for (String other : files().keySet()) {
            if (names(other).stream().anyMatch(table -> own.stream().anyMatch(table::equalsIgnoreCase))) {
                throw FlightFaults.of(
                        CallStatus.ALREADY_EXISTS,
                        SafeText.quote(name) + " would share its name with the file " + SafeText.quote(other)
                                + ", so that SQL knew neither; put it under another name");
            }
        }
    }

    /** The schemas, sorted. */
    List<String> schemaNames(Caller caller) {
        return List.copyOf(schemas(caller).keySet());
    }

    private static String extension(String file) {
        for (String extension : TABLES) {
            if (file.endsWith(extension)) {
                return extension;
            }
        }
        return "";
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

    /** An existing file of the directory itself; one that the caller may not read is as none. */
    KnownFiles.Seen existing(String name, Caller caller) {
        List<String> found =
                name.indexOf('/') < 0 ? all(directory, name, caller.rights().reads("")) : List.of();
        String file = flight(name, found);
        KnownFiles.Seen seen = file == null ? null : KnownFiles.Seen.now(directory.resolve(file));
        if (seen == null) {
            throw FlightFaults.of(
                    CallStatus.NOT_FOUND,
                    found.size() < 2
                            ? "there is no file " + SafeText.quote(name)
                            : SafeText.quote(name) + " is several files, " + SafeText.escape(found.toString(), 300));
        }
        return seen;
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
        if (reserved || depth > (only.isEmpty() ? MAX_DEPTH : 0)) {
            return null;
        }
        Path folder = directory;
        for (int i = 0; i < depth; i++) {
            folder = isSafe(folders[i]) ? folder.resolve(folders[i]) : folder;
            if (!isSafe(folders[i]) || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
        }
        String above = name.substring(0, Math.max(0, name.length() - last.length() - 1));
        List<String> found = all(folder, last, caller.rights().reads(above));
        return found.size() == 1 ? folder.resolve(found.get(0)) : null;
    }

    private List<String> all(Path folder, String name, boolean mayRead) {
        return meant(
                name,
                file -> mayRead
                        && isServed(file)
                        && isSafe(stem(file, extension(file)))
                        && Files.isRegularFile(folder.resolve(file), LinkOption.NOFOLLOW_LINKS));
    }

    /** A file to be written, in place or new. */
    Path target(String name) {
        if (!isSafe(name) || !isServed(name + EXTENSION)) {
            throw FlightFaults.of(CallStatus.INVALID_ARGUMENT, "not a name for a file: " + SafeText.quote(name));
        }
        return directory.resolve(name + EXTENSION);
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
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c == 0x7F || "/\\:*?\"<>|".indexOf(c) >= 0) {
                return false;
            }
        }
        return !name.endsWith(" ") && !name.endsWith(".") && !name.endsWith(EXTENSION);
    }
}
