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
import org.arrownpz.flight.internal.watch.MetricsText;
import org.arrownpz.internal.memory.Rollback;
import org.jspecify.annotations.Nullable;

/** The files that say who is let in, as a server reads them, at its start and when they change. */
record AccessFiles(
        Seals seals, Tokens tokens, @Nullable WebTokens web, @Nullable Certificates certificates, Login login)
        implements AutoCloseable {
    /**
     * Reads the files.
     *
     * @throws IOException when one cannot be read, or is not what it should be
     */
    static AccessFiles read(ServerAccess access) throws IOException {
        Seals seals = Seals.of(access.ticketKey());
        Tokens tokens = new Tokens(access.token(), access.tokens());
        try (Rollback undo = Rollback.of(tokens)) {
            WebTokens web = access.jwks() == null
                    ? null
                    : new WebTokens(access.jwks(), access.issuer(), access.audience());
            try (Rollback also = Rollback.of(() -> close(web))) {
                Certificates certificates = access.certificate() == null || access.key() == null
                        ? null
                        : new Certificates(access.certificate(), access.key(), access.clients());
                also.commit();
                Login login = new Login(tokens, web, seals, Rights.of(access.rights()));
                return undo.commit(new AccessFiles(seals, tokens, web, certificates, login));
            }
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "JSON web tokens need com.nimbusds:nimbus-jose-jwt: add it to the class path", e);
        }
    }

    /** Their state, and what callers were refused. */
    void print(MetricsText text, Shares shares) {
        text.family("arrownpz_refusals_total", "counter", "Calls of callers that had their share already.");
        for (Shares.Kind kind : Shares.Kind.values()) {
            text.sample(
                    "arrownpz_refusals_total",
                    "share=\"" + kind.name().toLowerCase(Locale.ROOT) + "\"",
                    shares.refused(kind));
        }
        text.single(
                "arrownpz_tokens_unusable",
                "gauge",
                "1 while the file of tokens is gone or broken.",
                tokens.isUsable() ? 0 : 1);
        text.single(
                "arrownpz_tokens_next_end_seconds",
                "gauge",
                "When the next token ends, in seconds since 1970; 0 where none does.",
                tokens.nextEnd());
        if (certificates != null) {
            text.single(
                    "arrownpz_certificate_unusable",
                    "gauge",
                    "1 while the files of the certificate are gone or broken.",
                    certificates.isUsable() ? 0 : 1);
            text.single(
                    "arrownpz_certificate_end_seconds",
                    "gauge",
                    "When the certificate ends, in seconds since 1970.",
                    certificates.end());
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
