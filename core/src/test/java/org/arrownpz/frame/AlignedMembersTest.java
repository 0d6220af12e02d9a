package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frames.AlignReport;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What aligning does with members that are no arrays, with folders, and with deflated members. */
@ExtendWith(LeakCheck.class)
class AlignedMembersTest {
    @TempDir
    Path directory;

    @Test
    void alignKeepsWhatIsNoArrayAndLeavesFoldersOut(BufferAllocator allocator) throws Exception {
        Path file = new Parts()
                .bytes("folder/", new byte[0])
                .text("long.txt", "x".repeat(100))
                .text("short.txt", "hello")
                .array("__blocks_0__.npy", "[('a', '<i8')]", 2)
                .archive(directory.resolve("mixed.npz"));
        Path target = directory.resolve("aligned.npz");
        ReadOptions options =
                ReadOptions.defaults().withLimits(ReadLimits.defaults().withMetadataBytes(50));
        AlignReport report = Frames.align(allocator, file, target, options, WriteOptions.defaults());
        assertThat(report).isEqualTo(new AlignReport(3, 0, 0));
        try (NpzFile before = NpzFile.open(allocator, file);
                NpzFile after = NpzFile.open(allocator, target)) {
            assertThat(after.names()).containsExactly("long.txt", "short.txt", "__blocks_0__.npy");
            for (String name : List.of("long.txt", "short.txt")) {
                assertThat(after.bytes(name, 1000)).isEqualTo(before.bytes(name, 1000));
            }
            assertThat(after.array("__blocks_0__.npy").header().dtype())
                    .isEqualTo(before.array("__blocks_0__.npy").header().dtype());
        }
        assertThat(Frames.verify(allocator, target, options.withVerify(Verify.CRC))
                        .kind())
                .isEqualTo("frame");
    }

    @Test
    void alignCountsInflatedMembersUnlessTheyAreDeflatedAgain(BufferAllocator allocator) throws Exception {
        Path file = new Parts()
                .array("a.npy", "<i8", 2)
                .text("note.txt", "hello")
                .archive(directory.resolve("small.npz"), 6);
        Path target = directory.resolve("aligned.npz");
        ReadOptions options = ReadOptions.defaults();
        assertThat(Frames.align(allocator, file, target, options, WriteOptions.defaults()))
                .isEqualTo(new AlignReport(2, 0, 2));
        assertThat(Frames.align(
                        allocator,
                        file,
                        target,
                        options,
                        WriteOptions.defaults().deflate(6)))
                .isEqualTo(new AlignReport(2, 0, 0));
        Path array = directory.resolve("array.npy");
        Files.write(array, Parts.npy("<i8", new byte[24], 3));
        assertThat(Frames.align(allocator, array, directory.resolve("b.npy"), options, WriteOptions.defaults()))
                .isEqualTo(new AlignReport(1, 0, 0));
        assertThat(Files.mismatch(array, directory.resolve("b.npy"))).isEqualTo(-1);
    }
}
