package org.arrownpz.cli.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.arrownpz.support.JsonObject;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    private static final String TEXT = "a\u007fb\u0080\u009b2J\u00a0\u00c2é中😀\u009f";
    private static final String SAFE = "a\\u007fb\\u0080\\u009b2J\u00a0\u00c2é中😀\\u009f";

    @Test
    void escapesControlCharactersOfNamesAndTexts() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonLines.print(new JsonObject().put(TEXT, TEXT), out);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualToIgnoringCase("{\"" + SAFE + "\":\"" + SAFE + "\"}\n");
    }

    @Test
    void escapesControlCharactersOfAsciiBytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var json = JsonLines.generator(out)) {
            new JsonSink(json).ascii(new byte[] {'a', 0x7f, 'b'}, 3);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualToIgnoringCase("\"a\\u007fb\"");
    }
}
