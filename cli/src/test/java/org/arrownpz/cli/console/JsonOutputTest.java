package org.arrownpz.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonOutputTest {
    private static final String TEXT = "a\u007fb\u0080\u009b2J\u00a0\u00c2é中😀\u009f";
    private static final String SAFE = "a\\u007fb\\u0080\\u009b2J\u00a0\u00c2é中😀\\u009f";

    @Test
    void escapesControlCharacters() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonOutput(out).write(TEXT.getBytes(StandardCharsets.UTF_8));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(SAFE);
    }

    @Test
    void knowsThemFromByteToByte() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonOutput json = new JsonOutput(out);
        for (byte b : TEXT.getBytes(StandardCharsets.UTF_8)) {
            json.write(b);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(SAFE);
    }
}
