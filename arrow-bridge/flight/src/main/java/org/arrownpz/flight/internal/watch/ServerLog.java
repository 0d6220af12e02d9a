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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** A name in quotes, or something else up to its end, where it has one: a text in each form, a comment, a number. */
    private static final Pattern LITERAL = Pattern.compile(
            "\"[^\"]*+\"?|(?i:\\be)'(?:[^'\\\\]|\\\\.?|'')*+'?|'(?:[^']|'')*+'?"
                    + "|\\$(\\w*)\\$.*?(?:\\$\\1\\$|\\z)|--[^\n]*+|/\\*.*(?:\\*/|\\z)|\\b\\d[\\w.]*+",
            Pattern.DOTALL);

    private static final int LONGEST_STATEMENT = 2000;
    private static final int STATEMENT_LENGTH = 300;
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
        Throwable cause = cause(status);
        if (cause != null && mayTell()) {
            String what = call.name() + " ended with " + status.getCode() + ": ";
            String why = text(cause, status.getCause() instanceof FlightFaults.OfStatement);
            LOGGER.log(Level.WARNING, what + why + " (call " + call.id() + ")");
            LOGGER.log(Level.DEBUG, what, cause);
        }
    }

    /** Whether a call that ends so is told, where not too many are. */
    public static boolean tells(Status status) {
        return cause(status) != null;
    }

    private static @Nullable Throwable cause(Status status) {
        Throwable cause = OURS.contains(status.getCode()) ? status.getCause() : null;
        return cause instanceof FlightFaults.OfStatement ? cause.getCause() : cause;
    }

    /**
     * Tells a statement that took long, without its values.
     *
     * @param waited nanoseconds of those that it took, for which it had no process
     */
    public static void slow(UUID id, String caller, long nanos, long waited, long rows, long bytes, String statement) {
        say("slow query " + id + " of '" + SafeText.escape(caller, TEXT_LENGTH) + "': "
                + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms, of which it waited "
                + TimeUnit.NANOSECONDS.toMillis(waited) + ", " + rows + " rows, " + bytes + " bytes: "
                + SafeText.escape(shape(statement), STATEMENT_LENGTH));
    }

    /** A statement without its literals and comments. */
    static String shape(String statement) {
        String text = statement.substring(0, Math.min(statement.length(), LONGEST_STATEMENT));
        return LITERAL.matcher(text)
                .replaceAll(part -> part.group().startsWith("\"") ? Matcher.quoteReplacement(part.group()) : "?")
                .replaceAll("\\s+", " ")
                .strip();
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
