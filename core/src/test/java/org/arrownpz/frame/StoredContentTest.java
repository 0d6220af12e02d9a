package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheck.class)
class StoredContentTest {
    /** Every row of the Unicode standard's table 3-7, its first and last sequences, and what lies beside them. */
    @ParameterizedTest
    @CsvSource({
        "'', true",
        "00, true",
        "7f, true",
        "80, false",
        "c0af, false",
        "c1bf, false",
        "c280, true",
        "dfbf, true",
        "c2, false",
        "c241, false",
        "c2c2, false",
        "e09fbf, false",
        "e0a080, true",
        "e0bfbf, true",
        "e18080, true",
        "ed9fbf, true",
        "eda080, false",
        "edbfbf, false",
        "ee8080, true",
        "efbfbf, true",
        "e180, false",
        "e18041, false",
        "e1c080, false",
        "f08fbfbf, false",
        "f0908080, true",
        "f1808080, true",
        "f48fbfbf, true",
        "f4908080, false",
        "f5808080, false",
        "f1808041, false",
        "f18080, false",
        "ff, false",
        "41c2a942e28882f09f988043, true",
        "41c2a942e28882f09f9880ff, false",
    })
    void tellsUtf8(String hex, boolean valid, BufferAllocator allocator) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        try (ArrowBuf buffer = allocator.buffer(bytes.length + 2L)) {
            buffer.setByte(0, 0xff);
            buffer.setBytes(1, bytes);
            buffer.setByte(bytes.length + 1L, 0x80);
            assertThat(StoredContent.isUtf8(buffer, 1, bytes.length + 1L)).isEqualTo(valid);
            String decoded = new String(bytes, StandardCharsets.UTF_8);
            assertThat(Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), bytes))
                    .isEqualTo(valid);
        }
    }

    @Test
    void findsBadTextWithinAndBehindViews(BufferAllocator allocator) {
        StoredContent content = new StoredContent(new DictionaryProvider.MapDictionaryProvider());
        try (ViewVarCharVector views = new ViewVarCharVector("v", allocator)) {
            views.allocateNew();
            views.setSafe(0, "short é".getBytes(StandardCharsets.UTF_8));
            views.setNull(1);
            views.setSafe(2, "longer than twelve bytes é".getBytes(StandardCharsets.UTF_8));
            views.setValueCount(3);
            assertThat(content.fault(List.of(views))).isNull();
            views.getDataBuffers().get(0).setByte(13, 0xff);
            assertThat(content.fault(List.of(views))).isEqualTo("the text at index 2 is no UTF-8");
            views.getDataBuffer().setByte(4, 0xff);
            assertThat(content.fault(List.of(views))).isEqualTo("the text at index 0 is no UTF-8");
        }
    }
}
