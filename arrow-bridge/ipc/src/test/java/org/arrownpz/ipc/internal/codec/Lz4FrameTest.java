package org.arrownpz.ipc.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream.BlockSize;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our LZ4 against Commons Compress, in both directions. */
class Lz4FrameTest {
    static Stream<byte[]> contents() {
        Random random = new Random(7);
        byte[] noise = new byte[100_000];
        random.nextBytes(noise);
        byte[] steps = new byte[20_000];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = (byte) (i % 8 == 0 ? random.nextInt(256) : i / 100);
        }
        byte[] text =
                "the same words again and again, the same words. ".repeat(4000).getBytes(StandardCharsets.UTF_8);
        byte[] large = new byte[(4 << 20) + 12345];
        for (int i = 0; i < large.length; i += 1000) {
            large[i] = (byte) random.nextInt();
        }
        return Stream.of(
                new byte[0],
                new byte[1],
                new byte[12],
                new byte[13],
                new byte[100],
                "abcabcabcabcabc".getBytes(StandardCharsets.UTF_8),
                noise,
                steps,
                text,
                large);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void writesFramesThatOthersRead(byte[] content) throws IOException {
        byte[] frame = compress(content);
        try (var input = new FramedLZ4CompressorInputStream(new ByteArrayInputStream(frame))) {
            assertThat(input.readAllBytes()).isEqualTo(content);
        }
        assertThat(decompress(frame, content.length)).isEqualTo(content);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void readsFramesThatOthersWrite(byte[] whole) throws IOException {
        // Commons Compress needs seconds for the longest.
        byte[] content = Arrays.copyOf(whole, Math.min(whole.length, 40_000));
        for (Parameters parameters : List.of(
                Parameters.DEFAULT,
                new Parameters(BlockSize.K64, true, true, true),
                new Parameters(BlockSize.K64, false, false, true),
                new Parameters(BlockSize.M1, true, false, false))) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream output = new FramedLZ4CompressorOutputStream(bytes, parameters)) {
                output.write(content);
            }
            assertThat(decompress(bytes.toByteArray(), content.length)).isEqualTo(content);
        }
    }

    @Test
    void shortensWhatRepeats() {
        assertThat(compress(new byte[100_000]).length).isLessThan(500);
    }

    @Test
    void refusesOrReadsDamagedFramesWithoutLeavingThem() {
        byte[] frame = compress("words and more words and words ".repeat(50).getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < frame.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = frame.clone();
                damaged[i] ^= (byte) (1 << bit);
                try {
                    decompress(damaged, 1550);
                } catch (IllegalArgumentException
                        | IndexOutOfBoundsException
                        | ArithmeticException
                        | BufferUnderflowException e) {
                    // A refusal.
                }
            }
            byte[] cut = Arrays.copyOf(frame, i);
            assertThatThrownBy(() -> decompress(cut, 1550)).isInstanceOf(RuntimeException.class);
        }
    }

    private static byte[] compress(byte[] content) {
        ByteBuffer plain =
                ByteBuffer.allocateDirect(content.length).put(content).flip();
        ByteBuffer frame = ByteBuffer.allocateDirect((int) Lz4Frame.bound(content.length));
        int length = Lz4Frame.compress(plain, frame, new Lz4Block.Table());
        byte[] bytes = new byte[length];
        frame.get(0, bytes);
        return bytes;
    }

    private static byte[] decompress(byte[] frame, int length) {
        ByteBuffer source = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
        ByteBuffer target = ByteBuffer.allocateDirect(length);
        byte[] bytes = new byte[Lz4Frame.decompress(source, target)];
        target.get(0, bytes);
        return bytes;
    }
}
