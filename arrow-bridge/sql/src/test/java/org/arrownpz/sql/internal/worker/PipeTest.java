package org.arrownpz.sql.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import org.junit.jupiter.api.Test;

/** Lengths that a process tells are not believed. */
class PipeTest {
    private static Pipe.Head head(char kind, int length) throws IOException {
        byte[] bytes = ByteBuffer.allocate(5).put((byte) kind).putInt(length).array();
        try (Pipe pipe = new Pipe(
                Channels.newChannel(new ByteArrayInputStream(bytes)),
                Channels.newChannel(OutputStream.nullOutputStream()),
                null)) {
            return pipe.next();
        }
    }

    @Test
    void rejectsMessagesLongerThanTheLongest() throws IOException {
        assertThat(head('D', Pipe.LONGEST).length()).isEqualTo(Pipe.LONGEST);
        for (int length : new int[] {-1, Pipe.LONGEST + 1, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> head('D', length)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void rejectsPartsOfSharedMemoryLongerThanASlot() throws IOException {
        assertThat(head('M', 1 << 20)).isEqualTo(new Pipe.Head(Pipe.DATA, 1 << 20));
        assertThatThrownBy(() -> head('M', (1 << 20) + 1)).isInstanceOf(IOException.class);
    }
}
