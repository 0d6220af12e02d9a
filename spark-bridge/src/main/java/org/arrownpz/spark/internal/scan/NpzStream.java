package org.arrownpz.spark.internal.scan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadMaxFiles;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.arrownpz.spark.internal.scan.NpzPartitionReader.NpzReaderFactory;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.jspecify.annotations.Nullable;

/**
 * The files of a directory as a stream: each once, those modified first first. A file is known by its name and time: one
 * that is replaced is another. Used by one thread at a time.
 */
final class NpzStream implements MicroBatchStream, SupportsTriggerAvailableNow {
    private static final Comparator<NpzPath> ORDER = Comparator.comparingLong(NpzPath::modified)
            .thenComparing(file -> file.uri().toString());

    private final Directory directory;
    private final StructType schema;
    private final StreamLog log;
    private @Nullable List<NpzPath> available;
    private @Nullable Broadcast<SerializableConfiguration> remote;

    NpzStream(Directory directory, StructType schema, String checkpoint) {
        this.directory = directory;
        this.schema = schema;
        this.log = new StreamLog(checkpoint, directory.configuration());
    }

    /** The number of a batch of files in the log. */
    private static final class Position extends Offset {
        private final long batch;

        Position(long batch) {
            this.batch = batch;
        }

        @Override
        public String json() {
            return Long.toString(batch);
        }
    }

    private static long batch(Offset offset) {
        // What Spark restores from its checkpoint has no class but its own.
        return Long.parseLong(offset.json());
    }

    @Override
    public Offset initialOffset() {
        return new Position(-1);
    }

    @Override
    public Offset deserializeOffset(String json) {
        return new Position(Long.parseLong(json.strip()));
    }

    @Override
    public ReadLimit getDefaultReadLimit() {
        int most = directory.options().maxFilesPerTrigger();
        return most == 0 ? ReadLimit.allAvailable() : ReadLimit.maxFiles(most);
    }

    @Override
    public Offset latestOffset() {
        throw new UnsupportedOperationException("Spark asks with a limit");
    }

    /** A batch that Spark did not come to note is offered again, with the same files. */
    @Override
    public @Nullable Offset latestOffset(Offset start, ReadLimit limit) {
        try {
            if (log.last() > batch(start)) {
                return new Position(log.last());
            }
            List<NpzPath> known = available;
            Stream<NpzPath> files = (known == null ? directory.files() : known)
                    .stream().filter(log::isNew).sorted(ORDER);
            List<NpzPath> next = (limit instanceof ReadMaxFiles most ? files.limit(most.maxFiles()) : files).toList();
            if (next.isEmpty()) {
                // Spark makes a batch, of nothing, where a position is its first.
                return batch(start) < 0 ? null : start;
            }
            log.add(next);
            return new Position(log.last());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public void prepareForTriggerAvailableNow() {
        try {
            available = directory.files();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public InputPartition[] planInputPartitions(Offset start, Offset end) {
        try {
            List<NpzPath> files = log.files(batch(start) + 1, batch(end));
            return Splits.of(directory.read(files, schema), new Selection(schema));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        Broadcast<SerializableConfiguration> known = remote;
        if (known == null && !directory.isLocal()) {
            known = directory.remote();
            remote = known;
        }
        return new NpzReaderFactory(schema, directory.options(), known);
    }

    @Override
    public void commit(Offset end) {
        log.forget(batch(end));
    }

    @Override
    public void stop() {
        // Nothing is open.
    }
}
