package org.arrownpz.sql.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Processes share what the first of them had to make. */
class WorkerImageTest {
    private static String maps(WorkerImage image) throws Exception {
        try (WorkerProcess process = WorkerProcess.start(image, line -> {})) {
            process.awaitReady();
            long pid =
                    ProcessHandle.current().children().findFirst().orElseThrow().pid();
            return Files.readString(Path.of("/proc", Long.toString(pid), "maps"));
        }
    }

    @Test
    void startFromOneLibraryAndAnArchiveOfClassesAlsoOfDirectories() throws Exception {
        assertThat(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)))
                .anyMatch(entry -> Files.isDirectory(Path.of(entry)));
        WorkerImage image = WorkerImage.shared();
        maps(image);
        String home = "arrow-npz-sql-" + ProcessHandle.current().pid() + "-";
        assertThat(maps(image))
                .containsPattern(home + ".*/" + WorkerMain.LIBRARY)
                .doesNotContain("libduckdb_java1");
        image.train();
        assertThat(maps(image)).containsPattern(home + ".*/classes.jsa");
    }

    @Test
    void leaveNothingOfAnArchiveWhoseMakerIsKilled() throws Exception {
        WorkerImage image = WorkerImage.shared();
        Path own = image.directory();
        Files.delete(own);
        Thread trainer = new Thread(image::train);
        trainer.start();
        while (trainer.isAlive()) {
            ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
        }
        try (Stream<Path> left = Files.list(own.getParent())) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }
}
