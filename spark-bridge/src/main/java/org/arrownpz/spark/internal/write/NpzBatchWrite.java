package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Collects the files of all tasks in a hidden directory and moves them into place when all are there, or lets the committer
 * that Hadoop's configuration names for the store put them there. Overwriting puts the new files in place first and then
 * removes the old ones: a crash between leaves both, never neither.
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
    private @Nullable HadoopCommit job;

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
        return factory(batch == null);
    }

    /**
     * Begins the write.
     *
     * @param committed whether Hadoop's committer may put files in place; those of a stream get the names of their batch then
     */
    NpzWriterFactory factory(boolean committed) {
        try {
            Storage storage = storage();
            Broadcast<SerializableConfiguration> remote = storage.isLocal()
                    ? null
                    : JavaSparkContext.fromSparkContext(SparkSession.active().sparkContext())
                            .broadcast(new SerializableConfiguration(configuration));
            URI target = storage.qualified(directory);
            HadoopCommit named =
                    committed && remote != null ? HadoopCommit.of(target, queryId, 0, 0, configuration) : null;
            job = named;
            if (named != null) {
                named.setupJob();
                return new NpzWriterFactory(target, true, queryId, partitions, options, remote);
            }
            URI staging = staging(storage);
            Option<SparkSession> session = SparkSession.getActiveSession();
            String application =
                    session.isEmpty() ? "" : session.get().sparkContext().applicationId();
            lease = Lease.take(storage, staging, application);
            Lease.removeEnded(storage, target, staging);
            return new NpzWriterFactory(staging, false, queryId, partitions, options, remote);
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
            Written written = Written.of(messages);
            boolean empty = written.names().isEmpty();
            Storage storage = storage();
            URI target = storage.qualified(directory);
            // Found before anything is moved.
            boolean alone = replacement.isNothing() && !empty;
            List<NpzPath> existing = alone ? List.of() : existing();
            List<URI> old = replacement.of(existing, partitions, written);
            if (empty && old.size() == existing.size()) {
                written = noRows(storage, messages.length);
            }
            HadoopCommit named = job;
            if (named == null) {
                written.move(storage, staging(storage), target, written.names());
            } else {
                named.commitJob();
            }
            for (URI file : old) {
                storage.delete(file);
            }
            if (named != null) {
                return;
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
        Written written = Written.of(messages);
        List<String> names = written.names();
        List<String> places = new ArrayList<>();
        for (String name : names) {
            places.add(Written.directory(name)
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
            written.move(storage, staging(storage), storage.qualified(directory), places);
        }
        end(storage);
    }

    /** A file with the columns and no rows: a table of no rows is a table. */
    private Written noRows(Storage storage, int task) throws IOException {
        HadoopCommit attempt =
                job == null ? null : HadoopCommit.of(storage.qualified(directory), queryId, task, 0, configuration);
        URI place = attempt == null ? staging(storage) : attempt.setupTask();
        String name = partitions.directoryOfNulls() + "part-00000-" + queryId + "-none";
        Output output = new Output(
                place, attempt != null, name, new AtomicInteger(), storage.isLocal() ? null : configuration, options);
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
        if (attempt != null) {
            attempt.commitTask();
        }
        return output.written();
    }

    /** The files that are there and, as far as can be told before rows are written, stay. */
    List<NpzPath> staying() throws IOException {
        List<NpzPath> files = new ArrayList<>(existing());
        Set<URI> old = Set.copyOf(replacement.of(files, partitions, Written.of()));
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
            if (job != null) {
                job.abortJob();
                return;
            }
            Storage storage = storage();
            storage.delete(staging(storage));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
