package org.arrownpz.spark.internal.write;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.util.SerializableConfiguration;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.spark.internal.Log;
import org.arrownpz.spark.internal.Memory;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.arrownpz.spark.internal.storage.Listing;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.arrownpz.spark.internal.storage.Storage;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * Collects the files of all tasks in a hidden directory and moves them into place when all are there. Overwriting puts
 * the new files in place first and then removes the old ones: a crash between leaves both, never neither.
 */
final class NpzBatchWrite implements BatchWrite {
    private final String directory;
    private final PartitionSpec partitions;
    private final String queryId;
    private final NpzOptions options;
    private final Configuration configuration;
    private final Replacement replacement;
    private final @Nullable String batch;
    private @Nullable Lease lease;

    /**
     * A write.
     *
     * @param batch the name of a stream's batch, which is there once however often it is written
     */
    NpzBatchWrite(
            String directory,
            PartitionSpec partitions,
            String queryId,
            NpzOptions options,
            Configuration configuration,
            Replacement replacement,
            @Nullable String batch) {
        this.directory = directory;
        this.partitions = partitions;
        this.queryId = queryId;
        this.options = options;
        this.configuration = configuration;
        this.replacement = replacement;
        this.batch = batch;
    }

    String directory() {
        return directory;
    }

    PartitionSpec partitions() {
        return partitions;
    }

    NpzOptions options() {
        return options;
    }

    private Storage storage() throws IOException {
        return Storage.of(directory, configuration);
    }

    private URI staging(Storage storage) {
        return storage.child(storage.qualified(directory), Lease.STAGING + queryId);
    }

    @Override
    public NpzWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
        try {
            Storage storage = storage();
            URI staging = staging(storage);
            Option<SparkSession> session = SparkSession.getActiveSession();
            String application =
                    session.isEmpty() ? "" : session.get().sparkContext().applicationId();
            lease = Lease.take(storage, staging, application);
            Lease.removeEnded(storage, storage.qualified(directory), staging);
            Broadcast<SerializableConfiguration> remote = storage.isLocal()
                    ? null
                    : JavaSparkContext.fromSparkContext(SparkSession.active().sparkContext())
                            .broadcast(new SerializableConfiguration(configuration));
            return new NpzWriterFactory(staging, queryId, partitions, options, remote);
        } catch (IOException e) {
            endLease();
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
        try {
            if (batch != null) {
                commitOnce(batch, messages);
                return;
            }
            Storage storage = storage();
            URI target = storage.qualified(directory);
            // Found before anything is moved.
            boolean alone = replacement.isNothing() && hasFiles(messages);
            List<NpzPath> existing = alone ? List.of() : existing();
            List<URI> old = replacement.of(existing, partitions, messages);
            boolean bare = old.size() == existing.size() && !hasFiles(messages);
            moveAll(storage, staging(storage), target, bare ? noRows(storage) : messages);
            for (URI file : old) {
                storage.delete(file);
            }
            end(storage);
            storage.write(storage.child(target, "_SUCCESS"), new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    // The lease and its directory go.
    private void end(Storage storage) {
        endLease();
        try {
            storage.delete(staging(storage));
        } catch (IOException e) {
            // A task that Spark gave up may still be writing there. What it leaves is hidden from readers.
            Log.LOG.warn("{} could not be removed", staging(storage), e);
        }
    }

    /**
     * Puts the files of all tasks in place once, however often it is asked to: under names that tell the batch of a
     * stream and how many files it has. A batch of which all are there is complete; of one that a driver did not
     * complete, what is there goes first.
     */
    void commitOnce(String batch, WriterCommitMessage[] messages) throws IOException {
        Storage storage = storage();
        List<String> names = names(messages);
        List<String> places = new ArrayList<>();
        for (String name : names) {
            String directories = name.substring(0, name.lastIndexOf('/') + 1);
            places.add(directories
                    + String.format(Locale.ROOT, "part-%05d-of-%05d-%s.npz", places.size(), names.size(), batch));
        }
        List<NpzPath> earlier = existing().stream()
                .filter(file -> file.uri().getPath().endsWith("-" + batch + ".npz"))
                .toList();
        boolean complete = !earlier.isEmpty()
                && earlier.get(0)
                        .uri()
                        .getPath()
                        .endsWith(String.format(Locale.ROOT, "-of-%05d-%s.npz", earlier.size(), batch));
        if (!complete) {
            for (NpzPath file : earlier) {
                storage.delete(file.uri());
            }
            moveAll(storage, staging(storage), storage.qualified(directory), names, places);
        }
        end(storage);
    }

    /** The names of the files of all tasks. */
    static List<String> names(WriterCommitMessage[] messages) {
        List<String> names = new ArrayList<>();
        for (WriterCommitMessage message : messages) {
            if (message instanceof Written written) {
                names.addAll(written.names());
            }
        }
        return names;
    }

    /** Moves the files of all tasks into place, or none of them. */
    static void moveAll(Storage storage, URI staging, URI target, WriterCommitMessage[] messages) throws IOException {
        List<String> names = names(messages);
        moveAll(storage, staging, target, names, names);
    }

    private static void moveAll(Storage storage, URI staging, URI target, List<String> names, List<String> places)
            throws IOException {
        List<URI> moved = new ArrayList<>();
        try {
            for (int i = 0; i < names.size(); i++) {
                String place = places.get(i);
                if (place.indexOf('/') >= 0) {
                    storage.makeDirectories(storage.child(target, place.substring(0, place.lastIndexOf('/'))));
                }
                URI file = storage.child(target, place);
                storage.move(storage.child(staging, Written.staged(names.get(i))), file);
                moved.add(file);
            }
        } catch (Throwable e) {
            for (URI file : moved) {
                takeBack(storage, file, e);
            }
            throw e;
        }
    }

    /** One file that stays must not keep the others, nor hide what went wrong. */
    private static void takeBack(Storage storage, URI file, Throwable reason) {
        try {
            storage.delete(file);
        } catch (IOException | RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    private static boolean hasFiles(WriterCommitMessage[] messages) {
        return Arrays.stream(messages)
                .anyMatch(message ->
                        message instanceof Written written && !written.names().isEmpty());
    }

    /** A file with the columns and no rows: a table of no rows is a table. */
    private WriterCommitMessage[] noRows(Storage storage) throws IOException {
        String name = partitions.directoryOfNulls() + "part-00000-" + queryId + "-none";
        Output output = new Output(
                staging(storage), name, new AtomicInteger(), storage.isLocal() ? null : configuration, options);
        try (BufferAllocator allocator = Memory.child("npz write");
                RowBuffer buffer = new RowBuffer(allocator, partitions.data())) {
            if (options.packBy().isEmpty()) {
                output.write(buffer.root());
            } else {
                try (Packed packed = Events.pack(buffer.root(), Packing.spec(options, partitions.data()))) {
                    output.write(packed);
                }
            }
        }
        return new WriterCommitMessage[] {output.written()};
    }

    /** The files that are there and, as far as can be told before rows are written, stay. */
    List<NpzPath> staying() throws IOException {
        List<NpzPath> files = new ArrayList<>(existing());
        Set<URI> old = Set.copyOf(replacement.of(files, partitions, new WriterCommitMessage[0]));
        files.removeIf(file -> old.contains(file.uri()));
        return files;
    }

    private List<NpzPath> existing() throws IOException {
        return Listing.archives(directory, configuration);
    }

    private void endLease() {
        Lease held = lease;
        if (held != null) {
            held.close();
        }
    }

    @Override
    public void abort(WriterCommitMessage[] messages) {
        endLease();
        try {
            Storage storage = storage();
            storage.delete(staging(storage));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /**
     * The files that a task wrote.
     *
     * @param names the names of files, with the directories of the table that they go into
     * @param bytes the bytes of the files
     */
    @DefaultSerializer(JavaSerializer.class) // Kryo itself cannot make records.
    record Written(List<String> names, long bytes) implements WriterCommitMessage, Serializable {

        /** The name of a file in the write's hidden directory, which has no directories in it. */
        static String staged(String name) {
            return name.substring(name.lastIndexOf('/') + 1);
        }

        /** The directories of the table that the files go into, as {@code key=value/key=value}. */
        Set<String> directories() {
            return names.stream()
                    .map(name -> name.substring(0, Math.max(0, name.lastIndexOf('/'))))
                    .collect(Collectors.toSet());
        }
    }
}
