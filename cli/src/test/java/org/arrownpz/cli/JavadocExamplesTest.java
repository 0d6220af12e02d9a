package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples in the Javadoc of public types compile as they stand, in a class that has what they take for granted. */
final class JavadocExamplesTest {
    private static final List<String> MODULES = List.of(
            "core",
            "arrow-bridge/ipc",
            "arrow-bridge/parquet",
            "arrow-bridge/sql",
            "arrow-bridge/flight",
            "arrow-bridge/compare",
            "arrow-bridge/remote");
    private static final String ENTRY_POINTS = """
            Bus Events Frame FrameBuilder FrameFixture Frames HeadToHead Ipc Npy Npz NpzException NpzFile NpzFlightServer
            NpzTicket NpzWriter NumpyArray NumpyArrays PackSpec PackingReader Parquet ParquetWriter ReadOptions Safetensors
            SparseMatrix Sql Tables TextTables UnpackSpec Vectors WriteOptions
            """;
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code(.*?)}</pre>", Pattern.DOTALL);
    private static final Pattern EXPRESSION = Pattern.compile("[^;{]*");
    private static final String FRAME = """
            import java.nio.file.*;
            import java.util.*;
            import org.apache.arrow.flight.*;
            import org.apache.arrow.flight.Location;
            import org.apache.arrow.memory.*;
            import org.apache.arrow.vector.*;
            import org.apache.arrow.vector.complex.*;
            import org.apache.arrow.vector.ipc.*;
            import org.arrownpz.*;
            import org.arrownpz.ReadOptions.*;
            import org.arrownpz.WriteOptions.*;
            import org.arrownpz.array.*;
            import org.arrownpz.compare.*;
            import org.arrownpz.compare.fixture.*;
            import org.arrownpz.event.*;
            import org.arrownpz.event.spec.*;
            import org.arrownpz.flight.*;
            import org.arrownpz.frame.*;
            import org.arrownpz.io.*;
            import org.arrownpz.ipc.*;
            import org.arrownpz.ipc.Tables;
            import org.arrownpz.npy.*;
            import org.arrownpz.npz.*;
            import org.arrownpz.parquet.*;
            import org.arrownpz.sql.*;

            abstract class %s {
                BufferAllocator allocator;
                VectorSchemaRoot root;
                Frame frame;
                NumpyArray array, block;
                ArrayContent content;
                byte[] header;
                long rows;

                void run() throws Exception {
                    %s
                }
            }
            """;

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    @Test
    void everyEntryPointHasAnExample() throws IOException {
        assertThat(examples().keySet()).contains(ENTRY_POINTS.strip().split("\\s+"));
    }

    @Test
    void examplesCompile(@TempDir Path classes) throws IOException {
        List<Source> sources = new ArrayList<>();
        examples().forEach((type, examples) -> {
            for (int i = 0; i < examples.size(); i++) {
                String name = "In" + type + "Number" + i;
                sources.add(new Source(name, String.format(Locale.ROOT, FRAME, name, examples.get(i))));
            }
        });
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        boolean compiled = compiler.getTask(
                        null, null, found, List.of("-proc:none", "-d", classes.toString()), null, sources)
                .call();
        assertThat(found.getDiagnostics().stream().map(Object::toString)).isEmpty();
        assertThat(compiled).isTrue();
    }

    /** By the type that they explain. */
    private static Map<String, List<String>> examples() throws IOException {
        Map<String, List<String>> examples = new TreeMap<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file : files.filter(JavadocExamplesTest::published).toList()) {
                    Matcher matcher = EXAMPLE.matcher(Files.readString(file));
                    while (matcher.find()) {
                        examples.computeIfAbsent(
                                        file.getFileName().toString().replace(".java", ""), type -> new ArrayList<>())
                                .add(code(matcher.group(1)));
                    }
                }
            }
        }
        return examples;
    }

    private static boolean published(Path file) {
        return file.toString().endsWith(".java") && !file.toString().contains("internal");
    }

    private static String code(String example) {
        String code = example.replaceAll("(?m)^ *\\* ?", "").strip();
        return EXPRESSION.matcher(code).matches() ? "Object value = " + code + ";" : code;
    }
}
