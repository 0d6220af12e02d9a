package org.arrownpz.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the sources of a module say of the public types' use by several threads. */
public final class ThreadSafety {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern PUBLIC = Pattern.compile(
            "^public (?:(?:final|sealed|non-sealed|abstract) )*(?:class|interface|record|enum|@interface) (\\w+)",
            Pattern.MULTILINE);
    private static final Pattern STATEMENT = Pattern.compile("\\b(threads?|immutable)\\b", Pattern.CASE_INSENSITIVE);

    private ThreadSafety() {}

    /** The public top-level types of the module in the working directory, those of internal packages left out. */
    public static List<Path> publicTypes() throws IOException {
        return publicTypes(Path.of(""));
    }

    /** The public top-level types of a module's folder, those of internal packages left out. */
    public static List<Path> publicTypes(Path module) throws IOException {
        Path sources = module.resolve(SOURCES);
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> types = new ArrayList<>();
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String text = file.toString();
                if (text.endsWith(".java")
                        && !sources.relativize(file).toString().contains("internal")
                        && PUBLIC.matcher(Files.readString(file)).find()) {
                    types.add(file);
                }
            }
            return types;
        }
    }

    /** Whether the Javadoc of a public type says who may use it when. */
    public static boolean isStated(Path file) throws IOException {
        String source = Files.readString(file);
        Matcher type = PUBLIC.matcher(source);
        if (!type.find()) {
            return false;
        }
        String head = source.substring(0, type.start());
        int comment = head.lastIndexOf("/**");
        return comment >= 0 && STATEMENT.matcher(head.substring(comment)).find();
    }
}
