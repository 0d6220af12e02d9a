package org.arrownpz.flight;

import java.io.IOException;
import java.util.Locale;
import org.arrownpz.flight.internal.access.Certificates;
import org.arrownpz.flight.internal.access.Login;
import org.arrownpz.flight.internal.access.Rights;
import org.arrownpz.flight.internal.access.Seals;
import org.arrownpz.flight.internal.access.Shares;
import org.arrownpz.flight.internal.access.Tokens;
import org.arrownpz.flight.internal.access.WebTokens;
import org.arrownpz.flight.internal.watch.Watch;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** The files that say who is let in, as a server reads them, at its start and when they change. */
record AccessFiles(
        Seals seals,
        Tokens tokens,
        @Nullable WebTokens web,
        @Nullable Certificates certificates,
        Login login) implements AutoCloseable {
    /**
     * Reads the files.
     *
     * @throws IOException when one cannot be read, or is not what it should be
     */
    static AccessFiles read(ServerOptions.Access access) throws IOException {
        Seals seals = Seals.of(access.ticketKey);
        Tokens tokens = new Tokens(access.token, access.tokens);
        try (Rollback undo = Rollback.of(tokens)) {
            WebTokens web = access.jwks == null ? null : new WebTokens(access.jwks, access.issuer, access.audience);
            try (Rollback also = Rollback.of(() -> close(web))) {
                Certificates certificates = access.certificate == null || access.key == null
                        ? null
                        : new Certificates(access.certificate, access.key, access.clients);
                also.commit();
                Login login = new Login(tokens, web, seals, Rights.of(access.rights));
                return undo.commit(new AccessFiles(seals, tokens, web, certificates, login));
            }
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "JSON web tokens need com.nimbusds:nimbus-jose-jwt: add it to the class path", e);
        }
    }

    /** Tells their state, and what callers were refused. */
    void tell(Watch watch, Shares shares) {
        for (Shares.Kind kind : Shares.Kind.values()) {
            String share = kind.name().toLowerCase(Locale.ROOT);
            watch.gauge(
                    "arrownpz.shares.most", "The most that one caller has.", () -> shares.most(kind), "share", share);
            watch.count(
                    "arrownpz.refusals",
                    "Calls of callers that had their share already.",
                    () -> shares.refused(kind),
                    "share",
                    share);
        }
        watch.count("arrownpz.logins.refused", "Calls without a token, or with a wrong one.", login::refused);
        watch.gauge(
                "arrownpz.tokens.unusable",
                "1 while the file of tokens is gone or broken.",
                () -> tokens.isUsable() ? 0 : 1);
        watch.gauge(
                "arrownpz.tokens.changed.seconds",
                "The time at which the file of tokens was changed, in seconds since 1970; 0 where there is none.",
                tokens::changed);
        watch.gauge(
                "arrownpz.tokens.next.end.seconds",
                "The end of the next token, in seconds since 1970; 0 where none ends.",
                tokens::nextEnd);
        if (certificates != null) {
            watch.gauge(
                    "arrownpz.certificate.unusable",
                    "1 while the files of the certificate are gone or broken.",
                    () -> certificates.isUsable() ? 0 : 1);
            watch.gauge(
                    "arrownpz.certificate.end.seconds",
                    "The end of the certificate, in seconds since 1970.",
                    certificates::end);
        }
    }

    private static void close(@Nullable WebTokens web) {
        if (web != null) {
            web.close();
        }
    }

    /** Looks at them no more. */
    @Override
    public void close() {
        tokens.close();
        close(web);
        if (certificates != null) {
            certificates.close();
        }
    }
}
