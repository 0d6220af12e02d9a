package org.arrownpz.fuzz;

import java.util.Arrays;
import org.arrownpz.flight.ClientInput;
import org.arrownpz.flight.ClientInput.Kind;

/**
 * Commands, tickets, handles, actions, names and parameters, as clients of the Flight server send them. The first byte
 * tells which.
 */
public final class FlightCommandsTarget {
    private static final Kind[] KINDS = Kind.values();
    private static final ClientInput SERVER = ClientInput.in(Scratch.directory().resolve("served"));

    private FlightCommandsTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        if (data.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(data, 1, data.length);
        Oracle.holds(allocator -> SERVER.send(KINDS[(data[0] & 0xff) % KINDS.length], rest));
    }
}
