package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Other readers leave out what limits, page index and Bloom filters tell them. Ids count up, keys are even, without order. */
@ExtendWith(LeakCheck.class)
class ParquetSkippingTest extends ParquetFiles {
    private static final int SEED = 20261123;
    private static final int GROUP = 50_000;

    /** The Linux kernel's count of the bytes that a thread has read. */
    private static final Path READ = Path.of("/proc/thread-self/io");

    @Test
    void duckDbReadsOnlyRowGroupsThatLimitsOrFiltersLeave(BufferAllocator allocator) throws Exception {
        Assumptions.assumeTrue(Files.exists(READ), "no counts of bytes");
        Path plain = directory.resolve("plain.parquet");
        Path filtered = directory.resolve("filtered.parquet");
        try (VectorSchemaRoot root = table(allocator, 6 * GROUP)) {
            ParquetOptions options = OPTIONS.withRowGroupRows(GROUP);
            Parquet.write(root, plain, options);
            Parquet.write(root, filtered, options.withBloomFilters("key"));
        }
        long keys = (long) GROUP * Long.BYTES;
        // Within the limits of all row groups, and in none.
        assertThat(duckBytes(plain, "key = 1", 0)).isGreaterThan(6 * keys);
        assertThat(duckBytes(filtered, "key = 1", 0)).isLessThan(2 * keys);
        // The last row of a row group in the middle; DuckDB 1.5 does not read the page index.
        assertThat(duckBytes(plain, "id = " + (4 * GROUP - 1), 1)).isBetween(keys, 2 * keys);
    }

    /** Bytes that DuckDB reads to add up the keys of the rows that a condition holds for, which are so many. */
    private static long duckBytes(Path file, String condition, long rows) throws Exception {
        Properties one = new Properties();
        // In the calling thread.
        one.setProperty("threads", "1");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:", one);
                Statement statement = connection.createStatement()) {
            long before = read();
            String query = "SELECT count(key) FROM '%s' WHERE %s".formatted(file, condition);
            try (ResultSet result = statement.executeQuery(query)) {
                result.next();
                assertThat(result.getLong(1)).isEqualTo(rows);
            }
            return read() - before;
        }
    }

    private static long read() throws IOException {
        String line = Files.readAllLines(READ).get(0);
        assertThat(line).startsWith("rchar: ");
        return Long.parseLong(line.substring("rchar: ".length()));
    }

    @Test
    void parquetJavaReadsFewRowsByPageIndexAndFilter(BufferAllocator allocator) throws Exception {
        String peers = System.getenv("ARROW_NPZ_PEERS");
        Assumptions.assumeTrue(peers != null && !peers.isEmpty(), "no peers");
        int rows = 1_000_000;
        Path file = directory.resolve("a.parquet");
        try (VectorSchemaRoot root = table(allocator, rows)) {
            Parquet.write(root, file, OPTIONS.withRowGroupRows(rows / 2).withBloomFilters("key"));
        }
        Python.check(directory, peers, "used", file);
    }

    private static VectorSchemaRoot table(BufferAllocator allocator, int rows) {
        BigIntVector id = new BigIntVector("id", allocator);
        BigIntVector key = new BigIntVector("key", allocator);
        ListVector items = ListVector.empty("items", allocator);
        BigIntVector elements = (BigIntVector) items.addOrGetVector(FieldType.nullable(new ArrowType.Int(64, true)))
                .getVector();
        Random random = new Random(SEED);
        for (int row = 0; row < rows; row++) {
            id.setSafe(row, row);
            key.setSafe(row, random.nextLong() & -2);
            int first = items.startNewValue(row);
            int length = row % 4 + 3;
            for (int i = 0; i < length; i++) {
                elements.setSafe(first + i, row);
            }
            items.endValue(row, length);
        }
        items.setValueCount(rows);
        id.setValueCount(rows);
        key.setValueCount(rows);
        return VectorSchemaRoot.of(id, key, items);
    }
}
