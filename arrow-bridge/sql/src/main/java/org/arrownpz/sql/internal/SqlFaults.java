package org.arrownpz.sql.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.Faults;

/**
 * Failures of DuckDB, in our words: the statement's faults are the caller's, those of memory and data are not. Of
 * DuckDB's text stays the explanation, without the driver's state, stack traces, hints for settings that are locked, and
 * places of this machine.
 */
public final class SqlFaults {
    /** The beginning of a refusal that DuckDB gives the reason of. */
    static final String REFUSED = "DuckDB refuses the statement: ";

    private static final int MESSAGE_CHARS = 1000;
    private static final String OUT_OF_MEMORY = "Out of Memory";
    private static final String NO_ACCESS = "Permission";

    /** DuckDB's own: neither the statement nor the data is to blame. */
    private static final Set<String> INTERNAL = Set.of("INTERNAL", "FATAL", "IO", "Interrupt");

    /** Before it, the driver says something of its own state. */
    private static final String MESSAGE_START = "\nError: ";

    private static final Pattern MESSAGE = Pattern.compile("\\b([A-Z][A-Za-z]*(?: [A-Za-z]+)*) Error: ");

    /** The end of the explanation: an excerpt of the statement, hints or addresses follow. */
    private static final Pattern END =
            Pattern.compile("\n\n|\nThis error signals|\n?Stack Trace:|\nLINE \\d+:|\nDatabase is launched");

    /** Of a text file: the line's number and its fault, without the line and the file's name. */
    private static final Pattern CSV_LINE = Pattern.compile("CSV Error on Line: (\\d+)\nOriginal Line: (?s:.*?)\n"
            + "((?:Expected|Value with|Error when|Invalid unicode|Maximum line|Could not convert).*)");

    private static final Pattern JSON_LINE = Pattern.compile(
            "(Malformed JSON|JSON transform error) in file \".*?\",(?: at byte \\d+)? in line (\\d+): (.*)");

    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** Directories of this machine and user, which DuckDB may put before what a statement says. */
    private static final List<String> PLACES = Stream.of(
                    Path.of("").toAbsolutePath().toString(),
                    System.getProperty("java.io.tmpdir", ""),
                    System.getProperty("user.home", ""))
            .filter(place -> place.length() > 1)
            .toList();

    private SqlFaults() {}

    /** With what is at the bottom of it: Java tells a library that could not be unpacked as a class without a message. */
    static IllegalStateException notStarted(Throwable failure) {
        Throwable bottom = failure;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
        }
        String unpacked = bottom instanceof IOException
                ? "; its library is unpacked into java.io.tmpdir, " + System.getProperty("java.io.tmpdir")
                : "";
        return new IllegalStateException(
                "DuckDB cannot be started: " + SafeText.escape(String.valueOf(bottom.getMessage()), MESSAGE_CHARS)
                        + unpacked,
                failure);
    }

    static CancellationException cancelled(Throwable cause) {
        CancellationException cancellation = new CancellationException("the query was cancelled");
        cancellation.initCause(cause);
        return cancellation;
    }

    /** For a statement that did not run. */
    static NpzException statement(Throwable cause, SqlText text) {
        String statement = text.statement();
        Said said = Said.of(cause);
        if (said.isOutOfMemory() || Faults.isOutOfMemory(cause) || INTERNAL.contains(said.kind())) {
            return failed(Location.ofFile(null), cause);
        }
        if (said.kind().equals(NO_ACCESS)) {
            throw new IllegalArgumentException(
                    "a statement reaches files only as strings after FROM and JOIN that end in "
                            + String.join(", ", FileName.EXTENSIONS),
                    cause);
        }
        String message = String.valueOf(cause.getMessage());
        throw new Runner.Refusal(
                REFUSED + text.withoutNames(said.without(statement)), Excerpt.of(message, text), cause);
    }

    public static NpzException failed(Location location, Throwable cause) {
        if (cause instanceof NpzException typed) {
            return typed;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        if (Faults.isOutOfMemory(cause)) {
            return Faults.limit(location, "that the statement needs", "Give the allocator a higher limit", cause);
        }
        Said said = Said.of(cause);
        if (said.isOutOfMemory()) {
            return location.error(ErrorCode.LIMIT, "the statement needs more memory than it may take")
                    .found(said.without(""))
                    .remedy("Give it a higher limit, or let it sort, group or join less")
                    .cause(cause)
                    .build();
        }
        boolean internal = said.kind().isEmpty() || INTERNAL.contains(said.kind());
        return location.error(
                        internal ? ErrorCode.IO : ErrorCode.VALUE,
                        (internal ? "DuckDB failed (" : "the statement failed (") + said.without("") + ")")
                .cause(cause)
                .build();
    }

    /** For a file of text that DuckDB does not take: the line, and what is wrong with it. */
    public static NpzException text(Location location, Throwable cause) {
        Said said = Said.of(cause);
        if (cause instanceof NpzException
                || Faults.isOutOfMemory(cause)
                || said.isOutOfMemory()
                || said.kind().isEmpty()
                || INTERNAL.contains(said.kind())) {
            return failed(location, cause);
        }
        String found = said.without("");
        Matcher csv = CSV_LINE.matcher(said.text());
        Matcher json = JSON_LINE.matcher(said.text());
        if (csv.find()) {
            found = "line " + csv.group(1) + ": " + csv.group(2);
        } else if (json.find()) {
            // What does not parse is told one line late.
            long line = Long.parseLong(json.group(2)) - (json.group(1).startsWith("Malformed") ? 1 : 0);
            found = "line " + line + ": " + json.group(3);
        }
        return location.error(ErrorCode.VALUE, "the file cannot be read")
                .found(SafeText.escape(found.strip(), MESSAGE_CHARS))
                .cause(cause)
                .build();
    }

    /**
     * A message of DuckDB's.
     *
     * @param kind what stands before "Error:", or empty
     */
    private record Said(String kind, String text) {
        static Said of(Throwable cause) {
            String message = String.valueOf(cause.getMessage());
            int start = message.indexOf(MESSAGE_START);
            String text = start < 0 ? message : message.substring(start + MESSAGE_START.length());
            Matcher kind = MESSAGE.matcher(text);
            return kind.find() ? new Said(kind.group(1), text.substring(kind.end())) : new Said("", text);
        }

        boolean isOutOfMemory() {
            return kind.equals(OUT_OF_MEMORY);
        }

        /** The explanation, without places that the statement does not name itself. */
        String without(String statement) {
            String explanation =
                    SPACE.matcher(END.split(text, 2)[0]).replaceAll(" ").strip();
            for (String place : PLACES) {
                if (!statement.contains(place)) {
                    explanation = explanation.replaceAll(Pattern.quote(place) + "[^\\s'\"]*", "...");
                }
            }
            return SafeText.escape(explanation, MESSAGE_CHARS);
        }
    }
}
