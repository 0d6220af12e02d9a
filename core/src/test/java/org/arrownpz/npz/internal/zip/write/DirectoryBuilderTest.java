package org.arrownpz.npz.internal.zip.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.arrownpz.Location;
import org.arrownpz.internal.storage.StagedOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directory and end records byte for byte, as APPNOTE lays them out and CPython's zipfile fills them. */
class DirectoryBuilderTest {
    private static final Location PLACE = Location.ofFile("a.npz");
    private static final long MOST_32 = 0xffff_ffffL;
    private static final int CRC = 0xCAFE_F00D;

    @TempDir
    private Path folder;

    private static ZipMember member(String name, int method, long offset, long size, long compressed, boolean wide) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        ZipMember member = new ZipMember(utf8, method, offset, size, wide);
        member.compressedSize = compressed;
        member.crc = CRC;
        return member;
    }

    /** What is written for some members where the directory begins at so many bytes. */
    private byte[] written(DirectoryBuilder directory, long start) throws Exception {
        try (FileChannel channel = FileChannel.open(
                        folder.resolve("a.npz"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
                StagedOutput output = new StagedOutput(channel.position(start), PLACE)) {
            directory.writeTo(output);
            output.flush();
            ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - start));
            channel.read(bytes, start);
            return bytes.array();
        }
    }

    private byte[] written(long start, ZipMember... members) throws Exception {
        DirectoryBuilder directory = new DirectoryBuilder();
        for (ZipMember member : members) {
            directory.add(member, PLACE);
        }
        return written(directory, start);
    }

    private static ByteBuffer le(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int saturated(long value) {
        return value >= MOST_32 ? -1 : (int) value;
    }

    private static byte[] record(String name, int version, int flags, int method, long offset, long size, long packed) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer wide = le(24);
        List.of(size, packed, offset).stream().filter(value -> value >= MOST_32).forEach(wide::putLong);
        int data = wide.position();
        int extra = data == 0 ? 0 : 4 + data;
        ByteBuffer record = le(46 + utf8.length + extra)
                .putInt(0x02014b50)
                .putShort((short) (3 << 8 | version))
                .putShort((short) version)
                .putShort((short) flags)
                .putShort((short) method)
                .putShort((short) 0)
                .putShort((short) (1 << 5 | 1))
                .putInt(CRC)
                .putInt(saturated(packed))
                .putInt(saturated(size))
                .putShort((short) utf8.length)
                .putShort((short) extra)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(0600 << 16)
                .putInt(saturated(offset))
                .put(utf8);
        if (data > 0) {
            record.putShort((short) 1).putShort((short) data).put(wide.array(), 0, data);
        }
        return record.array();
    }

    private static byte[] end(int count, long start, int length) {
        boolean zip64 = count >= 0xffff || start >= MOST_32;
        ByteArrayOutputStream end = new ByteArrayOutputStream();
        if (zip64) {
            end.writeBytes(le(56).putInt(0x06064b50)
                    .putLong(44)
                    .putShort((short) (3 << 8 | 45))
                    .putShort((short) 45)
                    .putInt(0)
                    .putInt(0)
                    .putLong(count)
                    .putLong(count)
                    .putLong(length)
                    .putLong(start)
                    .array());
            end.writeBytes(le(20).putInt(0x07064b50)
                    .putInt(0)
                    .putLong(start + length)
                    .putInt(1)
                    .array());
        }
        end.writeBytes(le(22).putInt(0x06054b50)
                .putInt(0)
                .putShort((short) Math.min(count, 0xffff))
                .putShort((short) Math.min(count, 0xffff))
                .putInt(length)
                .putInt(saturated(start))
                .putShort((short) 0)
                .array());
        return end.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void anEmptyArchiveIsOneEndRecord() throws Exception {
        assertThat(written(0)).isEqualTo(end(0, 0, 0));
    }

    @Test
    void recordsFollowOneAnother() throws Exception {
        byte[] one = record("a.npy", 45, 0, 0, 0, 300, 300);
        byte[] two = record("价.json", 20, 0x800, 8, 400, 70_000, 17);

        assertThat(written(4_000, member("a.npy", 0, 0, 300, 300, true), member("价.json", 8, 400, 70_000, 17, false)))
                .isEqualTo(joined(one, two, end(2, 4_000, one.length + two.length)));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4294967294, 4294967294",
        "4294967294, 5, 5",
        "4294967295, 5, 5",
        "0, 4294967295, 5",
        "0, 4294967295, 4294967295",
        "5000000000, 4294967295, 7",
        "0, 6000000000, 5000000000",
        "7000000000, 6000000000, 5000000000",
    })
    void whatDoesNotFitStandsInAZip64Field(long offset, long size, long packed) throws Exception {
        int version = offset >= MOST_32 || size >= MOST_32 || packed >= MOST_32 ? 45 : 20;
        byte[] expected = record("m", version, 0, 8, offset, size, packed);

        assertThat(written(9_000, member("m", 8, offset, size, packed, false)))
                .isEqualTo(joined(expected, end(1, 9_000, expected.length)));
    }

    @ParameterizedTest
    @ValueSource(longs = {4_294_967_294L, 4_294_967_295L, 5_000_000_000L})
    void aDirectoryBeyondFourGibibytesHasZip64EndRecords(long start) throws Exception {
        byte[] record = record("m", 20, 0, 0, 10, 20, 20);

        assertThat(written(start, member("m", 0, 10, 20, 20, false)))
                .isEqualTo(joined(record, end(1, start, record.length)));
    }

    @ParameterizedTest
    @ValueSource(ints = {65_534, 65_535, 65_536})
    void moreMembersThanSixteenBitsCountHaveZip64EndRecords(int count) throws Exception {
        ZipMember[] members = new ZipMember[count];
        Arrays.fill(members, member("m", 0, 10, 20, 20, false));
        byte[] record = record("m", 20, 0, 0, 10, 20, 20);
        byte[] all = written(100, members);
        int length = count * record.length;

        assertThat(Arrays.copyOfRange(all, length - record.length, length)).isEqualTo(record);
        assertThat(Arrays.copyOfRange(all, length, all.length)).isEqualTo(end(count, 100, length));
    }

    @Test
    void aChecksumCanBeEnteredLater() throws Exception {
        DirectoryBuilder directory = new DirectoryBuilder();
        ZipMember late = member("late", 0, 0, 1, 1, false);
        late.crc = 0;
        directory.add(member("a", 0, 0, 1, 1, false), PLACE);
        int record = directory.add(late, PLACE);
        directory.add(member("b", 0, 0, 1, 1, false), PLACE);
        directory.setChecksum(record, CRC);
        byte[] records = joined(
                record("a", 20, 0, 0, 0, 1, 1), record("late", 20, 0, 0, 0, 1, 1), record("b", 20, 0, 0, 0, 1, 1));

        assertThat(written(directory, 0)).isEqualTo(joined(records, end(3, 0, records.length)));
    }
}
