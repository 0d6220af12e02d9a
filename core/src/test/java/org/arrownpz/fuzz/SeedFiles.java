package org.arrownpz.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Files of the test resources, small ones, to begin with. */
public final class SeedFiles {
    private static final long LARGEST = 16 << 10;

    private SeedFiles() {}

    /** The files of a folder of the resources and those below it whose names end so, by their paths. */
    public static Map<String, byte[]> below(String folder, String... suffixes) {
        URL url = SeedFiles.class.getResource("/" + folder);
        if (url == null) {
            return Map.of();
        }
        try (Stream<Path> walk = Files.walk(Path.of(url.toURI()))) {
            Map<String, byte[]> files = new LinkedHashMap<>();
            for (Path path : walk.sorted().toList()) {
                if (Files.isRegularFile(path)
                        && Files.size(path) <= LARGEST
                        && Stream.of(suffixes).anyMatch(path.toString()::endsWith)) {
                    files.put(
                            Path.of(url.toURI()).relativize(path).toString().replace('\\', '/'),
                            Files.readAllBytes(path));
                }
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each directory below a folder that has files, as these by name. */
    static Map<String, Map<String, byte[]>> directories(String folder) {
        Map<String, Map<String, byte[]>> directories = new LinkedHashMap<>();
        below(folder, ".npy", ".json").forEach((path, bytes) -> {
            int slash = path.lastIndexOf('/');
            if (slash > 0) {
                directories
                        .computeIfAbsent(path.substring(0, slash), key -> new LinkedHashMap<>())
                        .put(path.substring(slash + 1), bytes);
            }
        });
        return directories;
    }

    /** Inputs that were findings, which are kept. */
    public static Map<String, byte[]> regressions(String target) {
        return below("fuzz/" + target, "");
    }

    /** Writes inputs, one file each. */
    public static void write(Path directory, Map<String, byte[]> inputs) throws IOException {
        Files.createDirectories(directory);
        List<String> names = List.copyOf(inputs.keySet());
        for (String name : names) {
            Files.write(directory.resolve(name.replaceAll("[^a-zA-Z0-9_.]", "_")), inputs.get(name));
        }
    }
}
