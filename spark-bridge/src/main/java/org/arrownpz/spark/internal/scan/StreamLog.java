package org.arrownpz.spark.internal.scan;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.arrownpz.spark.internal.Log;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.arrownpz.spark.internal.storage.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The files that a stream has read, in the directory that Spark's checkpoint gives each source: a file of JSON for each
 * batch, and now and then one of all files up to a batch, in place of those of older batches.
 */
final class StreamLog {
    private static final String SUMMARY = "seen-";
    private static final int SUMMARY_EACH = 20;
    /** The number of its own logs that Spark keeps, by default. */
    private static final int KEPT = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A file as the log has it. */
    private record Logged(
            @Nullable String path,
            @Nullable Long length,
            @Nullable Long modified,
            @Nullable Map<String, @Nullable String> partition) {}

    private final String place;
    private final Configuration configuration;
    private final Map<String, Long> seen = new HashMap<>();
    private final TreeMap<Long, List<NpzPath>> batches = new TreeMap<>();
    private @Nullable Storage storage;
    private long last = -1;

    StreamLog(String place, Configuration configuration) {
        this.place = place;
        this.configuration = configuration;
    }

    private Storage storage() throws IOException {
        Storage known = storage;
        if (known == null) {
            known = Storage.of(place, configuration);
            load(known);
            storage = known;
        }
        return known;
    }

    private void load(Storage from) throws IOException {
        URI directory = from.qualified(place);
        from.makeDirectories(directory);
        long summary = -1;
        TreeMap<Long, URI> found = new TreeMap<>();
        for (Storage.Entry entry : from.list(directory)) {
            if (entry.name().matches("[0-9]{1,18}")) {
                found.put(Long.parseLong(entry.name()), entry.uri());
            } else if (entry.name().matches(SUMMARY + "[0-9]{1,18}")) {
                summary = Math.max(summary, Long.parseLong(entry.name().substring(SUMMARY.length())));
            }
        }
        if (summary >= 0) {
            byte[] text = from.read(from.child(directory, SUMMARY + summary));
            seen.putAll(JSON.readValue(text, new TypeReference<Map<String, Long>>() {}));
            last = summary;
        }
        for (Map.Entry<Long, URI> entry : found.entrySet()) {
            keep(entry.getKey(), parse(from.read(entry.getValue())));
        }
    }

    private void keep(long batch, List<NpzPath> files) {
        batches.put(batch, files);
        files.forEach(file -> seen.put(file.uri().toString(), file.modified()));
        last = Math.max(last, batch);
    }

    /** The last batch, -1 where there is none. */
    long last() throws IOException {
        storage();
        return last;
    }

    boolean isNew(NpzPath file) {
        Long known = seen.get(file.uri().toString());
        return known == null || known != file.modified();
    }

    /** Makes a batch of files. */
    void add(List<NpzPath> files) throws IOException {
        Storage target = storage();
        long batch = last + 1;
        write(target, Long.toString(batch), text(files));
        keep(batch, files);
    }

    // Whole or not at all.
    private void write(Storage target, String name, byte[] text) throws IOException {
        URI directory = target.qualified(place);
        URI draft = target.child(directory, "." + name + ".tmp");
        target.write(draft, text);
        target.move(draft, target.child(directory, name));
    }

    /** The files of some batches, both ends included. */
    List<NpzPath> files(long from, long to) throws IOException {
        storage();
        List<NpzPath> files = new ArrayList<>();
        for (long batch = from; batch <= to; batch++) {
            List<NpzPath> known = batches.get(batch);
            if (known == null) {
                throw new FileNotFoundException(
                        "the checkpoint " + place + " does not tell the files of batch " + batch + " of the stream");
            }
            files.addAll(known);
        }
        return files;
    }

    /** Forgets which batch old files were of, now and then: a batch is committed, and Spark asks for none before it. */
    void forget(long committed) {
        if (committed % SUMMARY_EACH != 0 || committed != last) {
            return;
        }
        try {
            Storage target = storage();
            URI directory = target.qualified(place);
            write(target, SUMMARY + committed, JSON.writeValueAsBytes(seen));
            for (Storage.Entry entry : target.list(directory)) {
                String name = entry.name();
                boolean old = name.startsWith(SUMMARY) && !name.equals(SUMMARY + committed);
                boolean forgotten = name.matches("[0-9]{1,18}") && Long.parseLong(name) <= committed - KEPT;
                if (old || forgotten) {
                    target.delete(entry.uri());
                }
            }
            batches.headMap(committed - KEPT, true).clear();
        } catch (IOException e) {
            // The log is longer than it need be: no reason to stop the stream.
            Log.LOG.warn("the log of a stream in {} could not be shortened", place, e);
        }
    }

    private static byte[] text(List<NpzPath> files) throws IOException {
        return JSON.writeValueAsBytes(files.stream()
                .map(file -> new Logged(file.uri().toString(), file.length(), file.modified(), file.partition()))
                .toList());
    }

    private List<NpzPath> parse(byte[] text) throws IOException {
        List<NpzPath> files = new ArrayList<>();
        for (Logged file : JSON.readValue(text, Logged[].class)) {
            if (file.path() == null || file.length() == null || file.modified() == null || file.partition() == null) {
                throw new IOException("the checkpoint " + place + " is not one of this source");
            }
            files.add(new NpzPath(URI.create(file.path()), file.length(), file.modified(), file.partition()));
        }
        return files;
    }
}
