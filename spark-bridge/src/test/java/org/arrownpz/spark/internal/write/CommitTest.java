package org.arrownpz.spark.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.arrownpz.spark.internal.storage.LocalStorage;
import org.arrownpz.spark.internal.storage.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job's end does with files. */
class CommitTest {
    @TempDir
    Path directory;

    private NpzBatchWrite write(Transform... partitions) {
        StructType schema = new StructType().add("x", "long").add("day", "long");
        return new NpzBatchWrite(
                directory.toString(),
                PartitionSpec.of(schema, partitions, List.of()),
                "query",
                NpzOptions.of(Map.of()),
                new Configuration(false),
                Replacement.of(Replacement.Extent.EVERYTHING),
                null);
    }

    private List<String> visible() throws Exception {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void commitThatCannotMoveAllFilesMovesNone() throws Exception {
        Files.writeString(directory.resolve("old.npz"), "old");
        Path staging = Files.createDirectory(directory.resolve("_temporary-query"));
        Files.writeString(staging.resolve("1.npz"), "new");
        WriterCommitMessage[] messages = {new Written(List.of("1.npz", "gone.npz"), 0)};
        NpzBatchWrite write = write();
        assertThatThrownBy(() -> write.commit(messages))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("gone.npz");
        write.abort(messages);
        assertThat(visible()).containsExactly("old.npz");
    }

    /** A storage that moves all files but one, and deletes all but another. */
    private static Storage stubborn(String unmovable, String undeletable, List<String> deleted) {
        return (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, arguments) -> {
                    String uri = arguments[0].toString();
                    switch (method.getName()) {
                        case "child":
                            return URI.create(uri + "/" + arguments[1]);
                        case "move":
                            if (uri.endsWith(unmovable)) {
                                throw new IOException("no move of " + uri);
                            }
                            return null;
                        case "delete":
                            if (uri.endsWith(undeletable)) {
                                throw new IOException("no deletion of " + uri);
                            }
                            deleted.add(uri);
                            return null;
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    @Test
    void aFileThatCannotBeTakenBackNeitherKeepsOthersNorHidesTheReason() {
        List<String> deleted = new ArrayList<>();
        Storage storage = stubborn("3.npz", "1.npz", deleted);
        Written written = new Written(List.of("1.npz", "2.npz", "3.npz"), 0);
        assertThatThrownBy(() -> written.move(storage, URI.create("s:/from"), URI.create("s:/to"), written.names()))
                .isInstanceOf(IOException.class)
                .hasMessage("no move of s:/from/3.npz")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getMessage)
                        .isEqualTo("no deletion of s:/to/1.npz"));
        assertThat(deleted).containsExactly("s:/to/2.npz");
    }

    @Test
    void overwritingReplacesWhatWasThere() throws Exception {
        Files.writeString(directory.resolve("old.npz"), "old");
        Path staging = Files.createDirectory(directory.resolve("_temporary-query"));
        Files.writeString(staging.resolve("1.npz"), "new");
        // A link to nowhere, such as editors leave, is no file and no reason to fail.
        Files.createSymbolicLink(staging.resolve("link"), Path.of("nowhere"));
        Files.createSymbolicLink(directory.resolve(".#link"), Path.of("nowhere"));
        write().commit(new WriterCommitMessage[] {new Written(List.of("day=1/1.npz"), 0)});
        assertThat(visible()).containsExactly(".#link", "_SUCCESS", "day=1");
        assertThat(directory.resolve("day=1/1.npz")).hasContent("new");
    }

    /** Spark ends a failed job without waiting for the tasks that still run. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTaskThatOutlivesItsJobLeavesNothing(boolean partitioned) throws Exception {
        NpzBatchWrite write = write(partitioned ? new Transform[] {Expressions.identity("day")} : new Transform[0]);
        DataWriterFactory factory = write.createBatchWriterFactory(() -> 1);
        try (DataWriter<InternalRow> late = factory.createWriter(0, 0)) {
            late.write(new GenericInternalRow(new Object[] {1L, 2L}));
            write.abort(new WriterCommitMessage[1]);
            assertThatThrownBy(late::commit)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("_temporary-query")
                    .hasMessageContaining("job");
        }
        assertThat(visible()).isEmpty();
    }

    @Test
    void aDirectoryIsRemovedWhileTasksStillWriteToIt() throws Exception {
        LocalStorage storage = new LocalStorage();
        for (int turn = 0; turn < 50; turn++) {
            Path staging = Files.createDirectory(directory.resolve("_temporary-query"));
            CountDownLatch writing = new CountDownLatch(1);
            Thread task = new Thread(() -> {
                try {
                    for (int i = 0; ; i++) {
                        Files.createFile(staging.resolve(i + ".npz"));
                        writing.countDown();
                    }
                } catch (IOException e) {
                    // The directory is gone.
                }
            });
            task.start();
            writing.await();
            storage.delete(staging.toUri());
            task.join();
            assertThat(visible()).isEmpty();
        }
    }
}
