package org.arrownpz.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** A directory of NPY files as a frame. After {@link Settings} the input is {@link FileParts}. */
public final class DirectoryFrameTarget {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.]{0,60}");
    private static final Path DIRECTORY = Scratch.directory().resolve("frame");
    /** What lies in the directory: from one input to the next, few files change. */
    private static final Map<String, byte[]> PRESENT = new HashMap<>();

    private DirectoryFrameTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        if (data.length > Settings.LENGTH) {
            Map<String, byte[]> files = FileParts.files(data, Settings.LENGTH);
            files.keySet().removeIf(name -> !NAME.matcher(name).matches());
            try {
                bring(files);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Opening.directory(DIRECTORY, Settings.of(data));
        }
    }

    private static void bring(Map<String, byte[]> files) throws IOException {
        Files.createDirectories(DIRECTORY);
        for (String name : Set.copyOf(PRESENT.keySet())) {
            if (!files.containsKey(name)) {
                Files.delete(DIRECTORY.resolve(name));
                PRESENT.remove(name);
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!Arrays.equals(PRESENT.get(file.getKey()), file.getValue())) {
                Files.write(DIRECTORY.resolve(file.getKey()), file.getValue());
                PRESENT.put(file.getKey(), file.getValue());
            }
        }
    }
}
