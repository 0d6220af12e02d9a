package org.arrownpz.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryAccessTest {
    /** Run in a JVM of its own. */
    static final class Probe {
        public static void main(String[] arguments) {
            try {
                MemoryAccess.check();
                System.out.print("fine");
            } catch (IllegalStateException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @Test
    void namesTheMissingFlagInOneSentence() throws Exception {
        assertThat(probe())
                .isEqualTo("Arrow cannot reach off-heap memory on this JVM: start java with "
                        + "--add-opens=java.base/java.nio=ALL-UNNAMED");
    }

    @Test
    void isContentWithTheFlag() throws Exception {
        assertThat(probe(MemoryAccess.REQUIRED_FLAG)).isEqualTo("fine");
    }

    private static String probe(String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
