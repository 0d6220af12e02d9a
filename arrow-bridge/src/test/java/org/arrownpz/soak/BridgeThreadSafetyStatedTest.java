package org.arrownpz.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BridgeThreadSafetyStatedTest {
    static java.util.List<Path> publicTypes() throws java.io.IOException {
        return ThreadSafety.publicTypes();
    }

    @ParameterizedTest
    @MethodSource
    void publicTypes(Path file) throws Exception {
        assertThat(ThreadSafety.isStated(file))
                .as("%s says in its Javadoc whether several threads may use it", file)
                .isTrue();
    }
}
