package org.arrownpz.npz.internal.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.WriteOptions;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.npz.internal.zip.read.CentralDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members named by a number, as StaticFrame and NumPy name them: each is found, and no key stands twice. */
class NamesThatCountUpTest {
    private static final String BLOCK = "__blocks_";
    private static final String END = "__.npy";

    private static CentralDirectory read(List<String> names) throws NpzException {
        Archive archive = new Archive();
        names.forEach(name -> archive.member(name, 1));
        return read(archive.bytes());
    }

    private static CentralDirectory read(byte[] bytes) throws NpzException {
        try (BufferAllocator allocator = new RootAllocator();
                ByteSource source = ByteSources.of(allocator, ByteBuffer.wrap(bytes))) {
            return CentralDirectory.read(source, Location.ofFile("a.npz"), ReadLimits.defaults(), ZipLayout.STRICT);
        }
    }

    private static List<String> blocks(int first, int end) {
        List<String> names = new ArrayList<>();
        for (int i = first; i < end; i++) {
            names.add(BLOCK + i + END);
        }
        return names;
    }

    private static NpzException fault(List<String> names) {
        return catchThrowableOfType(NpzException.class, () -> read(names));
    }

    @Test
    void areFoundByNameAndKey() throws NpzException {
        List<String> names = new ArrayList<>(List.of("__values_columns_0__.npy"));
        names.addAll(blocks(0, 1200));
        names.add("__meta__.json");
        CentralDirectory directory = read(names);

        for (int member = 0; member < names.size(); member++) {
            String name = names.get(member);
            assertThat(directory.find(name)).as(name).isEqualTo(member);
            assertThat(directory.find(MemberNames.key(name))).isEqualTo(member);
        }
        for (String other : List.of(
                "__blocks_1200__.npy",
                "__blocks_007__.npy",
                "__blocks_00__.npy",
                "__blocks___.npy",
                "__blocks_1x__.npy",
                "__blocks_-1__.npy",
                "__blocks_7_.npy",
                "__blocks_7__.npz",
                "_blocks_7__.npy",
                "__blocks_99999999999__.npy",
                "7",
                "")) {
            assertThat(directory.find(other)).as(other).isEqualTo(-1);
        }
    }

    @Test
    void findsEachOfRandomNames() throws NpzException {
        Random random = new Random(7);
        for (int round = 0; round < 60; round++) {
            List<String> names = new ArrayList<>();
            Set<String> keys = new HashSet<>();
            while (names.size() < 400) {
                String prefix = random.nextBoolean() ? "a" : random.nextBoolean() ? "a_" : "b9_";
                String suffix = random.nextInt(3) == 0 ? "" : random.nextBoolean() ? ".npy" : "x.npy";
                int first = random.nextInt(3) == 0 ? random.nextInt(150) : 95 + random.nextInt(10);
                int count = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 60 + random.nextInt(80);
                for (int i = first; i < first + count; i++) {
                    String name = prefix + (random.nextInt(200) == 0 ? "0" : "") + i + suffix;
                    if (keys.add(MemberNames.key(name))) {
                        names.add(name);
                    }
                }
            }
            CentralDirectory directory = read(names);
            for (int member = 0; member < names.size(); member++) {
                assertThat(directory.find(names.get(member))).isEqualTo(member);
                assertThat(directory.find(MemberNames.key(names.get(member)))).isEqualTo(member);
            }
            // Whichever is there twice is refused by its own name.
            String doubled = names.get(random.nextInt(names.size()));
            names.add(1 + names.indexOf(doubled) + random.nextInt(names.size() - names.indexOf(doubled)), doubled);
            assertThat(fault(names).code()).isEqualTo(ErrorCode.ZIP_DUPLICATE);
            assertThat(fault(names).member()).isEqualTo(doubled);
        }
    }

    @Test
    void mayNotBeThereTwice() {
        List<String> again = blocks(0, 200);
        again.add(BLOCK + 150 + END);
        assertThat(fault(again)).hasMessageContaining("two members have this name");
        assertThat(fault(again).member()).isEqualTo(BLOCK + 150 + END);

        List<String> key = blocks(0, 200);
        key.add(BLOCK + 150 + "__");
        assertThat(fault(key)).hasMessageContaining("has the same key");

        List<String> before = new ArrayList<>(List.of(BLOCK + 150 + END));
        before.addAll(blocks(0, 200));
        assertThat(fault(before).code()).isEqualTo(ErrorCode.ZIP_DUPLICATE);
        assertThat(fault(before).member()).isEqualTo(BLOCK + 150 + END);

        List<String> twice = blocks(0, 200);
        twice.addAll(blocks(130, 330));
        assertThat(fault(twice).member()).isEqualTo(BLOCK + 130 + END);
    }

    @Test
    void areRefusedForTheFirstFaultThatAReaderMeets() {
        // The second of a name lies before a name that is no name.
        List<String> names = blocks(0, 200);
        names.add(BLOCK + 150 + END);
        names.addAll(blocks(300, 400));
        names.add("../x.npy");
        assertThat(fault(names).code()).isEqualTo(ErrorCode.ZIP_DUPLICATE);

        names.remove(200);
        assertThat(fault(names).code()).isEqualTo(ErrorCode.ZIP_NAME);
    }

    @Test
    void countToTheEndOfTheirDigits() throws NpzException {
        List<String> names = new ArrayList<>();
        for (int i = 99_999_900; i < 100_000_100; i++) {
            names.add("a" + i);
        }
        CentralDirectory directory = read(names);
        for (int member = 0; member < names.size(); member++) {
            assertThat(directory.find(names.get(member))).isEqualTo(member);
        }
        names.add("a99999950");
        assertThat(fault(names).member()).isEqualTo("a99999950");
    }

    private static boolean add(NpzWriter writer, String name) throws NpzException {
        try {
            writer.bytes(name, new byte[1]);
            return true;
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("two members with the key of");
            return false;
        }
    }

    @Test
    void areWrittenOnceEach(@TempDir Path folder) throws NpzException {
        try (NpzWriter writer = NpzWriter.create(folder.resolve("a.npz"), WriteOptions.defaults())) {
            assertThat(add(writer, "__values_columns_0__.npy")).isTrue();
            for (String name : blocks(0, 5000)) {
                assertThat(add(writer, name)).isTrue();
            }
            assertThat(add(writer, BLOCK + 0 + END)).isFalse();
            assertThat(add(writer, BLOCK + 4999 + "__")).isFalse();
            assertThat(add(writer, BLOCK + 5001 + END)).isTrue();
            assertThat(add(writer, BLOCK + 5000 + END)).isTrue();
            assertThat(add(writer, BLOCK + 5001 + END)).isFalse();
            assertThat(add(writer, "__meta__.json")).isTrue();
            assertThat(add(writer, "__meta__.json")).isFalse();
            assertThat(add(writer, "__values_columns_0__")).isFalse();
        }
    }

    @Test
    void areNotWrittenOverAnEarlierOne(@TempDir Path folder) throws NpzException {
        try (NpzWriter writer = NpzWriter.create(folder.resolve("a.npz"), WriteOptions.defaults())) {
            assertThat(add(writer, "a50.npy")).isTrue();
            for (int i = 0; i < 50; i++) {
                assertThat(add(writer, "a" + i)).isTrue();
            }
            assertThat(add(writer, "a50")).isFalse();
            assertThat(add(writer, "a51")).isTrue();
        }
    }

    @Test
    void unnamedMembersAreRefusedStill() {
        assertThatThrownBy(() -> read(List.of("a1.npy", ".npy")))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("empty key");
    }
}
