package org.arrownpz.frame.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class StoredContentTest {
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
