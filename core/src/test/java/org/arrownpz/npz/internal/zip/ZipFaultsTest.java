package org.arrownpz.npz.internal.zip;

import static org.arrownpz.npz.internal.zip.Bent.CONTENT;
import static org.arrownpz.npz.internal.zip.Bent.NAME;
import static org.arrownpz.npz.internal.zip.Bent.NONE;
import static org.arrownpz.npz.internal.zip.Bent.PLACE;
import static org.arrownpz.npz.internal.zip.Bent.bent;
import static org.arrownpz.npz.internal.zip.Bent.field;
import static org.arrownpz.npz.internal.zip.Bent.ints;
import static org.arrownpz.npz.internal.zip.Bent.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npz.internal.zip.read.CentralDirectory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where faults of an archive lie, what was expected there and what was found. The unbent archive has a local header of 35
 * bytes at 0, its data at 35, a directory of 51 bytes at 45 and the end record at 96.
 */
class ZipFaultsTest {
    private static final long NOWHERE = -1;
    private static final String TOLERANT = ZipRecords.TOLERANT_REMEDY;

    private static NpzException fault(byte[] archive, ZipLayout layout) {
        NpzException fault = catchThrowableOfType(NpzException.class, () -> Bent.read(archive, layout));
        assertThat(fault).as("no fault").isNotNull();
        return fault;
    }

    private static void says(
            NpzException fault, String words, long offset, @Nullable String expected, @Nullable String found) {
        assertThat(fault).hasMessageContaining(words);
        assertThat(fault.offset()).as("%s", fault).isEqualTo(offset);
        assertThat(fault.expected()).isEqualTo(expected);
        assertThat(fault.found()).isEqualTo(found);
    }

    private static void says(
            Bent archive, String words, long offset, @Nullable String expected, @Nullable String found) {
        for (ZipLayout layout : ZipLayout.values()) {
            says(fault(archive.bytes(), layout), words, offset, expected, found);
        }
    }

    private static void onlyStrict(
            Archive archive, String words, long offset, @Nullable String expected, @Nullable String found)
            throws NpzException {
        NpzException fault = fault(archive.bytes(), ZipLayout.STRICT);
        says(fault, words, offset, expected, found);
        assertThat(fault.remedy()).isEqualTo(TOLERANT);
        Bent.read(archive.bytes(), ZipLayout.TOLERANT);
    }

    private static Archive two() {
        return new Archive().member("a.npy", 1, 2, 3).member("b.npy", 4);
    }

    private static Bent wide() {
        return bent(new Archive().raw(NAME, 0, NONE, NONE, ints(CONTENT)).zip64());
    }

    @Test
    void aWrongRecordIsNamedByItsPlaceInTheFile() {
        says(plain().central32(0, 1), "no directory record", 45, null, null);
        says(plain().central16(28, 100), "runs past the directory", 45, null, null);
        says(plain().central16(28, 4), "bytes follow the last directory record", 95, null, null);
        Bent second = bent(two());
        says(second.central32(51, 1), "no directory record", second.central + 51L, null, null);
        says(plain().central32(24, -1), "zip64 field that is not there", NOWHERE, null, "directory record at byte 45");
        says(plain().central16(34, 1), "on another disk", NOWHERE, null, "directory record at byte 45");
        says(plain().central32(42, 16), "beyond the archive", NOWHERE, null, "directory record at byte 45");
    }

    @Test
    void aRecordOfNoBytesMoreIsRead() throws NpzException {
        assertThat(Bent.read(plain().bytes(), ZipLayout.STRICT).offset(0)).isZero();
        // The last offset that leaves room for a local header.
        says(plain().central32(42, 15), "no local header at the member's offset 15", NOWHERE, null, null);
    }

    @Test
    void countsAreHeldAgainstTheRecords() {
        says(bent(two().countError(3)), "another number of members", NOWHERE, "5", "at most 2");
        says(bent(two().countError(-1)), "another number of members", NOWHERE, "1", "more");
        String name = "n".repeat(60);
        says(
                bent(new Archive().member(name + 1).member(name + 2).countError(1)),
                "another number of members",
                NOWHERE,
                "3",
                "2");
    }

    @Test
    void limitsHoldToTheLastMemberAndByte() throws NpzException {
        byte[] archive = two().bytes();
        ReadLimits exact = ReadLimits.defaults().withMembers(2).withDirectoryBytes(102);
        assertThat(directory(archive, exact).count()).isEqualTo(2);
        NpzException members = catchThrowableOfType(NpzException.class, () -> directory(archive, exact.withMembers(1)));
        says(members, "too many members", NOWHERE, "at most 1", "2");
        assertThat(members.remedy()).contains("ReadLimits.members");
        NpzException bytes =
                catchThrowableOfType(NpzException.class, () -> directory(archive, exact.withDirectoryBytes(101)));
        says(bytes, "the directory is too large", NOWHERE, "at most 101 bytes", "102");
        assertThat(bytes.remedy()).contains("ReadLimits.directoryBytes");
    }

    private static CentralDirectory directory(byte[] archive, ReadLimits limits) throws NpzException {
        return CentralDirectory.read(ByteSources.ofHeap(ByteBuffer.wrap(archive)), PLACE, limits, ZipLayout.STRICT);
    }

    @Test
    void bytesThatBelongToNobodyAreCounted() throws NpzException {
        onlyStrict(two().prefix(7, false), "7 bytes precede the first member", 0, null, null);
        onlyStrict(new Archive().prefix(9, false), "9 bytes precede the first member", 0, null, null);
        onlyStrict(two().trailing((byte) 1, (byte) 2), "2 bytes follow the end of the archive", 176, null, null);
        onlyStrict(
                two().gapBeforeDirectory(3),
                "3 bytes between this member and what follows (local header at byte 38 of the archive)",
                NOWHERE,
                null,
                null);
        onlyStrict(
                two().gapAfterDirectory(3),
                "the directory does not lie directly before the end record",
                NOWHERE,
                "an end at byte 179",
                "offset 74, 102 bytes");
        onlyStrict(
                two().prefix(5, true),
                "the directory does not lie directly before the end record",
                NOWHERE,
                "an end at byte 181",
                "offset 74, 102 bytes");
        onlyStrict(
                two().prefix(5, true).zip64(),
                "the zip64 end record is not where its locator says",
                237,
                "offset 176",
                "offset 181");
    }

    @Test
    void prefixesAreAddedToEveryOffset() throws NpzException {
        for (boolean zip64 : new boolean[] {false, true}) {
            Archive archive = two().prefix(5, true);
            CentralDirectory read = Bent.read((zip64 ? archive.zip64() : archive).bytes(), ZipLayout.TOLERANT);
            assertThat(read.offset(0)).isEqualTo(5);
            assertThat(read.offset(1)).isEqualTo(43);
            assertThat(read.boundary(0)).isEqualTo(43);
            assertThat(read.boundary(1)).isEqualTo(79);
        }
    }

    @Test
    void endRecordsAreNamedByTheirPlaceInTheFile() {
        says(plain().end16(20, 1), "the archive comment runs past", 96, "a comment of 1 bytes", "0 bytes");
        says(plain().end16(4, 1), "several disks", 96, null, null);
        says(wide().wide(16, 1), "several disks", 96, null, null);
        says(wide().end16(8, 2), "contradicts the zip64 end record", 172, null, null);
        says(wide().end32(-16, 1), "several disks", 152, null, null);
        says(wide().end32(-4, 2), "several disks", 152, null, null);
        says(wide().wide(56 + 8, 1L << 40), "where its locator points", 152, null, "offset 1099511627776");
        says(wide().wide(56 + 8, -1), "where its locator points", 152, null, "offset 18446744073709551615");
        says(
                plain().end32(12, 97),
                "directly before the end record",
                NOWHERE,
                "an end at byte 96",
                "offset 45, 97 bytes");
    }

    /** Beyond the tail that is read first. */
    @ParameterizedTest
    @ValueSource(ints = {0, 255, 256, 257, 5_000, 65_535})
    void commentsOfAnyLengthAreRead(int length) throws NpzException {
        byte[] archive = two().comment(new byte[length]).bytes();
        for (ZipLayout layout : ZipLayout.values()) {
            assertThat(Bent.read(archive, layout).count()).isEqualTo(2);
        }
        byte[] cut = java.util.Arrays.copyOf(archive, archive.length - 1);
        if (length > 0) {
            for (ZipLayout layout : ZipLayout.values()) {
                says(
                        fault(cut, layout),
                        "the archive comment runs past",
                        176,
                        "a comment of " + length + " bytes",
                        length - 1 + " bytes");
            }
        }
    }

    @Test
    void theSecondOfTwoEndRecordsIsNamedByItsPlace() {
        byte[] inner = new Archive().bytes();
        byte[] archive = two().comment(inner).bytes();
        for (ZipLayout layout : ZipLayout.values()) {
            NpzException fault = fault(archive, layout);
            assertThat(fault.offset()).as("%s", fault).isIn(176L, 198L, NOWHERE);
        }
        assertThat(fault(archive, ZipLayout.TOLERANT)).hasMessageContaining("two end records");
        assertThat(fault(archive, ZipLayout.TOLERANT).offset()).isEqualTo(176);
    }

    @Test
    void overlapsSayHowFarAMemberMayReach() {
        says(
                plain().central32(20, 11).central32(24, 11),
                "shares bytes",
                NOWHERE,
                "an end by byte 45",
                "a header at byte 0 with 11 bytes of data");
        says(
                plain().local16(28, 1),
                "run into what follows (local header at byte 0 of the archive)",
                NOWHERE,
                "an end by byte 45",
                "36 bytes of header, 10 of data");
    }

    @ParameterizedTest
    @CsvSource({
        "6, 1, flags, 0x0, 0x1",
        "8, 8, compression method, 0, 8",
        "18, 9, compressed size, 10, 9",
        "22, 9, size, 10, 9",
        "26, 4, name, a.npy, a.np",
    })
    void localHeadersSayWhatTheDirectorySaysInstead(int at, int value, String what, String expected, String found) {
        says(
                plain().local16(at, value),
                "the local header's " + what + " is not the directory's (local header at byte 0 of the archive)",
                NOWHERE,
                expected,
                found);
    }

    @Test
    void checksumsAreShownInHexadecimal() {
        String stated = "0x" + Integer.toHexString(Bent.crc(CONTENT));
        says(plain().local32(14, 0xABCD), "the local header's checksum", NOWHERE, stated, "0xabcd");
        NpzException stored =
                catchThrowableOfType(NpzException.class, () -> StoredChecksum.compare(0x12345678, 0x9ABCDEF0, PLACE));
        says(stored, "checksum", NOWHERE, "0x12345678", "0x9abcdef0");
        assertThat(stored.remedy()).contains("damaged");
    }

    @Test
    void aMissingDescriptorSaysHowMuchRoomThereIs() {
        for (int length : new int[] {0, 11}) {
            Bent streamed =
                    bent(new Archive().raw(NAME, 8, NONE, NONE, ints(CONTENT)).gapBeforeDirectory(length));
            says(streamed, "no data descriptor", NOWHERE, "12, 16, 20 or 24 bytes", length + " bytes");
        }
    }

    @Test
    void aDescriptorWithAnotherChecksumIsNamedByItsPlace() {
        byte[] descriptor = ByteBuffer.allocate(16)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putInt(0x08074b50)
                .putInt(5)
                .putInt(10)
                .putInt(10)
                .array();
        Bent streamed =
                bent(new Archive().raw(NAME, 8, NONE, NONE, ints(CONTENT)).gapBeforeDirectory(16));
        System.arraycopy(descriptor, 0, streamed.bytes(), 45, 16);
        says(streamed, "(at byte 45 of the archive)", NOWHERE, null, null);
    }

    @Test
    void saturatedLocalFieldsAreReadFromTheirZip64Field() {
        Bent size = bent(NONE, field(1, 16, 11L, 10L), CONTENT).local32(18, -1).local32(22, -1);
        says(size, "the local header's size is not", NOWHERE, "10", "11");
        Bent compressed =
                bent(NONE, field(1, 16, 10L, 12L), CONTENT).local32(18, -1).local32(22, -1);
        says(compressed, "the local header's compressed size is not", NOWHERE, "10", "12");
    }
}
