package org.arrownpz.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
    @Test
    void temporaryDirectoriesLieThere(@TempDir Path directory) throws Exception {
        assertThat(directory.toRealPath()).hasParentRaw(Scratch.place().toRealPath());
    }
}
