package org.arrownpz.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DType;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not written: archives without an end, members that failed, lengths that lie, names. */
class NpzWriterRefusalsTest {
    private static final WriteOptions QUICK = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    private Path folder;

    @Test
    void closingWithoutFinishLeavesTheTargetAndNothingElse() throws Exception {
        Path path = folder.resolve("a.npz");
        Files.writeString(path, "old");
        try (NpzWriter writer = NpzWriter.create(path, QUICK)) {
            writer.bytes("x", new byte[10]);
        }

        assertThat(path).hasContent("old");
        assertThat(listing()).containsExactly("a.npz");
    }

    @Test
    void aMemberThatFailedCannotBeFinishedOver() throws Exception {
        Path path = folder.resolve("a.npz");
        try (NpzWriter writer = NpzWriter.create(path, QUICK)) {
            ArrayContent failing = failing();
            assertThatThrownBy(() -> writer.array("a.npy", new byte[64], failing))
                    .isInstanceOf(NpzException.class);
            assertThatIllegalStateException().isThrownBy(writer::finish);
            assertThatIllegalStateException().isThrownBy(() -> writer.bytes("b", new byte[1]));
        }
        assertThat(listing()).isEmpty();
    }

    private static ArrayContent failing() {
        RawArray good = new RawArray(new byte[100], 10);
        return new ArrayContent() {
            @Override
            public DType dtype() {
                return good.dtype();
            }

            @Override
            public Shape shape() {
                return good.shape();
            }

            @Override
            public StorageOrder order() {
                return good.order();
            }

            @Override
            public void writeTo(ByteSink sink) throws NpzException {
                sink.write(ByteBuffer.allocate(10));
                throw NpzException.of(ErrorCode.FILE_CHANGED, "gone").build();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 101})
    void refusesContentOfAnotherLengthThanStated(int emitted) throws Exception {
        RawArray stated = new RawArray(new byte[100], 100);
        RawArray other = new RawArray(new byte[emitted], 1000);
        ArrayContent lying = new ArrayContent() {
            @Override
            public DType dtype() {
                return stated.dtype();
            }

            @Override
            public Shape shape() {
                return stated.shape();
            }

            @Override
            public StorageOrder order() {
                return stated.order();
            }

            @Override
            public void writeTo(ByteSink sink) throws NpzException {
                other.writeTo(sink);
            }
        };
        try (NpzWriter writer = NpzWriter.create(folder.resolve("a.npz"), QUICK)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.array("a.npy", stated.header(), lying))
                    .withMessageContaining("stated size");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".npy", "/a", "../a", "a/../b", "C:/a", "a\\b", "a\nb", "a\u0000", "\ud800"})
    void refusesNamesThatNoReaderShouldMeet(String name) throws Exception {
        try (NpzWriter writer = NpzWriter.create(folder.resolve("a.npz"), QUICK)) {
            assertThatIllegalArgumentException().isThrownBy(() -> writer.bytes(name, new byte[1]));
        }
    }

    @Test
    void refusesTwoMembersWithOneKey() throws Exception {
        try (NpzWriter writer = NpzWriter.create(folder.resolve("a.npz"), QUICK)) {
            writer.bytes("a.npy", new byte[1]);
            assertThatIllegalArgumentException().isThrownBy(() -> writer.bytes("a", new byte[1]));
        }
    }

    private Stream<String> names() throws IOException {
        return Files.list(folder).map(path -> path.getFileName().toString());
    }

    private List<String> listing() throws IOException {
        try (Stream<String> names = names()) {
            return names.toList();
        }
    }
}
