package org.arrownpz.soak;

import static org.arrownpz.soak.SharedThings.ROWS;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.jspecify.annotations.Nullable;

/** Archives and arrays for {@link SharedThings}, whose members and regions several threads read. */
final class SharedFiles {
    private SharedFiles() {}

    /** An archive of these members. */
    static SharedThing archive(String name, NpzFile file, Map<String, byte[]> members) {
        List<String> names = List.copyOf(members.keySet());
        return new SharedThing(name) {
            @Override
            @Nullable
            String use(Random choice) throws NpzException {
                String member = names.get(choice.nextInt(names.size()));
                byte[] expected = members.get(member);
                switch (choice.nextInt(6)) {
                    case 0 -> {
                        return Arrays.equals(file.bytes(member, 1 << 24), expected) ? null : "bytes";
                    }
                    case 1 -> file.verifyCrc(member);
                    case 2 -> file.inflateAll(names);
                    case 3 -> {
                        return file.contains(member) && file.entries().size() == names.size() ? null : "entries";
                    }
                    default -> {
                        ByteSource source = file.member(member);
                        int from = choice.nextInt(expected.length);
                        int length = choice.nextInt(expected.length - from);
                        try (ArrowBuf region = source.region(from, length)) {
                            return differs(region, expected, from, length, choice);
                        }
                    }
                }
                return null;
            }

            @Override
            void close() {
                file.close();
            }
        };
    }

    private static @Nullable String differs(ArrowBuf region, byte[] expected, int from, int length, Random choice) {
        for (int i = 0; i < Math.min(length, 20); i++) {
            int at = choice.nextInt(length);
            if (region.getByte(at) != expected[from + at]) {
                return "byte " + (from + at);
            }
        }
        return null;
    }

    /** An array of two columns, both the numbers of the rows. */
    static SharedThing array(NumpyArray array) {
        return new SharedThing("mapped array") {
            @Override
            @Nullable
            String use(Random choice) throws NpzException {
                int row = choice.nextInt(ROWS - 10);
                try (ArrowBuf region = array.region(16L * row, 160)) {
                    return region.getDouble(144) == row + 9.5 ? null : "row " + row;
                }
            }

            @Override
            void close() {
                array.close();
            }
        };
    }
}
