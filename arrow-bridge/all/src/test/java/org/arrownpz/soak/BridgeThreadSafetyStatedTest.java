package org.arrownpz.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BridgeThreadSafetyStatedTest {
    static List<Path> publicTypes() throws IOException {
        List<Path> types = new ArrayList<>();
        for (String module : List.of("ipc", "parquet", "sql", "flight", "compare")) {
            types.addAll(ThreadSafety.publicTypes(Path.of("..", module)));
        }
        return types;
    }

    @ParameterizedTest
    @MethodSource
    void publicTypes(Path file) throws Exception {
        assertThat(ThreadSafety.isStated(file))
                .as("%s says in its Javadoc whether several threads may use it", file)
                .isTrue();
    }
}
