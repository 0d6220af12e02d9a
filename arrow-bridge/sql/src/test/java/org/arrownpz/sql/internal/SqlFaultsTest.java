package org.arrownpz.sql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is said where DuckDB itself cannot be had. */
class SqlFaultsTest {
    @Test
    @DisplayName("B13: a full temporary directory")
    void saysWhyTheLibraryCannotBeUnpacked() {
        IOException full = new IOException("No space left on device");
        assertThat(SqlFaults.notStarted(new ExceptionInInitializerError(new IllegalStateException(full))))
                .hasMessageStartingWith("DuckDB cannot be started: No space left on device; its library is unpacked")
                .hasMessageContaining(System.getProperty("java.io.tmpdir"));
        assertThat(SqlFaults.notStarted(new UnsatisfiedLinkError("no such library")))
                .hasMessage("DuckDB cannot be started: no such library");
    }
}
