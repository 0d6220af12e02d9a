package org.arrownpz.remote.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * Requests for ranges of one file, several in flight: follows redirects, repeats what may be repeated, and ends each in
 * its time. Safe for use by several threads.
 */
final class Requests {
    private static final int MAX_REDIRECTS = 5;
    private static final long MAX_RETRY_AFTER_SECONDS = 10;

    private static final int CONNECT_MILLIS = 10_000;
    /** As many as requests are in flight, for as long as there are some. */
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "arrow-npz-fetch");
        thread.setDaemon(true);
        return thread;
    });

    private final Access access;
    private final Location location;
    private final Settings settings;
    private final Validator validator;
    private final LongAdder requests = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /**
     * The bounds of fetching, each a system property {@code arrownpz.remote.NAME}.
     *
     * @param parallel requests in flight for one file
     * @param cacheBytes bytes of one file that are kept on the heap
     * @param tries of a request that may be repeated
     * @param backoff before the second try; doubled for each further one
     * @param stall the longest time without a byte, the answer's first one included
     * @param whole the longest time of one request
     * @param disk where ranges are kept for later, or null
     */
    record Settings(
            int parallel,
            long cacheBytes,
            int tries,
            Duration backoff,
            Duration stall,
            Duration whole,
            @Nullable DiskCache disk) {
        static final Settings DEFAULT = new Settings(
                Math.max(1, Integer.getInteger("arrownpz.remote.parallel", 8)),
                Long.getLong("arrownpz.remote.cacheBytes", 32L << 20),
                Math.max(1, Integer.getInteger("arrownpz.remote.tries", 4)),
                Duration.ofMillis(Long.getLong("arrownpz.remote.backoffMillis", 100)),
                Duration.ofMillis(Long.getLong("arrownpz.remote.stallMillis", 30_000)),
                Duration.ofMillis(Long.getLong("arrownpz.remote.requestMillis", 300_000)),
                DiskCache.ofProperties());
    }

    /** Bytes from an offset on, as many as the buffer has room for. */
    record Range(long offset, ByteBuffer target) {}

    Requests(URI uri, Location location, Settings settings) {
        this.access = new Access(uri, location);
        this.location = location;
        this.settings = settings;
        this.validator = new Validator(location);
    }

    Location location() {
        return location;
    }

    long size() {
        return validator.size();
    }

    boolean isStale() {
        return validator.isStale();
    }

    String traffic() {
        return "fetched by " + requests.sum() + " requests, " + bytes.sum() + " bytes";
    }

    /** The file's last bytes, at most so many. */
    ByteBuffer open(int most) throws NpzException {
        Flight flight = new Flight("bytes=-" + most, head -> validator.first(head, most));
        flight.await();
        return validator.tail();
    }

    /** Fills all buffers. None is written to any more when this returns or throws. */
    void fetch(List<Range> ranges) throws NpzException {
        DiskCache disk = validator.strongTag() == null ? null : settings.disk();
        List<Range> missing = new ArrayList<>(ranges);
        if (disk != null) {
            missing.removeIf(range -> disk.read(key(range), range.target.duplicate()));
        }
        ArrayDeque<Flight> flying = new ArrayDeque<>();
        try {
            for (Range range : missing) {
                if (flying.size() == settings.parallel()) {
                    flying.element().await();
                    flying.remove();
                }
                long end = range.offset + range.target.remaining() - 1;
                ByteBuffer target = range.target.duplicate();
                flying.add(new Flight("bytes=" + range.offset + "-" + end, head -> {
                    validator.check(head, range.offset, end);
                    return target.position(range.target.position());
                }));
            }
            while (!flying.isEmpty()) {
                flying.element().await();
                flying.remove();
            }
        } finally {
            flying.forEach(Flight::stop);
        }
        if (disk != null) {
            missing.forEach(range -> disk.write(key(range), range.target.duplicate()));
        }
    }

    private String key(Range range) {
        return access + "\n" + validator.strongTag() + size() + "\n" + range.offset + "+" + range.target.remaining();
    }

    /** A request until it succeeds or fails for good. Used by one thread. */
    private final class Flight {
        private final String range;
        private final Answer.Judge judge;
        private Answer answer;
        private Future<?> taken;
        private int redirects;

        Flight(String range, Answer.Judge judge) throws NpzException {
            this.range = range;
            this.judge = judge;
            start();
        }

        private void start() throws NpzException {
            URI at = access.where();
            Map<String, String> headers = access.headers(at);
            headers.putAll(Map.of("Range", range, "Accept", "*/*", "Accept-Encoding", "identity"));
            if (validator.strongTag() != null) {
                headers.put("If-Match", validator.strongTag());
            }
            answer = new Answer(
                    connection(at, headers),
                    head -> {
                        validator.status(head, at);
                        return judge.target(head);
                    },
                    bytes);
            requests.increment();
            taken = THREADS.submit(answer::take);
        }

        void await() throws NpzException {
            for (int attempt = 1; ; ) {
                try {
                    end();
                    return;
                } catch (NpzException e) {
                    // Where a redirect led may not be there for long.
                    if (!access.isMoved() || e.code() != ErrorCode.IO || redirects > 0) {
                        throw e;
                    }
                    stop();
                    access.move(null);
                    redirects = 1;
                } catch (Validator.Moved e) {
                    stop();
                    if (++redirects > MAX_REDIRECTS) {
                        throw location.error(ErrorCode.IO, "the server redirects again and again")
                                .expected("at most " + MAX_REDIRECTS + " redirects")
                                .build();
                    }
                    access.move(e.to);
                } catch (IOException e) {
                    stop();
                    if (attempt++ == settings.tries() || e instanceof SSLException || isTooLong(e)) {
                        throw failed(e);
                    }
                    pause(e, attempt);
                }
                start();
            }
        }

        private boolean isTooLong(IOException e) {
            return e instanceof Validator.Busy busy && busy.seconds > MAX_RETRY_AFTER_SECONDS;
        }

        private void end() throws IOException {
            try {
                taken.get(settings.whole().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw (IOException) new SocketTimeoutException().initCause(e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause());
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }

        void stop() {
            answer.close();
        }
    }

    /** Not connected yet. Proxy, trust and authenticator are the JDK's. */
    private HttpURLConnection connection(URI at, Map<String, String> headers) throws NpzException {
        try {
            HttpURLConnection connection = (HttpURLConnection) at.toURL().openConnection();
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(
                    (int) Math.min(Integer.MAX_VALUE, settings.stall().toMillis()));
            headers.forEach(connection::setRequestProperty);
            return connection;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void pause(IOException e, int attempt) throws NpzException {
        double millis = settings.backoff().toMillis() * (1 << (attempt - 2));
        double jitter = ThreadLocalRandom.current().nextDouble(0.5, 1);
        long asked = e instanceof Validator.Busy busy ? busy.seconds * 1000 : 0;
        try {
            Thread.sleep(Math.max(asked, (long) (millis * jitter)));
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        }
    }

    private NpzException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return location.error(ErrorCode.IO, "the thread was interrupted")
                .cause(e)
                .build();
    }

    /** The fault of the last try. The JDK's messages may hold what the server sent, and stay in the cause. */
    private NpzException failed(IOException e) {
        String problem = "the server's answer breaks off or is none of HTTP";
        if (e instanceof Validator.Busy busy) {
            problem = "the server answers with status " + busy.status;
        } else if (e instanceof SSLException) {
            problem = "the server cannot be trusted (TLS)";
        } else if (e instanceof ConnectException || e instanceof UnknownHostException) {
            problem = "the server cannot be reached";
        } else if (e instanceof SocketTimeoutException) {
            problem = "the server stalls";
        }
        return location.error(ErrorCode.IO, problem)
                .remedy(e instanceof SSLException ? "Trust its certificate (javax.net.ssl.trustStore)" : "Try again")
                .cause(e)
                .build();
    }
}
