package org.arrownpz.spark.internal.scan;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;
import org.arrownpz.spark.internal.storage.NpzPath;

/**
 * The part that one task reads.
 *
 * @param slices files and parts of files, one after the other
 */
@DefaultSerializer(JavaSerializer.class) // Kryo itself cannot make records.
record NpzPartition(List<Slice> slices) implements InputPartition {
    /**
     * Rows of a file.
     *
     * @param path the file
     * @param columns those of the wanted columns that the file has
     * @param from the first row
     * @param to the row after the last
     */
    record Slice(NpzPath path, List<String> columns, long from, long to) implements Serializable {}
}
