package org.arrownpz.spark.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.arrownpz.spark.internal.storage.LocalStorage;
import org.arrownpz.spark.internal.storage.Storage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What killed drivers leave, and what running ones hold. */
class LeaseTest {
    private static final Duration LONG_AGO = Lease.TERM.plusSeconds(30);

    @TempDir
    Path directory;

    private String host;

    @BeforeEach
    void start() throws Exception {
        host = InetAddress.getLocalHost().getHostName();
    }

    private void staging(String name, String holder, Duration age) throws Exception {
        Path staging = Files.createDirectory(directory.resolve("_temporary-" + name));
        Files.writeString(staging.resolve("part-1.npz"), "data");
        Path lease = Files.writeString(staging.resolve("_lease"), holder);
        date(lease, age);
    }

    private static void date(Path path, Duration age) throws Exception {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
    }

    private List<String> visible() throws Exception {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** A write of no rows; gives what is there when its tasks begin. */
    private List<String> write() throws Exception {
        NpzBatchWrite write = new NpzBatchWrite(
                directory.toString(),
                new PartitionSpec(new StructType().add("x", "long"), List.of()),
                "mine",
                NpzOptions.of(Map.of()),
                new Configuration(false),
                Replacement.of(Replacement.Extent.EVERYTHING),
                null);
        write.createBatchWriterFactory(() -> 1);
        List<String> during = visible();
        assertThat(directory.resolve("_temporary-mine/_lease")).content().startsWith(host + "\n");
        write.commit(new WriterCommitMessage[0]);
        return during;
    }

    private static String process(ProcessHandle process) {
        return process.pid() + "\n" + process.info().startInstant().orElseThrow();
    }

    @Test
    void removesNothingWhereItsOwnLeaseIsNotSeen() throws Exception {
        staging("killed", "another-host\n1\n\napp-1\n", LONG_AGO);
        Path own = Files.createDirectory(directory.resolve("_temporary-own"));
        Storage storage = Storage.of(directory.toString(), new Configuration(false));
        Lease.removeEnded(storage, directory.toUri(), own.toUri());
        assertThat(visible()).containsExactly("_temporary-killed", "_temporary-own");
    }

    @Test
    void removesWhatKilledDriversLeft() throws Exception {
        Process dead = new ProcessBuilder("sleep", "60").start();
        staging("killed", host + "\n" + process(dead.toHandle()) + "\napp-1\n", LONG_AGO);
        dead.destroyForcibly().waitFor();
        staging("elsewhere", "another-host\n" + process(ProcessHandle.current()) + "\napp-2\n", LONG_AGO);
        staging("reused", host + "\n" + ProcessHandle.current().pid() + "\n2001-01-01T00:00:00Z\napp-3\n", LONG_AGO);
        staging("garbled", "", LONG_AGO);
        staging("half-removed", "", Duration.ZERO);
        Files.move(directory.resolve("_temporary-half-removed"), directory.resolve("_temporary-half-removed-removed"));
        date(Files.createDirectory(directory.resolve("_temporary-empty")), LONG_AGO);
        assertThat(write()).containsExactly("_temporary-mine");
        assertThat(visible()).hasSize(2).contains("_SUCCESS").allMatch(name -> name.matches("_SUCCESS|part-.*npz"));
    }

    @Test
    void neverRemovesWhatSomebodyMayHold() throws Exception {
        Process asleep = new ProcessBuilder("sleep", "60").start();
        try {
            staging("fresh", "another-host\n1\n2001-01-01T00:00:00Z\napp-1\n", Lease.TERM.minusSeconds(60));
            staging("asleep", host + "\n" + process(asleep.toHandle()) + "\napp-2\n", LONG_AGO.multipliedBy(100));
            staging("lawless", "", LONG_AGO);
            Files.delete(directory.resolve("_temporary-lawless/_lease"));
            date(directory.resolve("_temporary-lawless"), LONG_AGO);
            Files.createDirectory(directory.resolve("_temporary-beginning"));
            Files.writeString(directory.resolve("_temporary-file"), "none of ours");
            assertThat(write())
                    .containsExactly(
                            "_temporary-asleep",
                            "_temporary-beginning",
                            "_temporary-file",
                            "_temporary-fresh",
                            "_temporary-lawless",
                            "_temporary-mine");
            assertThat(directory.resolve("_temporary-asleep/part-1.npz")).exists();
        } finally {
            asleep.destroyForcibly().waitFor();
        }
    }

    @Test
    void leasesAreRenewedUntilTheyEnd() throws Exception {
        Path staging = directory.resolve("_temporary-mine");
        LocalStorage storage = new LocalStorage();
        Lease lease = Lease.take(storage, staging.toUri(), "app");
        Path file = staging.resolve("_lease");
        date(file, LONG_AGO);
        lease.renew();
        assertThat(Files.getLastModifiedTime(file).toInstant())
                .isAfter(Instant.now().minusSeconds(60));
        lease.close();
        storage.delete(staging.toUri());
        lease.renew();
        assertThat(staging).doesNotExist();
    }
}
