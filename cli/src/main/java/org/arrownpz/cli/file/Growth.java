package org.arrownpz.cli.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.arrow.vector.ValueVector;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.frame.Frame;

/**
 * The progress of writing a target: by the length of the temporary file that it still is, which needs nobody's help,
 * and no time but that of the one who looks.
 *
 * @param name of the target
 */
public record Growth(Path name) implements LongSupplier {
    private static final String SUFFIX = ".arrownpz-tmp";

    /** Shows how a target grows, a file; of a stream, what is read for it. To be called before sources are opened. */
    public static void show(Progress progress, String target) {
        show(progress, "writing " + target, target, 0);
    }

    /** @param total how long it will be, or 0 where what is read, or compressed, tells how far it is */
    public static void show(Progress progress, String text, String target, long total) {
        if (target.equals("-")) {
            progress.follow(text, 0);
            return;
        }
        Growth growth = new Growth(Urls.path(target));
        if (total > 0) {
            progress.show(text, total, growth, Progress.Unit.BYTES);
        } else {
            progress.follow(text, growth, Progress.Unit.BYTES);
        }
    }

    /** The length of a file of a frame in memory, or mapped, whose values are written as they are. */
    public static long length(Frame frame, String source) throws IOException {
        Format format = Source.format(source);
        if (format != null && format.isBatched()) {
            return frame.root().getFieldVectors().stream()
                    .mapToLong(ValueVector::getBufferSize)
                    .sum();
        }
        return length(source);
    }

    /** The length of a source that is written as it is; 0 where it is no file of values as they are. */
    public static long length(String source) throws IOException {
        Path file = Urls.path(source);
        Format format = Source.format(source);
        boolean raw = (format == null || format.isRaw()) && Files.isRegularFile(file);
        return raw ? Files.size(file) : 0;
    }

    /** Bytes of the target so far; 0 also where there is none, or not yet. */
    @Override
    public long getAsLong() {
        Path target = name.toAbsolutePath().normalize();
        Path directory = target.getParent();
        if (directory == null) {
            return 0;
        }
        String mine = "." + ProcessHandle.current().pid() + "-";
        String start = "." + target.getFileName() + mine;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, file -> isTemporary(file, start))) {
            long bytes = 0;
            for (Path file : files) {
                bytes += bytes(file);
            }
            return bytes;
        } catch (IOException | DirectoryIteratorException e) {
            return 0;
        }
    }

    private static boolean isTemporary(Path file, String start) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(start) && name.endsWith(SUFFIX);
    }

    private static long bytes(Path file) throws IOException {
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            return Files.size(file);
        }
        long bytes = 0;
        try (Stream<Path> members = Files.list(file)) {
            for (Path member : members.toList()) {
                bytes += Files.size(member);
            }
        }
        return bytes;
    }
}
