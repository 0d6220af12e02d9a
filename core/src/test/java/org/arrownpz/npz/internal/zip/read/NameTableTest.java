package org.arrownpz.npz.internal.zip.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NameTableTest {
    private static final int NAMES = 1000;

    private static int slot(NameTable table, long first, long second) {
        byte[] name = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(first)
                .putLong(second)
                .array();
        return table.first(name, 0, name.length);
    }

    @Test
    @DisplayName("B10: names that differ in the upper bits of their words do not share a slot")
    void differencesOfUpperBitsDoNotCancelEachOther() {
        NameTable table = new NameTable(1 << 18);
        Random random = new Random(1);
        int shared = 0;
        for (int i = 0; i < NAMES; i++) {
            long first = random.nextLong();
            long second = random.nextLong();
            if (slot(table, first, second) == slot(table, first ^ 1L << 62, second ^ (1L << 62 | 1L << 33))) {
                shared++;
            }
        }
        // By chance, one of a million pairs.
        assertThat(shared).isLessThan(5);
    }
}
