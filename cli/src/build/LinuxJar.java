import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes the jar for Linux of the jar for all systems: {@code java LinuxJar.java ALL LINUX}. The JDK's file system for zip
 * files copies what stays as it lies there, so that nothing is compressed again.
 */
final class LinuxJar {
    /** Native code of other systems. */
    private static final Pattern OTHERS = Pattern.compile(
            ".*(_osx_universal|_windows_amd64|_windows_arm64|osx[_-](x86_64|aarch_?64)|windows[_-](x86_64|x64|aarch_?64)).*"
                    + "|.*\\.(dylib|jnilib|dll)"
                    + "|/(darwin|win|freebsd|aix)/.*");

    public static void main(String[] args) throws IOException {
        Path part = Path.of(args[1] + ".part");
        Files.copy(Path.of(args[0]), part, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + part.toUri()), Map.of())) {
            for (Path file : others(jar)) {
                Files.delete(file);
            }
        }
        Files.move(part, Path.of(args[1]), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<Path> others(FileSystem jar) throws IOException {
        try (Stream<Path> files = Files.walk(jar.getPath("/"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> OTHERS.matcher(file.toString()).matches())
                    .toList();
        }
    }
}
