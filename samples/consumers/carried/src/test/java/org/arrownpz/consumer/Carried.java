package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/** What an artifact brings: all of the class path that is not of tests, and README's word on it. */
public final class Carried {
    private static final String OF_TESTS =
            "(junit|opentest4j|apiguardian|surefire|slf4j-nop|test-classes|.*-tests\\.jar).*";
    private static final Path README = Path.of("..", "..", "..", "README.md");

    private Carried() {}

    private static List<File> elements() {
        List<File> elements = new ArrayList<>();
        Path own = Path.of("target").toAbsolutePath();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            File file = new File(element);
            if (file.exists()
                    && !file.getName().matches(OF_TESTS)
                    && !file.toPath().startsWith(own)) {
                elements.add(file);
            }
        }
        return elements;
    }

    /** The names of its jars; modules of this build have none before they are packaged. */
    public static List<String> names() {
        return elements().stream().map(File::getName).toList();
    }

    /** Bytes of its jars. */
    public static long bytes() {
        return elements().stream()
                .mapToLong(file -> file.isFile() ? file.length() : packed(file.toPath()))
                .sum();
    }

    /** About what a directory would have as a jar. */
    private static long packed(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(Carried::deflated)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long deflated(Path file) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(Files.readAllBytes(file));
            deflater.finish();
            byte[] out = new byte[1 << 16];
            while (!deflater.finished()) {
                deflater.deflate(out);
            }
            return deflater.getBytesWritten();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
    }

    /** Compares README's MB of an artifact, rounded up, or writes them with {@code -Darrownpz.regenerate=true}. */
    public static void requireReadme(String artifact) throws IOException {
        String readme = Files.readString(README);
        Matcher row = Pattern.compile("(?m)^(\\| `" + artifact + "` \\|.*\\| )(\\d+)( \\|)$")
                .matcher(readme);
        assertTrue(row.find(), "README.md has no row of " + artifact);
        double found = bytes() / 1e6;
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            String whole = String.valueOf((long) Math.ceil(found));
            Files.writeString(README, readme.substring(0, row.start(2)) + whole + readme.substring(row.end(2)));
            return;
        }
        // Directories in the place of jars are a little smaller.
        long said = Long.parseLong(row.group(2));
        assertTrue(found <= said && found > said - 1.3, found + " MB, not " + said + ": " + names());
    }
}
