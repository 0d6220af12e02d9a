package org.arrownpz.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.junit.jupiter.api.Test;

class FaultsTest {
    @Test
    void knowsRefusedMemoryBehindOtherExceptions() {
        OutOfMemoryException refused = new OutOfMemoryException("no");

        assertThat(Faults.isOutOfMemory(refused)).isTrue();
        assertThat(Faults.isOutOfMemory(new IllegalArgumentException("Could not load buffers", refused)))
                .isTrue();
        assertThat(Faults.isOutOfMemory(new RuntimeException(new IOException(refused))))
                .isTrue();
    }

    @Test
    void knowsRefusedMemoryThatPassedThroughNativeCodeAsText() {
        assertThat(Faults.isOutOfMemory(new RuntimeException("Invalid Input Error: "
                        + OutOfMemoryException.class.getName() + ": Unable to allocate buffer\n\tat ...")))
                .isTrue();
    }

    @Test
    void takesNothingElseForRefusedMemory() {
        assertThat(Faults.isOutOfMemory(null)).isFalse();
        assertThat(Faults.isOutOfMemory(new IllegalStateException())).isFalse();
        RuntimeException one = new RuntimeException("one");
        RuntimeException two = new RuntimeException("two", one);
        one.initCause(two);
        assertThat(Faults.isOutOfMemory(one)).isFalse();
    }

    @Test
    void namesWhatTheOperatingSystemSaid() {
        Location location = Location.ofFile("a.parquet");

        NpzException missing = Faults.translate(location, "the file cannot be read", new NoSuchFileException("/x"));
        assertThat(missing.code()).isEqualTo(ErrorCode.IO);
        assertThat(missing).hasMessageContaining("a.parquet").hasMessageContaining("there is none");
        assertThat(Faults.translate(location, "the file cannot be read", new AccessDeniedException("/x")))
                .hasMessageContaining("access denied");
        assertThat(Faults.translate(location, "the file cannot be read", new IOException("disk on fire")))
                .hasMessageContaining("disk on fire");
        assertThat(Faults.translate(location, "the file cannot be read", new IOException()))
                .hasMessageContaining("IOException");
    }

    @Test
    void namesBothReasonsForWhichAFileSystemTakesNoFile() {
        FileSystemException readOnly = new FileSystemException("/x", null, "Read-only file system");

        assertThat(Faults.writing(Location.ofFile("a.npz"), readOnly))
                .hasMessageContaining("(Read-only file system)")
                .hasMessageContaining("has free space and is not mounted read-only");
    }
}
