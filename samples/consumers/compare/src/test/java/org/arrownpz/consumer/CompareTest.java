package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.arrownpz.compare.fixture.FrameFixture;
import org.junit.jupiter.api.Test;

/** {@code arrow-npz-compare} alone: a frame from a line of text. */
class CompareTest {
    @Test
    void makesAFrame() {
        assertNotNull(FrameFixture.parse("s(3,2)"));
    }

    @Test
    void bringsWhatTheReadmeSays() throws Exception {
        Carried.requireReadme("arrow-npz-compare");
    }
}
