package org.arrownpz.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whose memory Arrow takes: the class path of these tests with some jars in place of others. */
enum Jars {
    NETTY("Netty 4.1.119", List.of(), ""),
    NEW_NETTY("Netty 4.1.139", List.of("netty-"), "netty41"),
    NETTY_42("Netty 4.2.20", List.of("netty-"), "netty42"),
    UNSAFE("`memory-unsafe`", List.of("netty-", "arrow-memory-netty"), "unsafe"),
    ARROW_19("Arrow 19, Netty 4.2.9", Others.ARROW, "arrow19", "arrow19-netty"),
    ARROW_19_UNSAFE("Arrow 19, `memory-unsafe`", Others.ARROW, "arrow19", "arrow19-unsafe"),
    NONE("no allocator", List.of("netty-", "arrow-memory-netty"), ""),
    BOTH("both allocators", List.of(), "unsafe");

    /** Jars that change with Arrow's version. */
    private static final class Others {
        static final List<String> ARROW =
                List.of("netty-", "arrow-memory-", "arrow-vector-", "arrow-format-", "jackson-");
    }

    /** Of the document's table. */
    static final List<Jars> COLUMNS = List.of(NETTY, NEW_NETTY, NETTY_42, UNSAFE, ARROW_19, ARROW_19_UNSAFE);

    final String title;
    private final List<String> without;
    private final List<String> directories;

    Jars(String title, List<String> without, String... directories) {
        this.title = title;
        this.without = without;
        this.directories = List.of(directories);
    }

    /** The pom copies the jars that are not of the build. */
    String classPath() throws IOException {
        List<String> path = new ArrayList<>();
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : own.split(File.pathSeparator)) {
            String name = Path.of(entry).getFileName().toString();
            if (without.stream().noneMatch(name::startsWith) || !name.endsWith(".jar")) {
                path.add(entry);
            }
        }
        for (String directory : directories) {
            if (!directory.isEmpty()) {
                try (Stream<Path> jars = Files.list(Path.of("target", "jvm-jars", directory))) {
                    jars.sorted().map(Path::toString).forEach(path::add);
                }
            }
        }
        return String.join(File.pathSeparator, path);
    }
}
