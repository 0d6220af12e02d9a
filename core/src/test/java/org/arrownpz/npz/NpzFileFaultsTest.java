package org.arrownpz.npz;

import static org.arrownpz.npz.SampleArchive.LENGTH;
import static org.arrownpz.npz.SampleArchive.QUICK;
import static org.arrownpz.npz.SampleArchive.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.io.ByteSource;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Checksums, limits, refused memory, files cut short, and misuse. */
@ExtendWith(LeakCheck.class)
class NpzFileFaultsTest {
    @TempDir
    private Path folder;

    private Path write(int level) throws NpzException {
        return SampleArchive.write(folder, level);
    }

    @Test
    void checksStoredMembersOnlyWhenAsked(BufferAllocator allocator) throws Exception {
        Path path = write(0);
        long at;
        try (NpzFile file = NpzFile.open(allocator, path)) {
            at = file.payloadOffset("a5") + 1000;
        }
        try (RandomAccessFile raw = new RandomAccessFile(path.toFile(), "rw")) {
            raw.seek(at);
            raw.write(77);
        }

        try (NpzFile file = NpzFile.open(allocator, path)) {
            data(file, "a5").close();
            assertCode(() -> file.verifyCrc("a5"), ErrorCode.ZIP_CRC);
            file.verifyCrc("a4");
            assertCode(() -> file.bytes("a5", LENGTH * 2), ErrorCode.ZIP_CRC);
        }
        try (NpzFile file = NpzFile.open(allocator, path, ReadOptions.defaults().withVerify(Verify.CRC))) {
            assertCode(() -> file.array("a5"), ErrorCode.ZIP_CRC);
            assertCode(() -> file.member("a5"), ErrorCode.ZIP_CRC);
            data(file, "a4").close();
        }
    }

    @Test
    void boundsInflatedBytesOfTheWholeArchive(BufferAllocator allocator) throws Exception {
        ReadLimits limits = ReadLimits.defaults().withInflatedBytes(3L * (LENGTH + 128) + 5);
        try (NpzFile file =
                NpzFile.open(allocator, write(6), ReadOptions.defaults().withLimits(limits))) {
            file.array("a0");
            file.array("a1");
            file.array("a2");
            assertCode(() -> file.array("a3"), ErrorCode.LIMIT);
            file.array("a0");
            file.verifyCrc("a3");
        }
    }

    @Test
    void anAllocatorThatIsTooSmallIsALimit() throws Exception {
        try (BufferAllocator small = new RootAllocator(100_000);
                NpzFile file = NpzFile.open(small, write(6))) {
            assertCode(() -> file.inflateAll(file.names()), ErrorCode.LIMIT);
        }
    }

    @Test
    void everyRefusedAllocationIsALimitAndLeaksNothing() throws Exception {
        for (int level : new int[] {0, 6}) {
            Path path = write(level);
            ReadOptions options = ReadOptions.defaults().withVerify(Verify.CRC);
            for (Mapping mapping : Mapping.values()) {
                long requests = AllocationFaults.refuseEach(allocator -> {
                    try (NpzFile file = NpzFile.open(allocator, path, options.withMapping(mapping))) {
                        data(file, "a0").close();
                        file.verifyCrc("a1");
                        file.member("a2").region(0, 10).close();
                    }
                });
                assertThat(requests).isPositive();
            }
        }
    }

    @Test
    void provesHighRatiosBeforeTakingMemory(BufferAllocator allocator) throws Exception {
        Path path = folder.resolve("zeros.npz");
        int length = 40 << 20;
        try (NpzWriter writer = NpzWriter.create(path, QUICK.deflate(1))) {
            RawArray zeros = new RawArray(new byte[length], length);
            writer.array("z.npy", zeros.header(), zeros);
            writer.finish();
        }

        try (BufferAllocator tight = new RootAllocator(48 << 20);
                NpzFile file = NpzFile.open(tight, path);
                ArrowBuf region = data(file, "z")) {
            assertThat(region.capacity()).isEqualTo(length);
            assertThat(region.getLong(length - 8)).isZero();
        }
    }

    @Test
    void aTruncatedFileIsATypedErrorAlsoUnderAMapping(BufferAllocator allocator) throws Exception {
        for (int level : new int[] {0, 6}) {
            Path path = write(level);
            try (NpzFile file = NpzFile.open(allocator, path)) {
                try (RandomAccessFile raw = new RandomAccessFile(path.toFile(), "rw")) {
                    raw.setLength(4096);
                }
                assertCode(() -> file.verifyCrc("a20"), ErrorCode.FILE_CHANGED);
            }
        }
    }

    @Test
    void misuseIsNotAFaultOfTheFile(BufferAllocator allocator) throws Exception {
        NpzFile file = NpzFile.open(allocator, write(6));
        assertThatIllegalArgumentException().isThrownBy(() -> file.array("nothing"));
        assertCode(() -> file.bytes("a0", 10), ErrorCode.LIMIT);
        ByteSource member = file.member("a0");
        file.close();

        assertThatIllegalStateException().isThrownBy(() -> file.array("a0"));
        assertThatIllegalStateException().isThrownBy(() -> member.region(0, 1));
    }

    @Test
    void aMissingFileIsAnIoFault(BufferAllocator allocator) {
        assertCode(() -> NpzFile.open(allocator, folder.resolve("none.npz")), ErrorCode.IO);
    }

    private static void assertCode(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOf(NpzException.class)
                .extracting(fault -> ((NpzException) fault).code())
                .isEqualTo(code);
    }
}
