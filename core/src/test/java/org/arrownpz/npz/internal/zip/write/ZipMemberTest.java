package org.arrownpz.npz.internal.zip.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Local headers byte for byte. */
class ZipMemberTest {
    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer fixed(int version, int flags, int method, int crc, int packed, int size, int name) {
        return ByteBuffer.allocate(200)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x04034b50)
                .putShort((short) version)
                .putShort((short) flags)
                .putShort((short) method)
                .putShort((short) 0)
                .putShort((short) (1 << 5 | 1))
                .putInt(crc)
                .putInt(packed)
                .putInt(size)
                .putShort((short) name);
    }

    private static byte[] written(ByteBuffer buffer) {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    @ParameterizedTest
    @CsvSource({"__meta__.json, 0", "é, 2048"})
    void plainMembersStateTheirSizesInTheHeader(String name, int flags) {
        byte[] utf8 = utf8(name);
        ZipMember member = new ZipMember(utf8, 8, 0, 900, false);
        byte[] header = member.localHeader(1, 0);
        member.crc = 0xCAFEF00D;
        member.compressedSize = 7;
        member.fillIn(header);

        assertThat(header)
                .isEqualTo(written(fixed(20, flags, 8, 0xCAFEF00D, 7, 900, utf8.length)
                        .putShort((short) 0)
                        .put(utf8)));
    }

    @Test
    void arraysStateTheirSizesInAZip64FieldAsNumpyWritesThem() {
        byte[] name = utf8("a.npy");
        ZipMember member = new ZipMember(name, 0, 0, 5_000_000_000L, true);
        member.crc = 1;

        assertThat(member.localHeader(1, 0))
                .isEqualTo(written(fixed(45, 0, 0, 1, -1, -1, 5)
                        .putShort((short) 20)
                        .put(name)
                        .putShort((short) 1)
                        .putShort((short) 16)
                        .putLong(5_000_000_000L)
                        .putLong(5_000_000_000L)));
    }

    @Test
    void storedMembersAreAsLongInTheFileAsTheyAre() {
        assertThat(new ZipMember(utf8("a"), 0, 0, 12, false).compressedSize).isEqualTo(12);
        assertThat(new ZipMember(utf8("a"), 8, 0, 12, false).compressedSize).isZero();
    }

    @Test
    void aPaddingFieldLetsTheDataBeginAtAMultipleOf64() {
        byte[] name = utf8("a.npy");
        for (int lead : new int[] {0, 10, 64, 80, 128}) {
            for (int offset = 0; offset < 130; offset++) {
                byte[] header = new ZipMember(name, 0, offset, 12, true).localHeader(64, lead);
                ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
                int padding = header.length - 55;

                assertThat((offset + header.length + lead) % 64).isZero();
                assertThat((int) fields.getShort(28)).isEqualTo(20 + padding);
                // Id, length and alignment take six bytes; where fewer are missing a whole block more is needed.
                int missing = Math.floorMod(-(offset + 55 + lead), 64);
                assertThat(padding).isEqualTo(missing > 0 && missing < 6 ? missing + 64 : missing);
                if (padding > 0) {
                    assertThat(fields.getShort(55)).isEqualTo((short) 0xd935);
                    assertThat((int) fields.getShort(57)).isEqualTo(padding - 4);
                    assertThat((int) fields.getShort(59)).isEqualTo(64);
                    assertThat(Arrays.copyOfRange(header, 61, header.length)).isEqualTo(new byte[padding - 6]);
                }
            }
        }
    }
}
