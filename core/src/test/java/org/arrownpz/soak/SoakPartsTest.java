package org.arrownpz.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code .ci/soak} runs every long test, in the part of its module. */
class SoakPartsTest {
    private static final Path ROOT = Path.of("..");
    private static final String TAG = "@Tag(\"soak" + "\")";

    @Test
    void everyLongTestIsInOnePart() throws IOException {
        assertThat(listed()).containsExactlyInAnyOrderElementsOf(tagged());
    }

    /** As {@code module/ClassName}. */
    private static List<String> listed() throws IOException {
        List<String> classes = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve(".ci/soak"))) {
            String[] fields = line.split("\\|");
            if (fields.length == 5 && fields[1].matches("\\d+") && !fields[3].isEmpty()) {
                for (String name : fields[3].split(",")) {
                    classes.add(fields[2] + "/" + name);
                }
            }
        }
        return classes;
    }

    private static List<String> tagged() throws IOException {
        List<String> classes = new ArrayList<>();
        for (String modules : List.of(".", "arrow-bridge")) {
            try (Stream<Path> folders = Files.list(ROOT.resolve(modules))) {
                for (Path folder : (Iterable<Path>) folders.sorted()::iterator) {
                    Path sources = folder.resolve("src/test/java");
                    if (Files.isDirectory(sources)) {
                        collect(ROOT.relativize(folder.normalize()).toString().replace('\\', '/'), sources, classes);
                    }
                }
            }
        }
        return classes;
    }

    private static void collect(String module, Path sources, List<String> classes) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    (Iterable<Path>) files.filter(path -> path.toString().endsWith(".java"))::iterator) {
                if (Files.readString(file).contains(TAG)) {
                    String name = file.getFileName().toString();
                    classes.add(module + "/" + name.substring(0, name.length() - ".java".length()));
                }
            }
        }
    }
}
