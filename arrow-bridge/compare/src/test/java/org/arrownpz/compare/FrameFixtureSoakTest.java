package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A hundred million values per fixture, as frame-fixtures makes them. */
@Tag("soak")
class FrameFixtureSoakTest {
    private static final JsonNode DIGESTS = Golden.json("nine_fixtures_digests.json");

    static List<String> digested() {
        List<String> names = new ArrayList<>();
        DIGESTS.fieldNames().forEachRemaining(name -> {
            if (name.startsWith("1e8_")) {
                names.add(name);
            }
        });
        return names;
    }

    @ParameterizedTest
    @MethodSource("digested")
    void aHundredMillionValuesHaveTheDigest(String name) throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            DigestedFixture.check(DIGESTS.get(name), allocator);
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }
}
