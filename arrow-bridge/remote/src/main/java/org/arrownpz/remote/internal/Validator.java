package org.arrownpz.remote.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * Judges the heads of answers: whether each is the range that was asked for, of the file that answered first. Nothing
 * that a server sent becomes part of a message but numbers.
 */
final class Validator {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes (?:([0-9]{1,18})-([0-9]{1,18})|\\*)/([0-9]{1,18})");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern STRONG_TAG = Pattern.compile("\"[!#-~]*\"");

    private final Location location;
    /** The first answer's facts; written before any other request. */
    private volatile long size = -1;

    private volatile Optional<String> tag = Optional.empty();
    private volatile Optional<String> modified = Optional.empty();
    private volatile ByteBuffer tail = ByteBuffer.allocate(0);
    private volatile boolean stale;

    /** Status and headers of an answer. */
    record Head(int status, Function<String, @Nullable String> headers) {
        Optional<String> header(String name) {
            return Optional.ofNullable(headers.apply(name));
        }
    }

    /** An answer that leads elsewhere. */
    @SuppressWarnings("serial")
    static final class Moved extends IOException {
        final URI to;

        Moved(URI to) {
            this.to = to;
        }
    }

    /** An answer that another try may better. */
    @SuppressWarnings("serial")
    static final class Busy extends IOException {
        final int status;
        final long seconds;

        /** @param seconds that the server asks to wait */
        Busy(int status, long seconds) {
            this.status = status;
            this.seconds = seconds;
        }
    }

    Validator(Location location) {
        this.location = location;
    }

    long size() {
        return size;
    }

    /** The file's last bytes, once they are here. */
    ByteBuffer tail() {
        return tail;
    }

    /** The entity tag, where it tells every change of a byte; null before the first answer. */
    @Nullable
    String strongTag() {
        return tag.filter(text -> STRONG_TAG.matcher(text).matches()).orElse(null);
    }

    /** Lets pass what may be a range of bytes. */
    void status(Head head, URI at) throws IOException {
        int status = head.status();
        if (status < 402 && head.header("x-amz-bucket-region").isPresent() && status != 206) {
            throw location.error(ErrorCode.IO, "the bucket is in another region")
                    .remedy("Set AWS_REGION, or the region of AWS_PROFILE, to the bucket's")
                    .build();
        }
        if (REDIRECTS.contains(status)) {
            throw new Moved(moved(head, at));
        }
        if (BUSY.contains(status)) {
            throw new Busy(status, retryAfter(head));
        }
        if (size >= 0 && (status == 412 || status == 416)) {
            throw changed("status " + status);
        }
        if (status != 206 && status != 416) {
            throw refused(location, status);
        }
        if (head.header("Content-Encoding")
                .filter(text -> !text.equalsIgnoreCase("identity"))
                .isPresent()) {
            throw location.error(ErrorCode.IO, "the server compresses what was asked for as it is")
                    .build();
        }
    }

    private URI moved(Head head, URI at) throws NpzException {
        try {
            URI to = at.resolve(URI.create(head.header("Location").orElse(":")));
            boolean secure = "https".equalsIgnoreCase(to.getScheme());
            boolean plain = "http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(at.getScheme());
            if ((secure || plain) && to.getHost() != null && to.getRawUserInfo() == null) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // No URI.
        }
        throw location.error(ErrorCode.IO, "the server redirects to where no file is fetched from")
                .expected(at.getScheme().equalsIgnoreCase("https") ? "https:" : "https: or http:")
                .build();
    }

    private static long retryAfter(Head head) {
        String text = head.header("Retry-After").orElse("0");
        // Dates are as good as none.
        return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }

    static NpzException refused(Location location, int status) {
        String problem = switch (status) {
            case 200 -> "the server sends whole files only, not ranges of them";
            case 401, 403, 407 -> "the server refuses access (status " + status + ")";
            case 404, 410 -> "there is no such file (status " + status + ")";
            default -> "the server answers with status " + status;
        };
        NpzException.Builder refused = location.error(ErrorCode.IO, problem);
        return (status == 200 ? refused.remedy("Download the file") : refused).build();
    }

    /** Takes size and validators from the first answer, for the file's last bytes, and makes room for these. */
    ByteBuffer first(Head head, int most) throws NpzException {
        Matcher range = range(head);
        long total = Long.parseLong(range.group(3));
        if (head.status() == 416) {
            if (total != 0) {
                throw refused(location, 416);
            }
        } else {
            long start = Math.max(0, total - most);
            require(head, range, start, total - 1);
        }
        tag = head.header("ETag");
        modified = head.header("Last-Modified");
        tail = ByteBuffer.allocate((int) Math.min(total, most));
        size = total;
        return tail;
    }

    /** Holds an answer against the request and against the first answer. */
    void check(Head head, long start, long end) throws NpzException {
        Matcher range = range(head);
        long total = Long.parseLong(range.group(3));
        if (total != size) {
            throw changed(total + " bytes");
        }
        if (!head.header("ETag").equals(tag)) {
            throw changed("another entity tag");
        }
        if (tag.isEmpty() && !head.header("Last-Modified").equals(modified)) {
            throw changed("another time of change");
        }
        require(head, range, start, end);
    }

    private Matcher range(Head head) throws NpzException {
        Matcher range = CONTENT_RANGE.matcher(head.header("Content-Range").orElse(""));
        if (!range.matches()) {
            throw location.error(ErrorCode.IO, "the server does not say which bytes of how many it sends")
                    .expected("a header Content-Range with both")
                    .build();
        }
        return range;
    }

    private void require(Head head, Matcher range, long start, long end) throws NpzException {
        String expected = "bytes " + start + " to " + end;
        if (range.group(1) == null
                || Long.parseLong(range.group(1)) != start
                || Long.parseLong(range.group(2)) != end
                || end < start) {
            throw location.error(ErrorCode.IO, "the server sends another range than was asked for")
                    .expected(expected)
                    .found("bytes " + range.group(1) + " to " + range.group(2))
                    .build();
        }
        long length = head.header("Content-Length")
                .filter(text -> NUMBER.matcher(text).matches())
                .map(Long::valueOf)
                .orElse(end - start + 1);
        if (length != end - start + 1) {
            throw location.error(ErrorCode.IO, "the server says two lengths of one answer")
                    .expected(expected)
                    .found(length + " bytes")
                    .build();
        }
    }

    /** Whether an answer was of another file than the first. */
    boolean isStale() {
        return stale;
    }

    private NpzException changed(String found) {
        stale = true;
        return location.error(ErrorCode.FILE_CHANGED, "the file changed while in use")
                .expected(size + " bytes, as when it was opened")
                .found(found)
                .remedy("Open it again")
                .build();
    }
}
