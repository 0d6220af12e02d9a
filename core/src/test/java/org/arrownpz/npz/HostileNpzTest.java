package org.arrownpz.npz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every archive of the hostile corpus, with checksums on and 64 MiB of memory. */
class HostileNpzTest {
    private static final long MEMORY = 64 << 20;
    private static final JsonNode EXPECTED = Corpus.json("hostile/expected.json");

    static List<Corpus.Case> refused() {
        return Corpus.hostileNpz(false);
    }

    static List<Corpus.Case> accepted() {
        return Corpus.hostileNpz(true);
    }

    @ParameterizedTest
    @MethodSource
    void refused(Corpus.Case hostile) throws Exception {
        for (Mapping mapping : new Mapping[] {Mapping.READ_ONLY, Mapping.COPY}) {
            List<NpzException> faults = faults(hostile, mapping, ZipLayout.STRICT);

            assertThat(faults).as("%s", mapping).isNotEmpty();
            assertThat(faults).allSatisfy(fault -> assertThat(fault.file()).endsWith(hostile.file()));
            assertThat(faults).anySatisfy(fault -> {
                assertThat(fault.code().name()).as(fault.getMessage()).isIn(hostile.codes());
                if (!hostile.member().isEmpty() && fault.member() != null) {
                    assertThat(fault.member()).isEqualTo(memberOf(hostile));
                }
            });
        }
    }

    /** The corpus writes a NUL-ended name without the NUL, and control characters as escapes already. */
    private static String memberOf(Corpus.Case hostile) {
        return switch (hostile.file()) {
            case "npz/name_nul_dup.npz" -> "a.npy\\u0000";
            case "npz/name_control.npz" -> "a\\n\\u001b[31m.npy";
            default -> SafeText.escape(hostile.member());
        };
    }

    /** Opening's fault, or those of reading each member. */
    private static List<NpzException> faults(Corpus.Case hostile, Mapping mapping, ZipLayout layout) throws Exception {
        List<NpzException> faults = new ArrayList<>();
        ReadOptions options = ReadOptions.defaults()
                .withVerify(Verify.CRC)
                .withMapping(mapping)
                .withZipLayout(layout);
        try (BufferAllocator allocator = new RootAllocator(MEMORY)) {
            try (NpzFile file = NpzFile.open(allocator, Corpus.path("hostile/" + hostile.file()), options)) {
                for (NpzEntry entry : file.entries()) {
                    try {
                        file.array(entry.name());
                    } catch (NpzException e) {
                        faults.add(e);
                    }
                }
            } catch (NpzException e) {
                faults.add(e);
            }
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
        return faults;
    }

    @ParameterizedTest
    @MethodSource
    void accepted(Corpus.Case odd) throws Exception {
        JsonNode members = EXPECTED.path(odd.file()).path("members");
        ReadOptions options = ReadOptions.defaults().withVerify(Verify.CRC);
        Path path = Corpus.path("hostile/" + odd.file());
        try (BufferAllocator allocator = new RootAllocator(MEMORY);
                NpzFile file = NpzFile.open(allocator, path, options)) {
            assertThat(file.keys()).containsExactlyInAnyOrderElementsOf(() -> members.fieldNames());
            for (String key : file.keys()) {
                JsonNode expected = members.path(key);
                if (expected.has("descr")) {
                    assertSame(file.array(key), expected);
                } else {
                    assertThat(file.bytes(key, 1000)).isNotEmpty();
                }
            }
        }
    }

    private static void assertSame(NumpyArray array, JsonNode expected) throws Exception {
        assertThat(((ScalarDType) array.header().dtype()).str())
                .isEqualTo(expected.path("descr").textValue());
        assertThat(array.header().shape().dimensions())
                .isEqualTo(expected.path("shape").size());
        if (array.header().order() == StorageOrder.FORTRAN
                && expected.path("shape").size() > 1) {
            return;
        }
        try (ArrowBuf data = array.region(0, array.header().dataLength())) {
            ByteBuffer bytes = ByteBuffer.allocate((int) data.capacity());
            data.getBytes(0, bytes);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            assertThat(HexFormat.of().formatHex(digest.digest(bytes.array())))
                    .isEqualTo(expected.path("sha256_c_order_little_endian").textValue());
        }
    }

    @Test
    void tolerantLayoutAdmitsUnaccountedBytesAndNothingElse() throws Exception {
        List<String> admitted = new ArrayList<>();
        for (Corpus.Case hostile : refused()) {
            if (faults(hostile, Mapping.READ_ONLY, ZipLayout.TOLERANT).isEmpty()) {
                admitted.add(hostile.file());
            }
        }

        assertThat(admitted)
                .containsExactlyInAnyOrder(
                        "npz/trailing_junk.npz",
                        "npz/trailing_zeros.npz",
                        "npz/prepended_junk_adjusted.npz",
                        "npz/comlen_too_short.npz",
                        "npz/gap_before_cd.npz",
                        "npz/hidden_member.npz",
                        "npz/after_cd_bytes.npz");
    }

    @ParameterizedTest
    @EnumSource(Unreadable.class)
    void leavesGoodMembersBesideABadOneReadable(Unreadable bad) throws Exception {
        try (BufferAllocator allocator = new RootAllocator(MEMORY);
                NpzFile file = NpzFile.open(allocator, Corpus.path("hostile/npz/" + bad.file))) {
            assertThat(file.array("b").header().shape().toString()).isEqualTo("(4,)");
        }
    }

    enum Unreadable {
        ZSTD("method_zstd.npz"),
        XZ("method_xz.npz"),
        SHRUNK("method_shrink.npz"),
        UNKNOWN("method_65535.npz"),
        ENCRYPTED("enc_strong.npz"),
        FLAGGED("enc_flag_plain.npz"),
        OBJECT("inner_object.npz"),
        BROKEN_STREAM("deflate_truncated.npz"),
        CHECKSUM("crc_deflate.npz");

        private final String file;

        Unreadable(String file) {
            this.file = file;
        }
    }
}
