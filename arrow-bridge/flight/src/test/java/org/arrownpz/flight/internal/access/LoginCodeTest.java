package org.arrownpz.flight.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A code in a browser's address lets in one call, which gets a session. */
class LoginCodeTest {
    @Test
    void letsInOneCallWhichGetsASession() throws Exception {
        try (Tokens tokens = new Tokens("s3cret", null)) {
            Login login = new Login(tokens, null, Seals.of(null), Rights.ALL);
            String code = login.newCode();
            assertThat(login.caller("Bearer x", "")).isNull();
            Caller caller = login.caller("Bearer " + code, "");
            assertThat(caller).isNotNull();
            assertThat(login.caller("Bearer " + code, "")).isNull();
            String session = login.session(caller);
            assertThat(session).startsWith("anpz_");
            assertThat(login.caller("Bearer " + session, "")).isEqualTo(caller);
            assertThat(login.session(new Caller("ann", Rights.ALL))).isNull();
        }
    }
}
