package org.arrownpz.cli.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.internal.text.SafeText;
import org.jspecify.annotations.Nullable;

/** Which source becomes which target, decided and checked before anything is written. */
public final class ConvertPlan {
    private static final String META = "__meta__.json";

    private ConvertPlan() {}

    /** One conversion. */
    public record Job(String source, String target, Format format) {
        /** The target's name as messages have it. */
        public String quotedTarget() {
            return quote(target);
        }
    }

    public static List<Job> single(String source, String target, boolean force, boolean outIsTerminal) {
        Format format = Format.ofName(target);
        if (format == null && Files.isDirectory(Path.of(target))) {
            throw new UsageException(quote(target) + " is a directory; end its name with / to write an NPY directory, "
                    + "or use --to and --out");
        }
        Job job = new Job(source, target, writable(format, target));
        if (format == Format.PIPE) {
            if (outIsTerminal) {
                throw new UsageException("an Arrow stream is not for a terminal; redirect it");
            }
        } else {
            refuseExisting(job.target(), force);
        }
        return List.of(job);
    }

    public static List<Job> many(List<String> sources, String extension, Path directory, boolean force)
            throws IOException {
        String suffix = extension.startsWith(".") ? extension.substring(1) : extension;
        Format format = writable(Format.ofExtension(suffix), extension);
        Map<String, String> stems = new LinkedHashMap<>();
        for (String source : expand(sources)) {
            if (source.equals("-")) {
                throw new UsageException("a stream on standard input has no stem; name its target instead of --to");
            }
            String stem = stem(source);
            String former = stems.putIfAbsent(stem, source);
            if (former != null) {
                throw new UsageException(
                        quote(former) + " and " + quote(source) + " would both become " + quote(stem + "." + suffix));
            }
        }
        List<Job> jobs = new ArrayList<>(stems.size());
        stems.forEach((stem, source) -> {
            String name = format == Format.NPYDIR ? stem : stem + "." + suffix;
            jobs.add(new Job(source, directory.resolve(name).toString(), format));
        });
        jobs.forEach(job -> refuseExisting(job.target(), force));
        return jobs;
    }

    private static Format writable(@Nullable Format format, String name) {
        if (format == null) {
            throw new UsageException("the format of " + quote(name) + " is unknown; known are " + Format.KNOWN);
        }
        if (format == Format.BUS) {
            throw new UsageException("archives of several frames cannot be written: " + quote(name));
        }
        return format;
    }

    public static void refuseExisting(String target, boolean force) {
        if (!force && Files.exists(Path.of(target), LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException(quote(target) + " exists; replace it with --force");
        }
    }

    /** Directories that are no NPY directories stand for the readable files in them. */
    private static List<String> expand(List<String> sources) throws IOException {
        List<String> expanded = new ArrayList<>();
        for (String source : sources) {
            Path path = Path.of(source);
            if (source.equals("-") || !Files.isDirectory(path) || isFrame(path)) {
                expanded.add(source);
                continue;
            }
            int before = expanded.size();
            try (Stream<Path> children = Files.list(path)) {
                children.sorted().filter(ConvertPlan::isReadable).forEach(child -> expanded.add(child.toString()));
            }
            if (expanded.size() == before) {
                throw new UsageException("there is nothing to convert in " + quote(source));
            }
        }
        return expanded;
    }

    private static boolean isReadable(Path path) {
        if (Files.isDirectory(path)) {
            return isFrame(path);
        }
        Format format = Format.ofName(path.toString());
        return format != null && format != Format.BUS;
    }

    private static boolean isFrame(Path directory) {
        return Files.exists(directory.resolve(META));
    }

    static String stem(String source) {
        Path path = Path.of(source);
        Path last = path.toAbsolutePath().normalize().getFileName();
        String name = last == null ? "" : last.toString();
        int dot = name.lastIndexOf('.');
        return dot <= 0 || Files.isDirectory(path) ? name : name.substring(0, dot);
    }

    private static String quote(String text) {
        return "'" + SafeText.escape(text, 1000) + "'";
    }
}
