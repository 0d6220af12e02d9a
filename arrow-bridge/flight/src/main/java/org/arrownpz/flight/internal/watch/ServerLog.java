package org.arrownpz.flight.internal.watch;

import io.grpc.Status;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.arrownpz.SafeText;
import org.arrownpz.flight.internal.FlightFaults;
import org.jspecify.annotations.Nullable;

/**
 * News for those who run a server, by the logger {@code org.arrownpz.flight}. Of failed calls only some a minute
 * are told, so that no client can fill it. Safe for use by several threads.
 */
public final class ServerLog {
    private static final Logger LOGGER = System.getLogger("org.arrownpz.flight");
    /** The ends of calls for which the server, or its machine, is to blame. */
    private static final Set<Status.Code> OURS = EnumSet.of(Status.Code.INTERNAL, Status.Code.UNAVAILABLE);

    private static final int LONGEST_CHAIN = 10;
    private static final int TEXT_LENGTH = 1000;
    static final int MOST_A_MINUTE = 30;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private long since = System.nanoTime();
    private int told;

    /** Tells something that clients cannot bring about. */
    public static void say(String text) {
        LOGGER.log(Level.WARNING, text);
    }

    /** Tells why a call failed, where that is not the client's fault and has a cause that the client is not told. */
    void ended(WatchedCall call, Status status) {
        boolean statement = status.getCause() instanceof FlightFaults.OfStatement;
        Throwable cause = statement ? status.getCause().getCause() : status.getCause();
        if (cause != null && OURS.contains(status.getCode()) && mayTell()) {
            String what = call.name() + " ended with " + status.getCode() + ": ";
            LOGGER.log(Level.WARNING, what + text(cause, statement));
            LOGGER.log(Level.DEBUG, what, cause);
        }
    }

    private synchronized boolean mayTell() {
        long now = System.nanoTime();
        if (now - since > MINUTE_NANOS) {
            since = now;
            told = 0;
        }
        if (++told == MOST_A_MINUTE) {
            say("many calls fail: no more of them are told in this minute");
        }
        return told < MOST_A_MINUTE;
    }

    /** The text of a failure: of files all of it, but nothing of DuckDB's, which repeats values of statements. */
    private static String text(Throwable cause, boolean hidden) {
        List<String> names = new ArrayList<>();
        @Nullable String said = null;
        Throwable link = cause;
        for (int depth = 0; link != null && depth < LONGEST_CHAIN; depth++) {
            if (link instanceof SQLException) {
                return String.join(" < ", names) + " of DuckDB";
            }
            said = said == null && link instanceof IOException ? link.getMessage() : said;
            names.add(link.getClass().getSimpleName());
            link = link.getCause();
        }
        String all = String.join(" < ", names) + (hidden ? "" : ": " + cause.getMessage());
        return SafeText.escape(said == null ? all : said, TEXT_LENGTH);
    }
}
