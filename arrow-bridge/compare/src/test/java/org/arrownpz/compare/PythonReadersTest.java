package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PythonReadersTest {
    @TempDir
    Path directory;

    private List<String> missing(String script, Duration limit) throws Exception {
        Path python = Files.writeString(directory.resolve("python"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));
        List<String> missing = new ArrayList<>();
        assertThat(PythonReaders.start(python.toString(), limit, missing)).isNull();
        return missing;
    }

    @Test
    @Timeout(60)
    void endsAPythonThatGivesNoAnswer() throws Exception {
        assertThat(missing("exec sleep 600", Duration.ofMillis(200)))
                .singleElement()
                .asString()
                .contains("no answer");
    }

    @Test
    void saysThatAPythonEnded() throws Exception {
        assertThat(missing("exit 1", Duration.ofMinutes(5)))
                .singleElement()
                .asString()
                .contains("Python ended");
    }
}
