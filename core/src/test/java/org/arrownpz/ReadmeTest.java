package org.arrownpz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's examples for core are compiled and run as they stand. */
class ReadmeTest {
    private static final String IMPORTS = """
            import java.nio.file.Path;
            import java.util.Map;
            import org.apache.arrow.memory.BufferAllocator;
            import org.apache.arrow.memory.RootAllocator;
            import org.apache.arrow.vector.VectorSchemaRoot;
            import org.arrownpz.WriteOptions;
            import org.arrownpz.array.NumpyArrays;
            import org.arrownpz.array.Npz;
            import org.arrownpz.frame.Frame;
            import org.arrownpz.frame.Frames;
            import org.arrownpz.vector.WriteReport;
            public class Example {
                public static void main(String[] args) throws Exception {
            """;

    @Test
    void arraysAreSavedAndLoaded(@TempDir Path directory) throws Exception {
        assertThat(run(0, 8, directory)).isEqualToIgnoringNewLines("b 3.0");
        assertThat(directory.resolve("model.npz")).exists();
    }

    @Test
    void framesAreOpenedAndWritten(@TempDir Path directory) throws Exception {
        assertThat(run(1, 12, directory)).contains("viewed").contains("block");
        assertThat(directory.resolve("prices.npz")).exists();
    }

    /** What an example prints. */
    private static String run(int number, int lines, Path directory) throws Exception {
        Path root = root();
        Matcher example = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(root.resolve("README.md")));
        for (int i = 0; i <= number; i++) {
            assertThat(example.find()).isTrue();
        }
        String code = example.group(1)
                .replace("samples/", root.resolve("samples") + "/")
                .replace("target/", directory + "/");
        assertThat(code.lines().count()).isLessThanOrEqualTo(lines);
        Path source = Files.writeString(directory.resolve("Example.java"), IMPORTS + code + "}}");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int result = compiler.run(
                null, errors, errors, "-proc:none", "-cp", classPath(), "-d", directory.toString(), source.toString());
        assertThat(result).as(errors.toString(StandardCharsets.UTF_8)).isZero();

        PrintStream console = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, ReadmeTest.class.getClassLoader())) {
            Method main = loader.loadClass("Example").getMethod("main", String[].class);
            System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
            main.invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(console);
        }
        return output.toString(StandardCharsets.UTF_8);
    }

    // Surefire may hand over the class path through a manifest, and the real one by this property.
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("README.md")) ? here : here.getParent();
    }
}
