package org.arrownpz.remote.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.Map;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of one's own: whom they are sent to, and that nobody else learns them. */
class AccessTest {
    private static final String HEADERS = "arrownpz.remote.headers";

    @AfterEach
    void clear() {
        System.clearProperty(HEADERS);
    }

    private static Map<String, String> sent(String uri) throws NpzException {
        Access access = new Access(URI.create(uri), Location.ofFile("x"));
        return access.headers(access.where());
    }

    @Test
    void headersGoToTheServerTheyName() throws Exception {
        System.setProperty(
                HEADERS,
                "https://hub.example Authorization: Bearer t0ken\nhttps://hub.example:8443/ X-Key:  other one ");
        assertThat(sent("https://hub.example/a.npz").toString()).isEqualTo("{Authorization=Bearer t0ken}");
        assertThat(sent("https://hub.example:8443/a.npz").toString()).isEqualTo("{X-Key=other one}");
        for (String other :
                new String[] {"http://hub.example/a", "https://hub.example.org/a", "https://example/hub.example"}) {
            assertThat(sent(other)).isEmpty();
        }
    }

    @Test
    void headersAreNotSentWhereARedirectLeads() throws Exception {
        System.setProperty(HEADERS, "https://hub.example Authorization: Bearer t0ken");
        Access access = new Access(URI.create("https://hub.example/a.npz"), Location.ofFile("x"));
        access.move(URI.create("https://store.example/signed"));
        assertThat(access.headers(access.where())).isEmpty();
    }

    @Test
    void headerOfOnesOwnTakesThePlaceOfThePassword() throws Exception {
        System.setProperty(HEADERS, "https://hub.example Authorization: Bearer t0ken");
        assertThat(sent("https://anna:pass@hub.example/a.npz").toString()).isEqualTo("{Authorization=Bearer t0ken}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: s3cret",
                "https://hub.example s3cret",
                "ftp://hub.example X: s3cret",
                "https://hub.example Host: s3cret",
                "https://hub.example X: s3cret\u0007"
            })
    void refusesWhatIsNoHeaderWithoutRepeatingIt(String line) {
        System.setProperty(HEADERS, line);
        NpzException fault = catchThrowableOfType(NpzException.class, () -> sent("https://hub.example/a.npz"));
        assertThat(fault)
                .isNotNull()
                .hasMessageContaining("ARROWNPZ_REMOTE_HEADERS")
                .hasNoCause();
        assertThat(fault.toString()).doesNotContain("s3cret");
    }
}
