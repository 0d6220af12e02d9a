package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.safety.Forks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classes of this library that a program loads before it has its first column: each of them costs its start. */
class LoadedClassesTest {
    private static final Path SAMPLE = Path.of("..", "samples", "prices.npz");
    private static final Pattern LOADED = Pattern.compile(" (org\\.arrownpz\\.[\\w.$]+) source: ");

    /** As many as there are; a change that needs fewer lowers it. */
    private static final int MOST = 168;

    @TempDir
    private Path scratch;

    /** Opens a frame and reads a column. */
    static final class OpenColumn {
        private OpenColumn() {}

        public static void main(String[] arguments) throws Exception {
            try (BufferAllocator allocator = new RootAllocator();
                    Frame frame = Frames.open(allocator, Path.of(arguments[0]))) {
                System.out.println("values: " + frame.column(1).getValueCount());
            }
        }
    }

    @Test
    void openingAFrameAndAColumnLoadsFewClasses() throws Exception {
        Forks.Outcome outcome = Forks.run(
                scratch,
                OpenColumn.class,
                List.of("-Xlog:class+load"),
                SAMPLE.toAbsolutePath().toString());
        Set<String> loaded = LOADED.matcher(String.join("\n", outcome.lines()))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());

        assertThat(outcome.lines()).anyMatch(line -> line.startsWith("values: "));
        assertThat(loaded).hasSizeGreaterThan(MOST / 2).hasSizeLessThanOrEqualTo(MOST);
    }
}
