package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The address for a browser lets in one page. */
class WebSessionTest {
    @TempDir
    Path directory;

    @Test
    void isGivenOnceForTheCodeOfAnAddress() throws Exception {
        try (WebCalls calls = new WebCalls(directory, ServerOptions.defaults().withToken("s3cret"))) {
            String code = calls.server.browserUri().replaceFirst(".*#code=", "");
            String answer = new String(
                    calls.get("/session", "Authorization", "Bearer " + code).body());
            assertThat(answer).matches("\\{\"token\":\"anpz_[A-Za-z0-9_-]+\"}");
            String session = answer.replaceAll("\\{\"token\":\"|\"}", "");
            assertThat(calls.get("/session", "Authorization", "Bearer " + code).statusCode())
                    .isEqualTo(401);
            assertThat(calls.get("/tables", "Authorization", "Bearer " + session)
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
