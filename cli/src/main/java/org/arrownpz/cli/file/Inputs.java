package org.arrownpz.cli.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.support.FileMagic;
import org.jspecify.annotations.Nullable;

/**
 * Inputs that are no files: standard input, pipes and addresses. An Arrow stream on standard input is read as it comes; what
 * else pipes bring, which their first bytes tell, goes through a temporary file, since other formats are read here and there.
 */
public final class Inputs implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+://.*", Pattern.DOTALL);
    private static final String KNOWN =
            "an Arrow stream or file, Parquet, an NPZ or NPY file, safetensors, CSV or JSON lines";
    private static final int START = 512;

    private final Console console;
    private final List<Path> spooled = new ArrayList<>();
    private boolean standardUsed;

    public Inputs(Console console) {
        this.console = console;
    }

    /** A path for each input, or {@code -} for an Arrow stream on standard input. */
    public List<String> of(List<String> names) throws IOException {
        List<String> files = new ArrayList<>(names.size());
        for (String name : names) {
            files.add(of(name));
        }
        return files;
    }

    /** A path for one input, or {@code -} for an Arrow stream on standard input. */
    public String of(String name) throws IOException {
        if (Urls.isUrl(name)) {
            // Without what may be a secret.
            console.name(name, Urls.path(name).toString());
            return name;
        }
        requireFile(name, "read: download it first");
        boolean standard = name.equals("-");
        if (!standard && !isPipe(name)) {
            return name;
        }
        if (standard && standardUsed) {
            throw new UsageException("only one input can come from standard input");
        }
        standardUsed |= standard;
        String said = standard ? "standard input" : name;
        InputStream input = standard ? console.in() : Files.newInputStream(Path.of(name));
        try (InputStream closed = standard ? InputStream.nullInputStream() : input) {
            if (standard) {
                input.mark(START);
            }
            byte[] start = input.readNBytes(FileMagic.LENGTH);
            FileMagic magic = FileMagic.of(start);
            if (magic == null) {
                byte[] more = input.readNBytes(START - start.length);
                int length = start.length;
                start = Arrays.copyOf(start, length + more.length);
                System.arraycopy(more, 0, start, length, more.length);
            }
            String extension = extension(magic, start, said);
            if (!standard) {
                return spool(new SequenceInputStream(new ByteArrayInputStream(start), input), extension, said);
            }
            input.reset();
            return extension.equals("arrows") ? name : spool(input, extension, said);
        }
    }

    private static boolean isPipe(String name) {
        try {
            Path path = Path.of(name);
            return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private String spool(InputStream input, String extension, String said) throws IOException {
        Path file = Files.createTempFile("arrow-npz-stdin-", "." + extension);
        spooled.add(file);
        console.name(file.toString(), said);
        // Where Ctrl-C ends it.
        file.toFile().deleteOnExit();
        Files.copy(input, file, StandardCopyOption.REPLACE_EXISTING);
        return file.toString();
    }

    /** The extension of a file with such bytes. */
    private static String extension(@Nullable FileMagic magic, byte[] start, String said) throws NpzException {
        if (magic != null) {
            return switch (magic) {
                case NPY -> "npy";
                case ZIP, EMPTY_ZIP -> "npz";
                case ARROW_STREAM -> "arrows";
                case ARROW_FILE, FEATHER_V1 -> "feather";
                case PARQUET -> "parquet";
                default -> throw magic.instead(Location.ofFile(said), KNOWN);
            };
        }
        if (start.length > 8 && start[8] == '{' && start[5] == 0 && start[6] == 0 && start[7] == 0) {
            return "safetensors";
        }
        // Streams of old begin with the length of a message.
        if (start.length == 0 || start.length > 3 && start[3] == 0) {
            return "arrows";
        }
        for (byte value : start) {
            if (value >= 0 && value < ' ' && "\t\r\n".indexOf(value) < 0) {
                throw Location.ofFile(said)
                        .error(ErrorCode.MAGIC, "no format that is read begins so")
                        .at(0)
                        .expected(KNOWN)
                        .found(HexFormat.ofDelimiter(" ").formatHex(start, 0, Math.min(start.length, FileMagic.LENGTH)))
                        .build();
            }
        }
        return new String(start, StandardCharsets.UTF_8).stripLeading().startsWith("{") ? "json" : "csv";
    }

    @Override
    public void close() {
        spooled.forEach(file -> file.toFile().delete());
    }

    /** Refuses addresses but those of objects, which look like misspelt files otherwise. */
    static void requireFile(String name, String remedy) {
        if (ADDRESS.matcher(name).matches() && !Urls.isObject(name)) {
            throw new UsageException(Console.quote(name) + " is an address, which is not " + remedy);
        }
    }
}
