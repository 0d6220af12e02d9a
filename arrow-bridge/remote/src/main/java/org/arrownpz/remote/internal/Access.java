package org.arrownpz.remote.internal;

import java.net.Authenticator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
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

    /** Proxy, trust and authenticator are the JDK's. */
    private static final class Client {
        static final HttpClient SHARED = make();

        private static HttpClient make() {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofSeconds(10));
            Authenticator authenticator = Authenticator.getDefault();
            return (authenticator == null ? builder : builder.authenticator(authenticator)).build();
        }
    }

    /** A line of the property or variable: the server, a header's name and value. */
    private static final Pattern HEADER =
            Pattern.compile("(https?://[^/\\s]+)/?\\s+([!#$%&'*+.^_`|~0-9A-Za-z-]+):\\s*(\\S.*)");

    private static final String HEADERS = "ARROWNPZ_REMOTE_HEADERS";

    private final URI origin;
    private final @Nullable String basic;
    private final String headers =
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

    static HttpClient client() {
        return Client.SHARED;
    }

    void move(@Nullable URI to) {
        moved = to;
    }

    boolean isMoved() {
        return moved != null;
    }

    /** A request for what is read next, whose URL and headers are secrets. */
    HttpRequest.Builder request() throws NpzException {
        URI to = moved;
        URI at = to != null ? to : origin.getScheme().equals(S3) ? signed(origin, location) : origin;
        HttpRequest.Builder request = HttpRequest.newBuilder(at);
        if (basic != null && at.getRawAuthority().equals(origin.getRawAuthority())) {
            request.header("Authorization", basic);
        }
        for (String line : headers.strip().lines().toList()) {
            Matcher header = HEADER.matcher(line.strip());
            try {
                if (!header.matches()) {
                    throw new IllegalArgumentException();
                }
                if (header.group(1).equalsIgnoreCase(at.getScheme() + "://" + at.getRawAuthority())) {
                    request.setHeader(header.group(2), header.group(3));
                }
            } catch (IllegalArgumentException e) {
                // Without its message, which may hold the value.
                throw location.error(ErrorCode.IO, "a line of " + HEADERS + " is no header that can be sent")
                        .expected("https://SERVER NAME: VALUE")
                        .build();
            }
        }
        return request;
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

    /** What is asked for, with what may be a secret in its query. */
    @Override
    public String toString() {
        return origin.toString();
    }
}
