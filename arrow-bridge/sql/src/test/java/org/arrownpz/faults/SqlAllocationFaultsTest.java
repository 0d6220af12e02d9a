package org.arrownpz.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.Tables;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every request to the Java allocator is refused in turn while DuckDB reads tables and gives results. */
@ExtendWith(LeakCheck.class)
class SqlAllocationFaultsTest {
    private static final int ROWS = 30;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void writesSamples() throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        org.apache.arrow.dataset.jni.JniLoader.get().ensureLoaded();
        try (BufferAllocator allocator = new RootAllocator();
                Roots table = Roots.events(allocator, ROWS);
                Frame frame = Frame.of(table.root())) {
            Frames.write(
                    frame, directory.resolve("a.npz"), WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
            Ipc.write(frame, directory.resolve("a.arrow"), IpcOptions.defaults());
            Parquet.write(frame, directory.resolve("a.parquet"), ParquetOptions.defaults());
            Sql.open(allocator).close();
        }
    }

    private static void read(Sql sql, String statement, int expected) throws Exception {
        try (ArrowReader rows = sql.query(statement)) {
            long count = 0;
            while (rows.loadNextBatch()) {
                count += rows.getVectorSchemaRoot().getRowCount();
            }
            assertThat(count).isEqualTo(expected);
        }
    }

    private static void files(int step, String file) throws Exception {
        long requests = Refusals.eachOrWithout(step, Refusals::isLimit, refusals -> {
            refusals.begin();
            try (Sql sql = Sql.open(refusals.allocator()).allow(directory)) {
                read(sql, "SELECT k, t FROM '" + directory.resolve(file) + "' WHERE k > 0", ROWS - 3);
            }
        });

        assertThat(requests).isNotNegative();
    }

    private static void frames(int step) throws Exception {
        long requests = Refusals.eachOrWithout(step, Refusals::isLimit, refusals -> {
            try (Roots table = Roots.events(refusals.allocator(), ROWS);
                    Frame frame = Frame.of(table.root())) {
                refusals.begin();
                try (Sql sql = Sql.open(refusals.allocator()).with("t", frame)) {
                    read(sql, "SELECT k, count(v) FROM t GROUP BY k", ROWS / 3);
                    assertThat(sql.schema("SELECT sum(v) FROM t").getFields()).hasSize(1);
                }
            }
        });

        assertThat(requests).isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.npz", "a.arrow", "a.parquet"})
    void queryingFilesFailsAsLimit(String file) throws Exception {
        files(13, file);
    }

    @Test
    void queryingFramesFailsAsLimit() throws Exception {
        frames(13);
    }

    @Test
    void readingTextFailsAsLimit() throws Exception {
        Path csv = Files.writeString(directory.resolve("a.csv"), "a,b\n1,x\n2,y\n");
        long requests = Refusals.each(Refusals::isLimit, refusals -> {
            refusals.begin();
            Tables.read(refusals.allocator(), csv).close();
        });
        assertThat(requests).isPositive();
    }

    @Test
    void aRefusedStreamIsALimit() {
        Refusals.ofArrowsOwn(1, Refusals::isLimit, refusals -> {
            refusals.begin();
            try (Sql sql = Sql.open(refusals.allocator()).allow(directory)) {
                read(sql, "SELECT k, t FROM '" + directory.resolve("a.arrow") + "'", ROWS);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.npz", "a.arrow", "a.parquet"})
    @Tag("soak")
    void queryingFilesFailsAsLimitAtEveryRequest(String file) throws Exception {
        files(1, file);
    }

    @Test
    @Tag("soak")
    void queryingFramesFailsAsLimitAtEveryRequest() throws Exception {
        frames(1);
    }
}
