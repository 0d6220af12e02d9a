package org.arrownpz.npz.internal.zip.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npz.internal.zip.Archive;
import org.arrownpz.testing.HeapChannel;
import org.assertj.core.api.AbstractObjectAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CentralDirectoryTest {
    private static final int UTF8 = 1 << 11;

    private static Archive two() {
        return new Archive().member("a.npy", 1, 2, 3).member("b.npy", 4);
    }

    private static CentralDirectory read(byte[] archive, ZipLayout layout) throws NpzException {
        return read(archive, layout, ReadLimits.defaults());
    }

    /** Reads the directory and all local headers. */
    private static CentralDirectory read(byte[] archive, ZipLayout layout, ReadLimits limits) throws NpzException {
        try (BufferAllocator allocator = new RootAllocator();
                ByteSource source = ByteSources.of(allocator, new HeapChannel(archive))) {
            CentralDirectory directory = CentralDirectory.read(source, Location.ofFile("test.npz"), limits, layout);
            HeaderWindow window = new HeaderWindow(source);
            for (int member = 0; member < directory.count(); member++) {
                new LocalHeader(directory, window).payloadOffset(member);
            }
            return directory;
        }
    }

    private static AbstractObjectAssert<?, ErrorCode> assertRefused(byte[] archive, ZipLayout layout) {
        return assertThatThrownBy(() -> read(archive, layout))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("test.npz")
                .extracting(fault -> ((NpzException) fault).code());
    }

    @ParameterizedTest
    @EnumSource(ZipLayout.class)
    void findsMembersByNameAndByKey(ZipLayout layout) throws NpzException {
        byte[] archive = new Archive()
                .member("a.npy", 1)
                .member("x.npy.npy")
                .member("x.npy")
                .member("README", 2, 3)
                .bytes();
        CentralDirectory directory = read(archive, layout);

        assertThat(directory.find("a")).isZero();
        assertThat(directory.find("a.npy")).isZero();
        assertThat(directory.find("x.npy"))
                .as("an exact name comes before a key")
                .isEqualTo(2);
        assertThat(directory.find("x")).isEqualTo(2);
        assertThat(directory.find("x.npy.npy")).isEqualTo(1);
        assertThat(directory.find("README")).isEqualTo(3);
        assertThat(directory.find("README.npy")).isEqualTo(-1);
        assertThat(directory.find("")).isEqualTo(-1);
        assertThat(directory.name(3)).isEqualTo("README");
        assertThat(directory.size(3)).isEqualTo(2);
    }

    @Test
    void findsEachOfManyMembers() throws NpzException {
        Archive archive = new Archive();
        for (int i = 0; i < 5000; i++) {
            archive.member("__blocks_" + i + "__.npy");
        }
        CentralDirectory directory = read(archive.bytes(), ZipLayout.STRICT);

        for (int i = 0; i < 5000; i++) {
            assertThat(directory.find("__blocks_" + i + "__")).isEqualTo(i);
        }
        assertThat(directory.find("__blocks_5000__")).isEqualTo(-1);
    }

    enum Loose {
        PREFIX_COUNTED(two().prefix(100, false)),
        PREFIX_IGNORED(two().prefix(100, true)),
        PREFIX_IGNORED_ZIP64(two().prefix(100, true).zip64()),
        PREFIX_COUNTED_ZIP64(two().prefix(100, false).zip64()),
        GAP_BEFORE_DIRECTORY(two().gapBeforeDirectory(10)),
        GAP_AFTER_DIRECTORY(two().gapAfterDirectory(10)),
        GAP_AFTER_DIRECTORY_ZIP64(two().gapAfterDirectory(10).zip64()),
        TRAILING(two().trailing(new byte[70])),
        TRAILING_AFTER_COMMENT(two().comment((byte) 'c').trailing(new byte[7])),
        ALL(two().prefix(9, false).gapBeforeDirectory(8).gapAfterDirectory(7).trailing(new byte[6]));

        private final byte[] bytes;

        Loose(Archive archive) {
            bytes = archive.bytes();
        }
    }

    @ParameterizedTest
    @EnumSource(Loose.class)
    void strictRefusesUnaccountedBytesAndNamesTheWayOut(Loose loose) {
        assertThatThrownBy(() -> read(loose.bytes, ZipLayout.STRICT))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("ZIP_STRUCTURE")
                .hasMessageContaining("arrow-npz align --tolerant");
    }

    @ParameterizedTest
    @EnumSource(Loose.class)
    void tolerantSkipsUnaccountedBytes(Loose loose) throws NpzException {
        CentralDirectory directory = read(loose.bytes, ZipLayout.TOLERANT);

        assertThat(directory.count()).isEqualTo(2);
        assertThat(directory.find("b")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(ZipLayout.class)
    void refusesASecondEndRecordInTheComment(ZipLayout layout) {
        byte[] empty = new Archive().bytes();

        assertRefused(two().comment(empty).bytes(), layout).isEqualTo(ErrorCode.ZIP_STRUCTURE);
    }

    @ParameterizedTest
    @EnumSource(ZipLayout.class)
    void refusesTwoDirectoriesThatTheEndRecordCouldMean(ZipLayout layout) {
        // The offset leads to the inner archive's directory, the position before the end record to the outer one.
        byte[] inner = new Archive().member("a.npy", 1, 2, 3).bytes();
        byte[] outer = new Archive()
                .member("z.npy", 9, 9, 9)
                .prefix(inner.length, true)
                .bytes();
        System.arraycopy(inner, 0, outer, 0, inner.length);

        assertRefused(outer, layout).isEqualTo(ErrorCode.ZIP_STRUCTURE);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, -1, 1, 2, 60_000})
    void refusesAnotherCountThanTheDirectoryHolds(int error) {
        assertRefused(two().countError(error).bytes(), ZipLayout.STRICT).isEqualTo(ErrorCode.ZIP_STRUCTURE);
        assertRefused(two().zip64().countError(error).bytes(), ZipLayout.TOLERANT)
                .isEqualTo(ErrorCode.ZIP_STRUCTURE);
    }

    @Test
    void refusesEveryTruncation() throws NpzException {
        byte[] archive = two().zip64().comment((byte) 'x').bytes();
        assertThat(read(archive, ZipLayout.STRICT).count()).isEqualTo(2);

        for (int length = 0; length < archive.length; length++) {
            byte[] cut = Arrays.copyOf(archive, length);
            assertRefused(cut, ZipLayout.STRICT).as("cut to %d", length).isEqualTo(ErrorCode.ZIP_STRUCTURE);
            assertRefused(cut, ZipLayout.TOLERANT).as("cut to %d", length).isEqualTo(ErrorCode.ZIP_STRUCTURE);
        }
    }

    @Test
    void damageOfAnyByteIsATypedErrorOrHarmless() {
        byte[] archive = two().zip64().bytes();
        for (int at = 0; at < archive.length; at++) {
            for (int value : new int[] {0, 0xff, archive[at] ^ 1, archive[at] ^ 0x80}) {
                byte[] damaged = archive.clone();
                damaged[at] = (byte) value;
                try {
                    assertThat(read(damaged, ZipLayout.STRICT).count()).isEqualTo(2);
                } catch (NpzException expected) {
                    assertThat(expected.file()).isEqualTo("test.npz");
                }
            }
        }
    }

    @Test
    void decodesUnflaggedNamesAsCodePage437() throws NpzException {
        byte[] archive = new Archive()
                .raw(new byte[] {(byte) 0x82, '.', 'n', 'p', 'y'}, 0, new byte[0], new byte[0], 1)
                .bytes();
        CentralDirectory directory = read(archive, ZipLayout.STRICT);

        assertThat(directory.name(0)).isEqualTo("é.npy");
        assertThat(directory.find("é")).isZero();
    }

    @Test
    void refusesOneNameInTwoEncodings() {
        byte[] utf8 = "é.npy".getBytes(StandardCharsets.UTF_8);
        byte[] archive = new Archive()
                .raw(new byte[] {(byte) 0x82, '.', 'n', 'p', 'y'}, 0, new byte[0], new byte[0], 1)
                .raw(utf8, UTF8, new byte[0], new byte[0], 2)
                .bytes();

        assertRefused(archive, ZipLayout.TOLERANT).isEqualTo(ErrorCode.ZIP_DUPLICATE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".npy", "/a", "..", "../a", "a/..", "a/../b", "c:x", "a\\b", "a\u0001", "a\u007f", "é\u0085"
            })
    void refusesUnfitNames(String name) {
        byte[] archive = new Archive()
                .raw(name.getBytes(StandardCharsets.UTF_8), UTF8, new byte[0], new byte[0], 1)
                .bytes();

        assertRefused(archive, ZipLayout.TOLERANT).isEqualTo(ErrorCode.ZIP_NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "...", "a/b", "ab:c", "a/", "layer.0.w", "漢字", "~", "a b", "'\""})
    void admitsUnusualNames(String name) throws NpzException {
        byte[] archive = new Archive()
                .raw(name.getBytes(StandardCharsets.UTF_8), UTF8, new byte[0], new byte[0], 1)
                .bytes();

        assertThat(read(archive, ZipLayout.STRICT).name(0)).isEqualTo(name);
    }

    @Test
    void heedsTheUnicodePathOnlyWhereItIsOfThisName() throws NpzException {
        byte[] name = "a.npy".getBytes(StandardCharsets.UTF_8);
        byte[] stale = unicodePath("other".getBytes(StandardCharsets.UTF_8), "b.npy");
        byte[] same = unicodePath(name, "a.npy");
        byte[] other = unicodePath(name, "b.npy");

        read(new Archive().raw(name, 0, stale, new byte[0], 1).bytes(), ZipLayout.STRICT);
        read(new Archive().raw(name, 0, same, new byte[0], 1).bytes(), ZipLayout.STRICT);
        assertRefused(new Archive().raw(name, 0, other, new byte[0], 1).bytes(), ZipLayout.STRICT)
                .isEqualTo(ErrorCode.ZIP_NAME);
    }

    private static byte[] unicodePath(byte[] of, String name) {
        CRC32 crc = new CRC32();
        crc.update(of);
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(9 + utf8.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x7075)
                .putShort((short) (5 + utf8.length))
                .put((byte) 1)
                .putInt((int) crc.getValue())
                .put(utf8)
                .array();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 37, 64})
    void admitsBareZerosAsLocalPadding(int zeros) throws NpzException {
        byte[] name = "a.npy".getBytes(StandardCharsets.UTF_8);
        byte[] archive =
                new Archive().raw(name, 0, new byte[0], new byte[zeros], 1).bytes();

        assertThat(read(archive, ZipLayout.STRICT).count()).isEqualTo(1);
    }

    @Test
    void boundsMembersAndDirectory() {
        assertThatThrownBy(() -> read(
                        two().bytes(), ZipLayout.STRICT, ReadLimits.defaults().withMembers(1)))
                .hasMessageContaining("LIMIT")
                .hasMessageContaining("ReadLimits.members");
        assertThatThrownBy(() -> read(
                        two().bytes(), ZipLayout.STRICT, ReadLimits.defaults().withDirectoryBytes(100)))
                .hasMessageContaining("LIMIT")
                .hasMessageContaining("ReadLimits.directoryBytes");
    }

    @Test
    void tellsAnEmptyFileAndOtherFilesFromTruncatedArchives() {
        assertThatThrownBy(() -> read(new byte[0], ZipLayout.STRICT)).hasMessageContaining("not a zip archive");
        assertThatThrownBy(() -> read(new byte[500], ZipLayout.STRICT)).hasMessageContaining("not a zip archive");
        byte[] begun = Arrays.copyOf(two().bytes(), 60);
        assertThatThrownBy(() -> read(begun, ZipLayout.STRICT)).hasMessageContaining("was its writer killed?");
    }
}
