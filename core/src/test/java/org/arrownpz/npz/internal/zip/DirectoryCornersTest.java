package org.arrownpz.npz.internal.zip;

import static org.arrownpz.npz.internal.zip.Bent.CONTENT;
import static org.arrownpz.npz.internal.zip.Bent.NAME;
import static org.arrownpz.npz.internal.zip.Bent.NONE;
import static org.arrownpz.npz.internal.zip.Bent.bent;
import static org.arrownpz.npz.internal.zip.Bent.crc;
import static org.arrownpz.npz.internal.zip.Bent.field;
import static org.arrownpz.npz.internal.zip.Bent.ints;
import static org.arrownpz.npz.internal.zip.Bent.plain;
import static org.arrownpz.npz.internal.zip.Bent.read;
import static org.arrownpz.npz.internal.zip.Bent.refused;
import static org.arrownpz.npz.internal.zip.Bent.twice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.npz.internal.zip.read.CentralDirectory;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Directories and end records with one field bent. */
@ExtendWith(LeakCheck.class)
class DirectoryCornersTest {
    @ParameterizedTest
    @EnumSource(ZipLayout.class)
    void readsTheUnbentArchive(ZipLayout layout) throws NpzException {
        CentralDirectory directory = read(plain().bytes(), layout);
        assertThat(directory.count()).isEqualTo(1);
        assertThat(directory.size(0)).isEqualTo(10);
        assertThat(directory.name(0)).isEqualTo("a.npy");
    }

    @Test
    void refusesACountThatTheRecordsDoNotReach() {
        String longName = "n".repeat(60);
        byte[] three = new Archive()
                .member(longName + 1)
                .member(longName + 2)
                .countError(1)
                .bytes();
        refused(new Bent(three, three.length - 22), ErrorCode.ZIP_STRUCTURE, "another number of members");
        byte[] one = new Archive()
                .member(longName + 1)
                .member(longName + 2)
                .countError(-1)
                .bytes();
        refused(new Bent(one, one.length - 22), ErrorCode.ZIP_STRUCTURE, "another number of members");
    }

    @Test
    void refusesRecordsThatAreNone() {
        refused(plain().central32(0, 0x02014b51), ErrorCode.ZIP_STRUCTURE, "directory");
        refused(plain().central16(28, 100), ErrorCode.ZIP_STRUCTURE, "runs past the directory");
        refused(plain().central16(32, 1), ErrorCode.ZIP_STRUCTURE, "runs past the directory");
        refused(plain().local32(0, 0x04034b51), ErrorCode.ZIP_STRUCTURE, "no local header");
        refused(plain().central16(28, 4), ErrorCode.ZIP_STRUCTURE, "bytes follow the last directory record");
    }

    @Test
    void readsSaturatedFieldsInTheirOrder() throws NpzException {
        byte[] all = field(1, 28, 10L, 10L, 0L, 0);
        Bent archive = bent(all, field(1, 16, 10L, 10L), CONTENT);
        archive.central32(20, -1).central32(24, -1).central32(42, -1).central16(34, 0xffff);
        archive.local32(18, -1).local32(22, -1);
        assertThat(read(archive.bytes(), ZipLayout.STRICT).compressedSize(0)).isEqualTo(10);

        for (int at : new int[] {20, 24}) {
            Bent half = bent(field(1, 8, 10L), field(1, 8, 10L), CONTENT)
                    .central32(at, -1)
                    .local32(at - 2, -1);
            assertThat(read(half.bytes(), ZipLayout.STRICT).size(0)).isEqualTo(10);
        }
        Bent offset = bent(field(1, 8, 0L), NONE, CONTENT).central32(42, -1);
        assertThat(read(offset.bytes(), ZipLayout.STRICT).offset(0)).isZero();
        Bent disk = bent(field(1, 4, 0), NONE, CONTENT).central16(34, 0xffff);
        assertThat(read(disk.bytes(), ZipLayout.STRICT).count()).isEqualTo(1);
    }

    @Test
    void refusesSaturatedFieldsWithoutTheirValue() {
        for (int at : new int[] {20, 24, 42}) {
            refused(plain().central32(at, -1), ErrorCode.ZIP_STRUCTURE, "zip64 field that is not there");
            refused(
                    bent(field(1, 7, new byte[7]), NONE, CONTENT).central32(at, -1),
                    ErrorCode.ZIP_STRUCTURE,
                    "zip64 field of the directory is too short");
            refused(
                    bent(field(1, 8, -1L), NONE, CONTENT).central32(at, -1),
                    ErrorCode.ZIP_STRUCTURE,
                    "beyond the archive");
        }
        refused(plain().central16(34, 0xffff), ErrorCode.ZIP_STRUCTURE, "zip64 field that is not there");
        refused(
                bent(field(1, 4, 1), NONE, CONTENT).central16(34, 0xffff),
                ErrorCode.ZIP_STRUCTURE,
                "lies on another disk");
        refused(plain().central16(34, 1), ErrorCode.ZIP_STRUCTURE, "lies on another disk");
        refused(
                bent(field(1, 8, Long.MAX_VALUE), NONE, CONTENT).central32(42, -1),
                ErrorCode.ZIP_STRUCTURE,
                "beyond the archive");
    }

    @Test
    void refusesExtraFieldsThatDoNotFillTheirBlock() {
        refused(bent(field(5, 9, new byte[8]), NONE, CONTENT), ErrorCode.ZIP_STRUCTURE, "malformed");
        refused(bent(NONE, field(5, 9, new byte[8]), CONTENT), ErrorCode.ZIP_STRUCTURE, "malformed");
        refused(bent(new byte[] {0, 0, 1}, NONE, CONTENT), ErrorCode.ZIP_STRUCTURE, "malformed");
        refused(bent(twice(field(1, 8, 10L)), NONE, CONTENT), ErrorCode.ZIP_STRUCTURE, "malformed");
        refused(
                bent(NONE, twice(field(1, 16, 10L, 10L)), CONTENT)
                        .local32(18, -1)
                        .local32(22, -1),
                ErrorCode.ZIP_LOCAL_CENTRAL,
                "zip64 field that is not there");
        refused(
                bent(NONE, field(1, 8, 10L), CONTENT).local32(18, -1).local32(22, -1),
                ErrorCode.ZIP_LOCAL_CENTRAL,
                "zip64 field that is not there");
        refused(plain().local32(22, -1), ErrorCode.ZIP_LOCAL_CENTRAL, "zip64 field that is not there");
    }

    @Test
    void admitsUnknownExtraFieldsAndZeros() throws NpzException {
        assertThat(read(bent(field(5, 8, 1L), field(6, 0), CONTENT).bytes(), ZipLayout.STRICT)
                        .count())
                .isEqualTo(1);
        assertThat(read(bent(new byte[7], new byte[3], CONTENT).bytes(), ZipLayout.STRICT)
                        .count())
                .isEqualTo(1);
        byte[] longExtra = field(6, 180, new byte[180]);
        assertThat(read(bent(NONE, twice(longExtra), CONTENT).bytes(), ZipLayout.STRICT)
                        .count())
                .isEqualTo(1);
    }

    @Test
    void refusesUnicodePathsThatCannotBeRead() {
        CRC32 crc = new CRC32();
        crc.update(NAME);
        byte[] version2 = field(0x7075, 10, new byte[] {2}, (int) crc.getValue(), NAME);
        byte[] sound = field(0x7075, 10, new byte[] {1}, (int) crc.getValue(), NAME);
        byte[] tooShort = field(0x7075, 4, new byte[] {1, 2, 3, 4});
        byte[] notUtf8 = field(0x7075, 6, new byte[] {1}, (int) crc.getValue(), new byte[] {(byte) 0xff});
        for (byte[] extra : List.of(version2, twice(sound), tooShort, notUtf8)) {
            refused(bent(extra, NONE, CONTENT), ErrorCode.ZIP_NAME, "Unicode path");
        }
    }

    @Test
    void refusesAnOffsetThatSharesBytes() {
        Bent two = bent(new Archive().member("a.npy", 1, 2, 3).member("b.npy", 4));
        int second = two.bytes.getShort(two.central + 28) + 46;
        refused(two.central32(second + 42, 0), ErrorCode.ZIP_OVERLAP, "shares bytes");
        Bent swapped = bent(new Archive().member("a.npy", 1).member("b.npy", 4));
        int later = swapped.bytes.getInt(swapped.central + second + 42);
        swapped.central32(second + 42, 0).central32(42, later);
        refused(swapped, ErrorCode.ZIP_LOCAL_CENTRAL, "name");
        refused(plain().central32(42, 1), ErrorCode.ZIP_STRUCTURE, "no local header");
        refused(plain().central32(20, 11).central32(24, 11), ErrorCode.ZIP_OVERLAP, "shares bytes");
    }

    @Test
    void readsADirectoryInAnotherOrder() throws NpzException {
        Bent two = bent(new Archive().member("a.npy", 1, 2, 3).member("b.npy", 4));
        byte[] bytes = two.bytes();
        byte[] first = Arrays.copyOfRange(bytes, two.central, two.central + 51);
        System.arraycopy(bytes, two.central + 51, bytes, two.central, 51);
        System.arraycopy(first, 0, bytes, two.central + 51, 51);
        CentralDirectory directory = read(bytes, ZipLayout.STRICT);
        assertThat(directory.name(0)).isEqualTo("b.npy");
        assertThat(directory.boundary(0)).isEqualTo(two.central);
        assertThat(directory.boundary(1)).isEqualTo(directory.offset(0));
    }

    @ParameterizedTest
    @CsvSource({"4, 1", "6, 1", "8, 2", "4, 0xffff"})
    void refusesSeveralDisks(String at, String value) {
        refused(plain().end16(Integer.decode(at), Integer.decode(value)), ErrorCode.ZIP_STRUCTURE, "several disks");
    }

    private static Bent wide() {
        return bent(new Archive().raw(NAME, 0, NONE, NONE, ints(CONTENT)).zip64());
    }

    @Test
    void takesEndRecordsThatAgreeWithTheirZip64Record() throws NpzException {
        assertThat(read(wide().bytes(), ZipLayout.STRICT).count()).isEqualTo(1);
        Bent stated = wide();
        stated.end16(8, 1).end16(10, 1).end32(12, 51).end32(16, stated.central);
        assertThat(read(stated.bytes(), ZipLayout.STRICT).count()).isEqualTo(1);
        assertThat(read(wide().end16(4, 0xffff).end16(6, 0xffff).bytes(), ZipLayout.STRICT)
                        .count())
                .isEqualTo(1);
    }

    @Test
    void refusesEndRecordsThatContradictTheirZip64Record() {
        refused(wide().end16(4, 1), ErrorCode.ZIP_STRUCTURE, "contradicts");
        refused(wide().end16(6, 1), ErrorCode.ZIP_STRUCTURE, "contradicts");
        refused(wide().end16(8, 2), ErrorCode.ZIP_STRUCTURE, "contradicts");
        refused(wide().end16(10, 2), ErrorCode.ZIP_STRUCTURE, "contradicts");
        refused(wide().end32(12, 50), ErrorCode.ZIP_STRUCTURE, "contradicts");
        refused(wide().end32(16, 0), ErrorCode.ZIP_STRUCTURE, "contradicts");
        refused(wide().wide(24, 2), ErrorCode.ZIP_STRUCTURE, "several disks");
        refused(wide().wide(16, 1), ErrorCode.ZIP_STRUCTURE, "several disks");
        refused(wide().wide(16, 1L << 32), ErrorCode.ZIP_STRUCTURE, "several disks");
        refused(wide().end32(-16, 1), ErrorCode.ZIP_STRUCTURE, "disks");
        refused(wide().end32(-4, 2), ErrorCode.ZIP_STRUCTURE, "disks");
        refused(wide().wide(56 + 8, -1), ErrorCode.ZIP_STRUCTURE, "no zip64 end record");
        refused(wide().wide(56 + 8, 1L << 40), ErrorCode.ZIP_STRUCTURE, "no zip64 end record");
        refused(wide().wide(4, 45), ErrorCode.ZIP_STRUCTURE, "no zip64 end record");
        refused(wide().wide(0, 0), ErrorCode.ZIP_STRUCTURE, "no zip64 end record");
        refused(wide().wide(40, -1).wide(48, -1), ErrorCode.ZIP_STRUCTURE, "does not lie directly before");
        refused(wide().wide(40, 1L << 40), ErrorCode.ZIP_STRUCTURE, "does not lie directly before");
        refused(wide().wide(24, -1).wide(32, -1), ErrorCode.ZIP_STRUCTURE, "");
        refused(wide().wide(48, 1L << 40), ErrorCode.ZIP_STRUCTURE, "does not lie directly before");
    }

    @Test
    void refusesAnOffsetThatLeadsNowhere() {
        refused(plain().end32(16, 1), ErrorCode.ZIP_STRUCTURE, "");
        refused(plain().end32(12, 1 << 20), ErrorCode.ZIP_STRUCTURE, "does not lie directly before");
        refused(plain().end16(20, 1), ErrorCode.ZIP_STRUCTURE, "comment runs past");
    }

    @Test
    void tellsABegunArchiveFromAnotherFile() {
        for (byte[] bytes : new byte[][] {{}, {'P'}, {'P', 'K', 3}, {'P', 'X', 3, 4}, {'X', 'K', 3, 4}}) {
            assertThatThrownBy(() -> read(bytes, ZipLayout.STRICT)).hasMessageContaining("not a zip archive");
        }
        assertThatThrownBy(() -> read(new byte[] {'P', 'K', 3, 4}, ZipLayout.STRICT))
                .hasMessageContaining("was its writer killed?");
    }
}
