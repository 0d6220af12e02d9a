package org.arrownpz.flight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.arrow.flight.FlightDescriptor;
import org.arrownpz.flight.internal.Json;
import org.arrownpz.flight.internal.put.PutMessages;

/**
 * The target of a put, as a command descriptor: {@code {"v":1,"name":"prices","overwrite":true,"rows":1000}}. A path
 * descriptor of one element says the same as a name alone.
 *
 * <p>Flight does not tell a client that is done from one whose program failed and closed its stream: both end it in the
 * same way. A put whose command has a number of rows, or asks for a closing mark, becomes a file only when it is whole.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param name the file in the directory, without its extension
 * @param overwrite whether an existing file is replaced
 * @param rows how many rows will come, or -1 where that is not known
 * @param closing whether the last message carries {@link #closingMark} as its application metadata
 */
public record PutCommand(String name, boolean overwrite, long rows, boolean closing) {
    private static final int VERSION = 1;
    private static final String WHAT = "command to put";
    private static final Set<String> KEYS = Set.of("v", "name", "overwrite", "rows", "closing");

    public PutCommand {
        Json.requireName(name);
        if (rows < -1) {
            throw new IllegalArgumentException("a number of rows is not negative");
        }
    }

    /** A put that is complete when its stream ends. */
    public PutCommand(String name, boolean overwrite) {
        this(name, overwrite, -1, false);
    }

    /** Keeps the put only where it has so many rows. */
    public PutCommand withRows(long count) {
        return new PutCommand(name, overwrite, count, closing);
    }

    /** Keeps the put only where its last message carries {@link #closingMark}. */
    public PutCommand withClosingMark() {
        return new PutCommand(name, overwrite, rows, true);
    }

    /** The application metadata of the last message, without data: the text {@code end}. */
    public static byte[] closingMark() {
        return PutMessages.CLOSING_MARK.getBytes(StandardCharsets.US_ASCII);
    }

    /** The descriptor to put with. */
    public FlightDescriptor toDescriptor() {
        ObjectNode node = Json.object().put("v", VERSION).put("name", name).put("overwrite", overwrite);
        if (rows >= 0) {
            node.put("rows", rows);
        }
        if (closing) {
            node.put("closing", true);
        }
        return FlightDescriptor.command(Json.bytes(node));
    }

    /**
     * Reads a client's descriptor.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    static PutCommand parse(FlightDescriptor descriptor) {
        if (!descriptor.isCommand()) {
            return new PutCommand(ServedDirectory.name(descriptor), false);
        }
        JsonNode node = Json.read(descriptor.getCommand(), WHAT);
        Json.requireVersion(node, VERSION, false, WHAT);
        Json.requireKeys(node, KEYS, WHAT);
        return new PutCommand(
                Json.name(node, WHAT),
                Json.flag(node, "overwrite", WHAT),
                Json.rows(node, "rows", WHAT),
                Json.flag(node, "closing", WHAT));
    }
}
