package org.arrownpz.cli.file;

import static org.arrownpz.cli.console.Console.quote;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.arrownpz.SafeText;
import org.arrownpz.cli.console.UsageException;

/**
 * The inputs that arguments name: files, and in place of directories and patterns what is in them.
 *
 * @param names what to read, in order
 * @param many whether several may be meant, even where one is there
 */
public record FileSet(List<String> names, boolean many) {
    /**
     * Looks at arguments. A directory of the StaticFrame layout is one input; so is one without any file that this command
     * reads, for whoever reads it says what is wrong with it.
     */
    public static FileSet of(List<String> arguments) throws IOException {
        return of(arguments, false, false);
    }

    /**
     * Looks at arguments.
     *
     * @param arrays whether a directory of {@code .npy} files alone is one input, too
     * @param frames whether each directory is one input: a Bus, of which one frame is asked for
     */
    public static FileSet of(List<String> arguments, boolean arrays, boolean frames) throws IOException {
        List<String> names = new ArrayList<>();
        boolean many = arguments.size() > 1;
        for (String argument : arguments) {
            if (argument.isEmpty()) {
                throw new UsageException("a path is empty");
            }
            List<String> within = isPattern(argument) ? matching(argument) : frames ? List.of() : inside(argument);
            if (arrays && new java.io.File(argument).isDirectory() && areArrays(within)) {
                within = List.of();
            }
            many |= !within.isEmpty();
            if (within.isEmpty()) {
                names.add(argument);
            } else {
                names.addAll(within);
            }
        }
        return new FileSet(List.copyOf(names), many);
    }

    private static boolean areArrays(List<String> files) {
        return files.stream().allMatch(file -> Format.ofName(file) == Format.NPY);
    }

    private static boolean isPattern(String argument) {
        for (int i = 0; i < argument.length() && !Urls.isUrl(argument); i++) {
            if ("*?[{".indexOf(argument.charAt(i)) >= 0) {
                return !new java.io.File(argument).exists() && !Address.isArray(argument);
            }
        }
        return false;
    }

    // Shells expand patterns, but not quoted ones, and not on Windows.
    private static List<String> matching(String pattern) throws IOException {
        int slash = Math.max(pattern.lastIndexOf('/'), pattern.lastIndexOf(java.io.File.separatorChar));
        Path parent = Path.of(slash < 0 ? "." : pattern.substring(0, slash + 1));
        List<String> names = List.of();
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(slash + 1));
            if (Files.isDirectory(parent)) {
                names = Urls.list(parent, file -> matcher.matches(file.getFileName()) && isInput(file));
            }
        } catch (PatternSyntaxException e) {
            throw new UsageException(quote(pattern) + " is no pattern: " + SafeText.escape(e.getDescription()));
        }
        if (names.isEmpty()) {
            throw new UsageException("no file matches " + quote(pattern));
        }
        return names.stream()
                .map(name -> slash < 0 ? Path.of(name).getFileName().toString() : name)
                .toList();
    }

    private static List<String> inside(String argument) throws IOException {
        if (argument.equals("-") || !new java.io.File(argument).isDirectory()) {
            return List.of();
        }
        Path directory = Path.of(argument);
        boolean[] frame = {false};
        List<String> names = Urls.list(directory, file -> {
            frame[0] |= file.getFileName().toString().startsWith("__");
            return isInput(file);
        });
        return frame[0] ? List.of() : names;
    }

    private static boolean isInput(Path file) {
        String name = file.getFileName().toString();
        return Files.isDirectory(file)
                ? ConvertPlan.isFrame(file)
                : !name.startsWith(".") && Format.ofName(name) != null && Files.isRegularFile(file);
    }
}
