package org.arrownpz.flight;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.auth2.CallHeaderAuthenticator;

/** Lets calls in that carry {@code authorization: Bearer TOKEN}; compares in a time that does not depend on the token. */
final class BearerToken implements CallHeaderAuthenticator {
    private static final String HEADER = "authorization";
    private static final String SCHEME = "Bearer ";

    private final byte[] token;

    BearerToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public AuthResult authenticate(CallHeaders headers) {
        String header = headers.get(HEADER);
        if (header != null
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        token, header.substring(SCHEME.length()).trim().getBytes(StandardCharsets.UTF_8))) {
            return () -> "token";
        }
        throw FlightFaults.of(CallStatus.UNAUTHENTICATED, "send the server's token as authorization: Bearer");
    }
}
