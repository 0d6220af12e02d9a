package org.arrownpz.npz.internal.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npz.internal.zip.read.CentralDirectory;
import org.arrownpz.npz.internal.zip.read.HeaderWindow;
import org.arrownpz.npz.internal.zip.read.LocalHeader;

/** An archive of the one member {@code a.npy}, of which tests bend one field at a time. */
final class Bent {
    static final byte[] NAME = "a.npy".getBytes(StandardCharsets.UTF_8);
    static final byte[] NONE = {};
    static final byte[] CONTENT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    static final Location PLACE = Location.ofFile("test.npz");

    final ByteBuffer bytes;
    final int central;
    private final int end;

    Bent(byte[] archive, int end) {
        this.bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        this.end = end;
        this.central = bytes.getInt(end + 16) == -1 ? (int) bytes.getLong(end - 20 - 56 + 48) : bytes.getInt(end + 16);
    }

    Bent local16(int at, int value) {
        bytes.putShort(at, (short) value);
        return this;
    }

    Bent local32(int at, int value) {
        bytes.putInt(at, value);
        return this;
    }

    Bent central16(int at, int value) {
        bytes.putShort(central + at, (short) value);
        return this;
    }

    Bent central32(int at, int value) {
        bytes.putInt(central + at, value);
        return this;
    }

    Bent end16(int at, int value) {
        bytes.putShort(end + at, (short) value);
        return this;
    }

    Bent end32(int at, int value) {
        bytes.putInt(end + at, value);
        return this;
    }

    /** A field of the zip64 end record. */
    Bent wide(int at, long value) {
        bytes.putLong(end - 76 + at, value);
        return this;
    }

    byte[] bytes() {
        return bytes.array();
    }

    static Bent bent(byte[] centralExtra, byte[] localExtra, byte... content) {
        return bent(new Archive().raw(NAME, 0, centralExtra, localExtra, ints(content)));
    }

    static Bent bent(Archive archive) {
        byte[] bytes = archive.bytes();
        return new Bent(bytes, bytes.length - 22);
    }

    static Bent plain() {
        return bent(NONE, NONE, CONTENT);
    }

    static int[] ints(byte[] bytes) {
        int[] ints = new int[bytes.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = bytes[i] & 0xff;
        }
        return ints;
    }

    static byte[] field(int id, int length, Object... values) {
        ByteBuffer field = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        field.putShort((short) id).putShort((short) length);
        for (Object value : values) {
            if (value instanceof Long wide) {
                field.putLong(wide);
            } else if (value instanceof Integer narrow) {
                field.putInt(narrow);
            } else {
                field.put((byte[]) value);
            }
        }
        return Arrays.copyOf(field.array(), field.position());
    }

    static byte[] twice(byte[] field) {
        return ByteBuffer.allocate(2 * field.length).put(field).put(field).array();
    }

    static CentralDirectory read(byte[] archive, ZipLayout layout) throws NpzException {
        ByteSource source = ByteSources.ofHeap(ByteBuffer.wrap(archive));
        CentralDirectory directory = CentralDirectory.read(source, PLACE, ReadLimits.defaults(), layout);
        HeaderWindow window = new HeaderWindow(source);
        for (int member = 0; member < directory.count(); member++) {
            new LocalHeader(directory, window).payloadOffset(member);
        }
        return directory;
    }

    static void refused(Bent archive, ErrorCode code, String words) {
        for (ZipLayout layout : ZipLayout.values()) {
            assertThatThrownBy(() -> read(archive.bytes(), layout))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(code))
                    .hasMessageContaining("test.npz")
                    .hasMessageContaining(words);
        }
    }

    static int crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return (int) crc.getValue();
    }
}
