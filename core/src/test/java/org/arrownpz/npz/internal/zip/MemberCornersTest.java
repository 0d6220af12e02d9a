package org.arrownpz.npz.internal.zip;

import static org.arrownpz.npz.internal.zip.Bent.CONTENT;
import static org.arrownpz.npz.internal.zip.Bent.NAME;
import static org.arrownpz.npz.internal.zip.Bent.NONE;
import static org.arrownpz.npz.internal.zip.Bent.PLACE;
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
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Local headers, descriptors and contents that are not what the directory says. */
@ExtendWith(LeakCheck.class)
class MemberCornersTest {
    @ParameterizedTest
    @CsvSource({
        "6, 1, ZIP_LOCAL_CENTRAL, flags",
        "6, 0x800, , ",
        "6, 2, , ",
        "8, 8, ZIP_LOCAL_CENTRAL, compression method",
        "14, 0, ZIP_LOCAL_CENTRAL, checksum",
        "18, 9, ZIP_LOCAL_CENTRAL, compressed size",
        "22, 9, ZIP_LOCAL_CENTRAL, size",
        "26, 4, ZIP_LOCAL_CENTRAL, name",
        "28, 1, ZIP_OVERLAP, run into what follows",
        "6, 0x2000, ZIP_ENCRYPTED, masked",
    })
    void holdsLocalHeadersAgainstTheDirectory(String at, String value, ErrorCode code, String words)
            throws NpzException {
        Bent archive = plain().local16(Integer.decode(at), Integer.decode(value));
        if (code == null) {
            assertThat(read(archive.bytes(), ZipLayout.STRICT).count()).isEqualTo(1);
        } else {
            refused(archive, code, words);
        }
    }

    private static byte[] descriptor(boolean signed, boolean wide, int crc, long size) {
        ByteBuffer bytes =
                ByteBuffer.allocate((signed ? 4 : 0) + (wide ? 20 : 12)).order(ByteOrder.LITTLE_ENDIAN);
        if (signed) {
            bytes.putInt(0x08074b50);
        }
        bytes.putInt(crc);
        if (wide) {
            bytes.putLong(size).putLong(size);
        } else {
            bytes.putInt((int) size).putInt((int) size);
        }
        return bytes.array();
    }

    /** A member streamed with a descriptor, whose local header states nothing. */
    private static Bent streamed(byte[] descriptor) {
        Archive archive = new Archive().raw(NAME, 8, NONE, NONE, ints(CONTENT)).gapBeforeDirectory(descriptor.length);
        Bent bent = bent(archive);
        System.arraycopy(descriptor, 0, bent.bytes(), bent.central - descriptor.length, descriptor.length);
        return bent.local32(14, 0).local32(18, 0).local32(22, 0);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void readsDescriptorsOfAllFourForms(boolean signed, boolean wide) throws NpzException {
        byte[] sound = descriptor(signed, wide, crc(CONTENT), 10);
        for (ZipLayout layout : ZipLayout.values()) {
            assertThat(read(streamed(sound).bytes(), layout).count()).isEqualTo(1);
        }
        NpzException crc = catchThrowableOfType(
                NpzException.class,
                () -> read(streamed(descriptor(signed, wide, 7, 10)).bytes(), ZipLayout.STRICT));
        assertThat(crc.code()).isEqualTo(ErrorCode.ZIP_CRC);
        NpzException sizes = catchThrowableOfType(
                NpzException.class,
                () -> read(streamed(descriptor(signed, wide, crc(CONTENT), 11)).bytes(), ZipLayout.STRICT));
        assertThat(sizes.code()).isEqualTo(ErrorCode.ZIP_LOCAL_CENTRAL);
    }

    @Test
    void refusesAMissingDescriptor() {
        refused(streamed(NONE), ErrorCode.ZIP_STRUCTURE, "no data descriptor");
        refused(streamed(new byte[11]), ErrorCode.ZIP_STRUCTURE, "no data descriptor");
        NpzException unsigned = catchThrowableOfType(
                NpzException.class, () -> read(streamed(new byte[16]).bytes(), ZipLayout.STRICT));
        assertThat(unsigned.code()).isEqualTo(ErrorCode.ZIP_STRUCTURE);
        assertThatThrownBy(() -> read(streamed(new byte[30]).bytes(), ZipLayout.STRICT))
                .isInstanceOf(NpzException.class);
        Bent wrongCrc = streamed(descriptor(true, false, crc(CONTENT), 10)).local32(14, 99);
        refused(wrongCrc, ErrorCode.ZIP_LOCAL_CENTRAL, "checksum");
        Bent wrongSize = streamed(descriptor(true, false, crc(CONTENT), 10)).local32(22, 9);
        refused(wrongSize, ErrorCode.ZIP_LOCAL_CENTRAL, "size");
    }

    @Test
    void tolerantReadingSkipsBytesBehindADescriptor() throws NpzException {
        byte[] padded = Arrays.copyOf(descriptor(true, false, crc(CONTENT), 10), 40);
        assertThat(read(streamed(padded).bytes(), ZipLayout.TOLERANT).count()).isEqualTo(1);
        assertThatThrownBy(() -> read(streamed(padded).bytes(), ZipLayout.STRICT))
                .hasMessageContaining("ZIP_STRUCTURE");
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] out = new byte[content.length + 100];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    /** A deflated member that states a size and checksum of its own. */
    private static byte[] deflatedMember(byte[] stream, int size, int crc) {
        return bent(NONE, NONE, stream)
                .local16(8, 8)
                .central16(10, 8)
                .local32(22, size)
                .central32(24, size)
                .local32(14, crc)
                .central32(16, crc)
                .bytes();
    }

    private static void inflates(byte[] archive, ErrorCode code, String words, BufferAllocator allocator)
            throws NpzException {
        ByteSource source = ByteSources.ofHeap(ByteBuffer.wrap(archive));
        try (NpzFile file = NpzFile.open(allocator, source, PLACE, ReadOptions.defaults())) {
            for (int i = 0; i < 2; i++) {
                boolean keep = i == 0;
                assertThatThrownBy(() -> {
                            if (keep) {
                                file.member("a.npy");
                            } else {
                                file.verifyCrc("a.npy");
                            }
                        })
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(code))
                        .hasMessageContaining(words);
            }
        }
    }

    @Test
    void inflatesExactlyWhatIsStated(BufferAllocator allocator) throws NpzException {
        byte[] content = "hello, hello, hello, hello".getBytes(StandardCharsets.UTF_8);
        byte[] stream = deflated(content);
        int crc = crc(content);
        ByteSource source = ByteSources.ofHeap(ByteBuffer.wrap(deflatedMember(stream, content.length, crc)));
        try (NpzFile file = NpzFile.open(allocator, source, PLACE, ReadOptions.defaults())) {
            assertThat(file.bytes("a.npy", 100)).isEqualTo(content);
            file.verifyCrc("a");
            assertThat(file.hasDeflated()).isTrue();
        }
        inflates(deflatedMember(stream, content.length + 1, crc), ErrorCode.ZIP_SIZE, "fewer bytes", allocator);
        inflates(deflatedMember(stream, content.length - 1, crc), ErrorCode.ZIP_SIZE, "more bytes", allocator);
        inflates(deflatedMember(stream, content.length, crc + 1), ErrorCode.ZIP_CRC, "checksum", allocator);
        inflates(deflatedMember(stream, 1 << 28, crc), ErrorCode.ZIP_SIZE, "no deflate stream", allocator);
        inflates(deflatedMember(NONE, 5, crc), ErrorCode.ZIP_DATA, "empty", allocator);
        byte[] longer = Arrays.copyOf(stream, stream.length + 3);
        inflates(deflatedMember(longer, content.length, crc), ErrorCode.ZIP_DATA, "3 bytes follow", allocator);
        inflates(deflatedMember(longer, content.length + 1, crc), ErrorCode.ZIP_DATA, "3 bytes follow", allocator);
        byte[] cut = Arrays.copyOf(stream, stream.length - 2);
        inflates(deflatedMember(cut, content.length, crc), ErrorCode.ZIP_DATA, "ends early", allocator);
        inflates(deflatedMember(new byte[] {7, 7, 7}, 3, crc), ErrorCode.ZIP_DATA, "is broken", allocator);
    }

    @Test
    void refusesStoredMembersOfTwoSizesAndMethodsItDoesNotKnow(BufferAllocator allocator) throws NpzException {
        byte[] sizes = plain().central32(24, 11).local32(22, 11).bytes();
        inflates(sizes, ErrorCode.ZIP_SIZE, "two sizes", allocator);
        inflates(plain().local16(8, 12).central16(10, 12).bytes(), ErrorCode.ZIP_UNSUPPORTED, "method 12", allocator);
        inflates(
                plain().local16(8, 8).central16(10, 8).central16(6, 64).bytes(),
                ErrorCode.ZIP_UNSUPPORTED,
                "64",
                allocator);
        inflates(plain().local16(6, 1).central16(8, 1).bytes(), ErrorCode.ZIP_ENCRYPTED, "encrypted", allocator);
        inflates(plain().local16(6, 32).central16(8, 32).bytes(), ErrorCode.ZIP_ENCRYPTED, "patched", allocator);
        ByteSource source = ByteSources.ofHeap(
                ByteBuffer.wrap(plain().local16(6, 1).central16(8, 1).bytes()));
        try (NpzFile file = NpzFile.open(allocator, source, PLACE, ReadOptions.defaults())) {
            assertThat(file.entries().get(0).stored()).isFalse();
            assertThat(file.entries().get(0).encrypted()).isTrue();
            assertThat(file.hasDeflated()).isFalse();
        }
    }

    @Test
    void readsLongLocalHeadersOfAViewedSource(BufferAllocator allocator) throws NpzException {
        byte[] archive =
                bent(NONE, twice(field(6, 180, new byte[180])), CONTENT).bytes();
        try (ArrowBuf memory = allocator.buffer(archive.length)) {
            memory.setBytes(0, archive);
            ByteSource source = ByteSources.of(memory, 0, archive.length);
            try (NpzFile file = NpzFile.open(allocator, source, PLACE, ReadOptions.defaults())) {
                assertThat(file.bytes("a.npy", 100)).isEqualTo(CONTENT);
                file.checkLayout();
            }
        }
    }
}
