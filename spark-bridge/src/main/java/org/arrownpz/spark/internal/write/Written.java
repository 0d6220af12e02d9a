package org.arrownpz.spark.internal.write;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

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
