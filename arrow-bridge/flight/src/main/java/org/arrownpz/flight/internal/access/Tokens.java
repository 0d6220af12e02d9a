package org.arrownpz.flight.internal.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.arrownpz.flight.internal.watch.ServerLog;
import org.jspecify.annotations.Nullable;

/**
 * Secrets and whose they are. Looking one up compares its digest with those of all, so that it takes the same time
 * whether there is one that begins like it or not. Safe for use by several threads.
 */
public final class Tokens implements AutoCloseable {
    static final Duration GRACE = Duration.ofSeconds(60);

    private final TokenFile.@Nullable Entry single;
    private final @Nullable Path file;
    private final LongSupplier clock;
    private final @Nullable Future<?> watching;
    private List<TokenFile.Entry> known = List.of();
    private String version = "";
    private long changed;
    private boolean usable = true;
    private boolean warned;
    private long unusableSince;

    /**
     * Knows one token, with all rights, and those of a file.
     *
     * @throws IOException when the file cannot be read or is not what it should be
     */
    public Tokens(@Nullable String token, @Nullable Path file) throws IOException {
        this(token, file, System::nanoTime);
    }

    Tokens(@Nullable String token, @Nullable Path file, LongSupplier clock) throws IOException {
        this.single = token == null
                ? null
                : new TokenFile.Entry(
                        new Caller(Login.SINGLE, Rights.ALL), TokenFile.digest(token), Instant.MAX, false);
        this.file = file;
        this.clock = clock;
        if (file != null) {
            version = Reloaded.version(List.of(file));
            known = load(file);
        }
        // Also while nobody calls, so that the grace begins when the file is lost.
        watching = file == null
                ? null
                : Delays.CLOCK.scheduleWithFixedDelay(
                        this::current, Reloaded.LOOK_SECONDS, Reloaded.LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** The digest of the one token that has all rights, or null. */
    byte @Nullable [] single() {
        return single == null ? null : single.digest();
    }

    /** Whether nobody is asked for a token. */
    boolean isEmpty() {
        return single == null && file == null;
    }

    /** The owner of a token, or null. */
    @Nullable
    Caller byToken(String token) {
        return find(TokenFile.digest(token), null);
    }

    /** The caller with that name, if the token is its own. */
    @Nullable
    Caller byName(String name, String token) {
        return find(TokenFile.digest(token), name);
    }

    private @Nullable Caller find(byte[] digest, @Nullable String name) {
        Caller found = null;
        Instant now = Instant.now();
        List<TokenFile.Entry> all = new ArrayList<>(current());
        if (single != null) {
            all.add(single);
        }
        for (TokenFile.Entry token : all) {
            // All of them, whatever was found.
            boolean same = MessageDigest.isEqual(token.digest(), digest);
            if (same
                    & now.isBefore(token.end())
                    & (name == null || name.equals(token.caller().name()))) {
                found = token.caller();
            }
        }
        return found;
    }

    /** The file's tokens; those that were there before for a while after it has become none. */
    private synchronized List<TokenFile.Entry> current() {
        if (file == null) {
            return known;
        }
        try {
            String found = Reloaded.version(List.of(file));
            if (!usable || !found.equals(version)) {
                known = load(file);
                version = found;
            }
            if (!usable) {
                usable = true;
                ServerLog.say("the tokens can be read again");
            }
        } catch (IOException e) {
            miss(e);
        }
        return known;
    }

    /** It is being written, or is gone, or is no list of tokens. */
    private void miss(IOException e) {
        long now = clock.getAsLong();
        String reason = Reloaded.reason(e);
        if (usable) {
            usable = false;
            unusableSince = now;
            ServerLog.say("the tokens cannot be read (" + reason + "): those of before are good for "
                    + GRACE.toSeconds() + " seconds more");
        }
        if (!known.isEmpty() && now - unusableSince >= GRACE.toNanos()) {
            known = List.of();
            ServerLog.say("the tokens cannot be read (" + reason + "): those of before are good no more");
        }
    }

    /** The time at which the file was last changed, in seconds since 1970, or 0 where there is none. */
    public synchronized long changed() {
        return changed;
    }

    /** Whether the file is there and what it should be. */
    public synchronized boolean isUsable() {
        return usable;
    }

    @Override
    public void close() {
        if (watching != null) {
            watching.cancel(false);
        }
    }

    /** The time at which the next token ends, in seconds since 1970, or 0 where none does. */
    public synchronized long nextEnd() {
        Instant now = Instant.now();
        return known.stream()
                .map(TokenFile.Entry::end)
                .filter(end -> end.isAfter(now) && end.isBefore(Instant.MAX))
                .mapToLong(Instant::getEpochSecond)
                .min()
                .orElse(0);
    }

    private List<TokenFile.Entry> load(Path from) throws IOException {
        long time = Files.getLastModifiedTime(from).to(TimeUnit.SECONDS);
        List<TokenFile.Entry> entries = TokenFile.read(from);
        changed = time;
        long plain = entries.stream().filter(TokenFile.Entry::plain).count();
        if (plain > 0 && !warned) {
            warned = true;
            ServerLog.say("tokens in plain text: " + plain + " of " + entries.size()
                    + " in their file; the command arrow-npz token makes lines that hold SHA-256 alone");
        }
        return entries;
    }
}
