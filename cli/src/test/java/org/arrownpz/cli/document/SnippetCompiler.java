package org.arrownpz.cli.document;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Java of the documents as classes. What is a class already stays one, other lines become a {@code main}, within an open
 * {@code allocator} unless they make one; imports at the beginning of a snippet are its own, beside those that all have.
 */
final class SnippetCompiler {
    private static final Pattern OWN_CLASS = Pattern.compile("(?m)^public (?:final )?class (\\w+)");

    private static final String ALLOCATOR = "try (BufferAllocator allocator = new RootAllocator()) {";

    private final String imports;
    private final List<JavaFileObject> sources = new ArrayList<>();

    SnippetCompiler(String imports) {
        this.imports = imports;
    }

    /** Gives the name of the class whose {@code main} runs the snippet. */
    String add(String place, String code) {
        String room = "snippet" + sources.size();
        Matcher own = OWN_CLASS.matcher(code);
        String source;
        String name;
        if (own.find()) {
            name = own.group(1);
            source = "package " + room + "; " + code;
        } else {
            name = "Snippet";
            String needed =
                    code.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining());
            String lines = code.lines()
                    .map(line -> line.startsWith("import ") ? "" : line)
                    .collect(Collectors.joining("\n"));
            boolean makesOne = code.contains("BufferAllocator allocator = ");
            source = "package " + room + "; " + needed + imports.replace("\n", "")
                    + " public class Snippet { public static void main(String[] args) throws Exception {"
                    + (makesOne ? "" : ALLOCATOR) + lines + (makesOne ? "\n}}" : "\n}}}");
        }
        sources.add(
                new SimpleJavaFileObject(
                        URI.create("string:///" + room + "/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }

                    @Override
                    public String toString() {
                        return place;
                    }
                });
        return room + "." + name;
    }

    /** All at once, since starting the compiler is what takes time. Gives what it complains of. */
    String compile(String classPath, Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        boolean done = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of("-proc:none", "-nowarn", "-cp", classPath, "-d", classes.toString()),
                        null,
                        sources)
                .call();
        return done ? "" : complaints.toString();
    }
}
