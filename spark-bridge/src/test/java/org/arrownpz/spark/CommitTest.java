package org.arrownpz.spark;

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
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.NpzBatchWrite.Written;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job's end does with files. */
class CommitTest {
    @TempDir
    Path directory;

    private NpzBatchWrite write() {
        StructType schema = new StructType().add("x", "long");
        return new NpzBatchWrite(
                directory.toString(),
                PartitionSpec.of(schema, new Transform[0], List.of()),
                "query",
                NpzOptions.of(Map.of()),
                new Configuration(false),
                true);
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
        WriterCommitMessage[] messages = {new Written(List.of("1.npz", "gone.npz"))};
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
        WriterCommitMessage[] messages = {new Written(List.of("1.npz", "2.npz", "3.npz"))};
        assertThatThrownBy(() -> NpzBatchWrite.moveAll(storage, URI.create("s:/from"), URI.create("s:/to"), messages))
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
        Path staging = Files.createDirectories(directory.resolve("_temporary-query/day=1"));
        Files.writeString(staging.resolve("1.npz"), "new");
        // A link to nowhere, such as editors leave, is no file and no reason to fail.
        Files.createSymbolicLink(staging.resolve("link"), Path.of("nowhere"));
        Files.createSymbolicLink(directory.resolve(".#link"), Path.of("nowhere"));
        write().commit(new WriterCommitMessage[] {new Written(List.of("day=1/1.npz"))});
        assertThat(visible()).containsExactly(".#link", "_SUCCESS", "day=1");
        assertThat(directory.resolve("day=1/1.npz")).hasContent("new");
    }
}
