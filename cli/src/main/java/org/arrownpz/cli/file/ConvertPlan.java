package org.arrownpz.cli.file;

import static org.arrownpz.cli.console.Console.quote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.arrownpz.cli.console.UsageException;
import org.jspecify.annotations.Nullable;

/** The targets of the sources, decided and checked before anything is written. */
public final class ConvertPlan {
    private static final String META = "__meta__.json";

    private ConvertPlan() {}

    /**
     * One conversion.
     *
     * @param frame the label of one of a Bus' frames, or null
     */
    public record Job(
            String source,
            String target,
            Format format,
            @Nullable String frame) {
        Job(String source, String target, Format format) {
            this(source, target, format, null);
        }

        /** The same from what can be opened. */
        public Job of(Inputs inputs) throws IOException {
            return new Job(inputs.of(source), target, format, frame);
        }

        /** The target's name as messages have it. */
        public String quotedTarget() {
            return quote(target);
        }
    }

    public static List<Job> single(String source, String target, boolean force, boolean outIsTerminal) {
        Inputs.requireFile(target, "written: write a file, and upload it");
        Format format = Format.ofName(target);
        if (format == null && Files.isDirectory(Urls.path(target))) {
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

    /** The frames that a source is to be taken apart into. */
    @FunctionalInterface
    public interface Parts {
        /** The labels; none where it is one table itself. */
        List<String> of(String source) throws IOException;
    }

    public static List<Job> many(List<String> sources, String extension, Path directory, boolean force, Parts parts)
            throws IOException {
        String suffix = extension.startsWith(".") ? extension.substring(1) : extension;
        Format format = writable(Format.ofExtension(suffix), extension);
        Map<String, Job> jobs = new LinkedHashMap<>();
        for (String source : expand(sources)) {
            if (source.equals("-")) {
                throw new UsageException("a stream on standard input has no stem; name its target instead of --to");
            }
            List<String> labels = parts.of(source);
            if (labels.isEmpty()) {
                add(jobs, source, null, target(directory, stem(source), suffix, format), format);
            }
            for (String label : labels) {
                add(jobs, source, label, target(directory, SafeName.of(label), suffix, format), format);
            }
        }
        jobs.values().forEach(job -> refuseExisting(job.target(), force));
        return List.copyOf(jobs.values());
    }

    private static Path target(Path directory, String stem, String suffix, Format format) {
        Path target = directory.resolve(format == Format.NPYDIR ? stem : stem + "." + suffix);
        if (!directory.equals(target.getParent() == null ? Path.of("") : target.getParent())) {
            throw new UsageException(quote(stem) + " is no name of a file");
        }
        return target;
    }

    private static void add(Map<String, Job> jobs, String source, @Nullable String frame, Path target, Format format) {
        Job job = new Job(source, target.toString(), format, frame);
        // Names ignore case on some systems.
        Job former = jobs.putIfAbsent(target.toString().toLowerCase(Locale.ROOT), job);
        if (former != null) {
            throw new UsageException(quote(name(former)) + " and " + quote(name(job)) + " would both become "
                    + quote(String.valueOf(target.getFileName())));
        }
    }

    private static String name(Job job) {
        return job.frame() == null ? job.source() : job.frame();
    }

    private static Format writable(@Nullable Format format, String name) {
        if (format == null) {
            throw new UsageException("the format of " + quote(name) + " is unknown; known are " + Format.KNOWN);
        }
        if (format == Format.BUS) {
            throw new UsageException(
                    "archives of several frames are made of directories by 'arrow-npz bus DIR OUT', not "
                            + quote(name));
        }
        return format;
    }

    public static void refuseExisting(String target, boolean force) {
        if (!force && Files.exists(Urls.path(target), LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException(quote(target) + " exists; replace it with --force");
        }
    }

    /** Directories that are no NPY directories stand for the readable files in them. */
    private static List<String> expand(List<String> sources) throws IOException {
        List<String> expanded = new ArrayList<>();
        for (String source : sources) {
            Path path = Urls.path(source);
            if (source.equals("-") || !Files.isDirectory(path) || isFrame(path)) {
                expanded.add(source);
                continue;
            }
            List<String> readable = Urls.list(path, ConvertPlan::isReadable);
            if (readable.isEmpty()) {
                throw new UsageException("there is nothing to convert in " + quote(source));
            }
            expanded.addAll(readable);
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

    /** Whether it is an NPY directory. */
    public static boolean isFrame(Path directory) {
        return Files.exists(directory.resolve(META));
    }

    static String stem(String source) {
        Address address = Address.of(source);
        if (address.array() != null) {
            return SafeName.of(address.array());
        }
        Path path = Urls.path(address.path());
        Path last = path.toAbsolutePath().normalize().getFileName();
        String name = last == null ? "" : last.toString();
        int dot = name.lastIndexOf('.');
        return dot <= 0 || Files.isDirectory(path) ? name : name.substring(0, dot);
    }
}
