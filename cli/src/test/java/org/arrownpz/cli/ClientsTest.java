package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.arrownpz.testing.Clients;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clients judge what our conversions make of their files, see {@code clients/README.md}. */
class ClientsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void areThere() {
        assumeTrue(Clients.exist(), Clients.MISSING);
    }

    @Test
    void getBackWhatTheyWrote() throws Exception {
        Clients.Answer answer = Clients.run(directory, "suite.py", "--files", "300", "--work", directory + "/files");

        assertThat(answer.code()).as(answer.output()).isZero();
    }

    @Test
    void seeWhatTheyOnceMissed() throws Exception {
        Clients.Answer answer = Clients.run(directory, "minimal.py");

        assertThat(answer.code()).as(answer.output()).isZero();
    }

    @Test
    void getTheLayoutsOfOtherLibrariesBack() throws Exception {
        Clients.Answer answer = Clients.run(directory, "libraries.py");

        assertThat(answer.code()).as(answer.output()).isZero();
    }

    @Test
    void readAServerByHttp() throws Exception {
        Clients.Answer answer = Clients.run(directory, "web.py");

        assertThat(answer.code()).as(answer.output()).isZero();
    }
}
