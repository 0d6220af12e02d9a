import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes the jar for Linux on one processor of the jar for all systems: {@code java LinuxJar.java ALL LINUX x86_64} or {@code
 * aarch_64}. The JDK's file system for zip files copies what stays as it lies there, so that nothing is compressed again;
 * DuckDB's library alone is stored, for it is unpacked at each start.
 */
final class LinuxJar {
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib)|.*/libduckdb_java\\.so_.*");
    private static final Map<String, Pattern> OWN = Map.of(
            "x86_64",
            Pattern.compile("(?!.*FreeBSD).*(_linux_amd64|linux_x86_64\\.so|/linux/amd64/.*|/x86_64/[^/]*\\.so)"),
            "aarch_64",
            Pattern.compile(".*(_linux_arm64|linux_aarch_64\\.so|/linux/aarch64/.*|/aarch_64/[^/]*\\.so|/Linux/arm64/.*)"));

    public static void main(String[] args) throws IOException {
        Path part = Path.of(args[1] + ".part");
        Pattern own = OWN.get(args[2]);
        Files.copy(Path.of(args[0]), part, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem jar = FileSystems.newFileSystem(
                URI.create("jar:" + part.toUri()), Map.of("compressionMethod", "STORED"))) {
            for (Path file : natives(jar)) {
                if (!own.matcher(file.toString()).matches()) {
                    Files.delete(file);
                } else if (file.toString().contains("duckdb")) {
                    byte[] library = Files.readAllBytes(file);
                    FileTime time = Files.getLastModifiedTime(file);
                    Files.delete(file);
                    Files.write(file, library);
                    // The same bytes at each build.
                    Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(time, time, time);
                }
            }
        }
        Files.move(part, Path.of(args[1]), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<Path> natives(FileSystem jar) throws IOException {
        try (Stream<Path> files = Files.walk(jar.getPath("/"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> NATIVE.matcher(file.toString()).matches())
                    .toList();
        }
    }
}
