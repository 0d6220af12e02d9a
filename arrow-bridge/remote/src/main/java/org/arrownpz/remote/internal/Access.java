package org.arrownpz.remote.internal;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * The place of a file and the rights of whoever asks for it: password, headers of one's own, signatures. None of these
 * becomes part of a message. Safe for use by several threads.
 */
final class Access {
    /** The scheme of objects in buckets. */
    static final String S3 = "s3";

    /** A line of the property or variable: the server, a header's name and value. */
    private static final Pattern HEADER = Pattern.compile(
            "(https?://[^/\\s]+)/?\\s+(?!(?i:host|connection|content-length|transfer-encoding|range|if-match"
                    + "|accept-encoding):)([!#$%&'*+.^_`|~0-9A-Za-z-]+):\\s*([\\t -~]+)");

    private static final String HEADERS = "ARROWNPZ_REMOTE_HEADERS";

    private final URI origin;
    private final @Nullable String basic;
    private final String own =
            System.getProperty("arrownpz.remote.headers", System.getenv().getOrDefault(HEADERS, ""));
    private final Location location;
    /** The end of the last redirects; null before the first, and after it led nowhere. */
    private volatile @Nullable URI moved;

    Access(URI uri, Location location) {
        String user = uri.getUserInfo();
        this.basic = user == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        String raw = uri.getRawUserInfo();
        // A fragment is the reader's business.
        String bare = uri.toString().replaceFirst("#.*", "");
        this.origin = URI.create(raw == null ? bare : bare.replace("//" + raw + "@", "//"));
        this.location = location;
    }

    void move(@Nullable URI to) {
        moved = to;
    }

    boolean isMoved() {
        return moved != null;
    }

    /** The URL to ask next: a secret. */
    URI where() throws NpzException {
        URI to = moved;
        return to != null ? to : origin.getScheme().equals(S3) ? signed(origin, location) : origin;
    }

    /** The headers that a URL is asked with: secrets. */
    Map<String, String> headers(URI at) throws NpzException {
        Map<String, String> sent = new HashMap<>();
        if (basic != null && at.getRawAuthority().equals(origin.getRawAuthority())) {
            sent.put("Authorization", basic);
        }
        for (String line : own.strip().lines().toList()) {
            Matcher header = HEADER.matcher(line.strip());
            if (!header.matches()) {
                throw location.error(ErrorCode.IO, "a line of " + HEADERS + " is no header that can be sent")
                        .expected("https://SERVER NAME: VALUE")
                        .build();
            }
            if (header.group(1).equalsIgnoreCase(at.getScheme() + "://" + at.getRawAuthority())) {
                sent.put(header.group(2), header.group(3));
            }
        }
        return sent;
    }

    /** The URL of an object for whoever may read it. */
    static URI signed(URI object, Location location) throws NpzException {
        try {
            return Buckets.sign(object, location);
        } catch (NoClassDefFoundError e) {
            throw location.error(ErrorCode.IO, "the AWS SDK, which s3: needs, is not on the class path")
                    .remedy("Add software.amazon.awssdk:s3 and software.amazon.awssdk:url-connection-client")
                    .cause(e)
                    .build();
        }
    }

    /** The URL without a password; its query may be a secret. */
    @Override
    public String toString() {
        return origin.toString();
    }
}
