package org.arrownpz.flight.internal.sql;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.access.Seals;
import org.jspecify.annotations.Nullable;

/** Tickets and the handles of prepared statements: what they are for, signed for their caller and a short time. */
public final class SqlTickets {
    private static final String TICKET = "ticket";
    private static final String HANDLE = "prepared statement";
    private static final Duration TICKET_LIFE = Duration.ofMinutes(10);
    private static final Duration HANDLE_LIFE = Duration.ofHours(12);
    private static final byte QUERY = 'Q';
    private static final byte METADATA = 'M';
    private static final int ID_BYTES = 2 * Long.BYTES;

    private final Seals seals;

    public SqlTickets(Seals seals) {
        this.seals = seals;
    }

    /** Whether a ticket is one of these, signed, and no JSON. */
    public static boolean isOne(byte[] ticket) {
        // The first byte of its time; no JSON begins with it.
        return ticket.length > 0 && ticket[0] == 0;
    }

    /** A statement that a ticket asks for, by the number that cancels it. */
    public record Wanted(UUID id, BoundStatement statement) {}

    /**
     * The query of a ticket, or null when it asks for something about the server.
     *
     * @throws IllegalArgumentException when the ticket is not of this server, for this caller, or too old
     */
    public @Nullable Wanted wanted(byte[] ticket) {
        ByteBuffer bytes = ByteBuffer.wrap(open(TICKET, ticket));
        if (bytes.remaining() <= ID_BYTES || bytes.get() != QUERY) {
            return null;
        }
        return new Wanted(new UUID(bytes.getLong(), bytes.getLong()), BoundStatement.read(bytes));
    }

    /**
     * The command of a ticket that asks for something about the server.
     *
     * @throws IllegalArgumentException when the ticket is not of this server, for this caller, too old, or for a query
     */
    public byte[] command(byte[] ticket) {
        byte[] content = open(TICKET, ticket);
        if (content.length == 0 || content[0] != METADATA) {
            throw new IllegalArgumentException("the ticket is none of this server");
        }
        return Arrays.copyOfRange(content, 1, content.length);
    }

    /** A ticket for what a command asks about the server. */
    public byte[] ofCommand(byte[] command) {
        return seal(
                TICKET,
                ByteBuffer.allocate(1 + command.length)
                        .put(METADATA)
                        .put(command)
                        .array(),
                TICKET_LIFE);
    }

    /** A ticket for the result of a statement. */
    public byte[] of(BoundStatement statement) {
        byte[] bytes = statement.bytes();
        UUID id = UUID.randomUUID();
        byte[] content = ByteBuffer.allocate(1 + ID_BYTES + bytes.length)
                .put(QUERY)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .put(bytes)
                .array();
        return seal(TICKET, content, TICKET_LIFE);
    }

    /**
     * The statement of a handle.
     *
     * @throws IllegalArgumentException when the handle is not of this server, for this caller, or too old
     */
    public BoundStatement statement(byte[] handle) {
        return BoundStatement.read(ByteBuffer.wrap(open(HANDLE, handle)));
    }

    /** A handle for a statement. */
    public byte[] handle(BoundStatement statement) {
        return seal(HANDLE, statement.bytes(), HANDLE_LIFE);
    }

    private byte[] open(String what, byte[] sealed) {
        return seals.open(what, Caller.current().name(), sealed);
    }

    private byte[] seal(String what, byte[] content, Duration life) {
        return seals.seal(what, Caller.current().name(), content, life);
    }
}
