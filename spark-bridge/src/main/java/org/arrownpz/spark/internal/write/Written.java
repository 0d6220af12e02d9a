package org.arrownpz.spark.internal.write;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.arrownpz.spark.internal.storage.Storage;

/**
 * The files that a task wrote.
 *
 * @param names the names of files, with the directories of the table that they go into
 * @param bytes the bytes of the files
 */
@DefaultSerializer(JavaSerializer.class) // Kryo itself cannot make records.
record Written(List<String> names, long bytes) implements WriterCommitMessage, Serializable {

    /** The directories of the table that a file goes into: {@code key=value/key=value/}, or nothing. */
    static String directory(String name) {
        return name.substring(0, name.lastIndexOf('/') + 1);
    }

    /** The name of a file in the write's hidden directory, which has no directories in it. */
    static String staged(String name) {
        return name.substring(directory(name).length());
    }

    /** The directories of the table that the files go into. */
    Set<String> directories() {
        return names.stream().map(Written::directory).collect(Collectors.toSet());
    }

    /** The files of all tasks. */
    static Written of(WriterCommitMessage... messages) {
        List<String> names = new ArrayList<>();
        long bytes = 0;
        for (WriterCommitMessage message : messages) {
            if (message instanceof Written written) {
                names.addAll(written.names);
                bytes += written.bytes;
            }
        }
        return new Written(List.copyOf(names), bytes);
    }

    /**
     * Moves all files into place, or none of them.
     *
     * @param places the names that they get, with directories
     */
    void move(Storage storage, URI staging, URI target, List<String> places) throws IOException {
        List<URI> moved = new ArrayList<>();
        try {
            for (int i = 0; i < names.size(); i++) {
                String directories = directory(places.get(i));
                if (!directories.isEmpty()) {
                    storage.makeDirectories(storage.child(target, directories));
                }
                URI file = storage.child(target, places.get(i));
                storage.move(storage.child(staging, staged(names.get(i))), file);
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
}
