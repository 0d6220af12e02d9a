package org.arrownpz.spark.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.hadoop.conf.Configuration;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npz;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.spark.CountedFileSystem;
import org.arrownpz.spark.internal.SparkCheck;
import org.arrownpz.spark.internal.read.NpzSource.FileColumns;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A slice of a file reads the directory of its archive once, for planning its columns and for reading them. */
class NpzSourceTest {
    @TempDir
    Path directory;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void everythingIsGivenBack() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"STRUCTURE", "CRC"})
    void arraysReadTheDirectoryOnce(Verify verify) throws Exception {
        assertThat(directoryReads("numbers.npz", List.of("n"), verify)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"STRUCTURE", "CRC"})
    void columnsOfArrowBuffersReadTheDirectoryOnce(Verify verify) throws Exception {
        assertThat(directoryReads("lists.npz", List.of("n", "lists"), verify)).isEqualTo(1);
    }

    private int directoryReads(String name, List<String> columns, Verify verify) throws Exception {
        Path file = directory.resolve(name);
        write(file, columns.contains("lists"));
        if (SparkCheck.lacksHadoop()) {
            return 1;
        }
        Configuration hadoop = new Configuration();
        hadoop.set("fs.counted.impl", CountedFileSystem.class.getName());
        hadoop.setBoolean("fs.counted.impl.disable.cache", true);
        NpzPath path = new NpzPath(URI.create("counted://" + file), Files.size(file), 0, Map.of());
        CountedFileSystem.ENDS.set(0);
        try (NpzSource source = NpzSource.open(
                        allocator, path, hadoop, ReadOptions.defaults().withVerify(verify));
                FileColumns read = source.columns(columns, false)) {
            assertThat(read.read(0, 3)[0].getLong(2)).isEqualTo(2);
        }
        return CountedFileSystem.ENDS.get();
    }

    private void write(Path file, boolean withLists) throws Exception {
        if (!withLists) {
            // A directory that is longer than what one request fetches.
            Map<String, Object> arrays = new LinkedHashMap<>();
            for (int i = 0; i < 2000; i++) {
                arrays.put(i == 0 ? "n" : "x".repeat(200) + i, new long[] {0, 1, 2});
            }
            Npz.save(file, arrays);
            return;
        }
        try (BigIntVector numbers = new BigIntVector("n", allocator);
                ListVector lists = ListVector.empty("lists", allocator)) {
            UnionListWriter writer = lists.getWriter();
            for (int row = 0; row < 3; row++) {
                numbers.setSafe(row, row);
                writer.setPosition(row);
                writer.startList();
                writer.bigInt().writeBigInt(row);
                writer.endList();
            }
            numbers.setValueCount(3);
            lists.setValueCount(3);
            VectorSchemaRoot root = new VectorSchemaRoot(List.of(numbers, lists));
            root.setRowCount(3);
            try (Frame frame = Frame.of(root)) {
                Frames.write(frame, file, WriteOptions.defaults());
            }
        }
    }
}
