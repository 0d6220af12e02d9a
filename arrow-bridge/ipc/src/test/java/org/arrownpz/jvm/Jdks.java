package org.arrownpz.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JDKs of this machine, where systems put them. */
final class Jdks {
    private static final Pattern VERSION = Pattern.compile("^JAVA_VERSION=\"?(\\d+)", Pattern.MULTILINE);

    private Jdks() {}

    /** Homes by major version; the one that runs comes first among its like. */
    static Map<Integer, Path> found() throws IOException {
        List<Path> homes = new ArrayList<>();
        homes.add(Path.of(System.getProperty("java.home")));
        String home = System.getenv("JAVA_HOME");
        if (home != null) {
            homes.add(Path.of(home));
        }
        homes.addAll(children(Path.of("/usr/lib/jvm")));
        for (Path bundle : children(Path.of("/Library/Java/JavaVirtualMachines"))) {
            homes.add(bundle.resolve("Contents/Home"));
        }
        Map<Integer, Path> found = new TreeMap<>();
        for (Path candidate : homes) {
            Path release = candidate.resolve("release");
            if (Files.isRegularFile(release) && Files.isExecutable(candidate.resolve("bin/java"))) {
                Matcher version = VERSION.matcher(Files.readString(release));
                if (version.find()) {
                    found.putIfAbsent(Integer.valueOf(version.group(1)), candidate);
                }
            }
        }
        return found;
    }

    private static List<Path> children(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }
}
