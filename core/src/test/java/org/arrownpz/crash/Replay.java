package org.arrownpz.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.WriteOptions.Durability;

/**
 * Records how a writer replaces its target, and looks at the disk in every state that a power failure may leave: the
 * old target or the new one, and the new one when the call had returned.
 */
public final class Replay {
    static final String DIRECTORY = "data";
    private static final long SEED = 20261121;
    /** States of equal names are much alike: so many of them are opened and written over. */
    private static final int OPENED = 3;

    private final BufferAllocator allocator;
    private final Contents contents;
    private final CrashWriter writer;
    private final Durability durability;
    private final int old;
    private final int replacement;
    private final Set<Long> states = new HashSet<>();
    private final Map<Set<String>, Integer> opened = new HashMap<>();
    private Map<String, byte[]> oldFiles = Map.of();
    private Map<String, byte[]> newFiles = Map.of();
    private int tried;
    private int found;
    private int aside;
    private int steps;

    /** @param old the number of the content that is replaced */
    public Replay(
            BufferAllocator allocator,
            Contents contents,
            CrashWriter writer,
            Durability durability,
            int old,
            int replacement) {
        this.allocator = allocator;
        this.contents = contents;
        this.writer = writer;
        this.durability = durability;
        this.old = old;
        this.replacement = replacement;
    }

    /** The number of different states. */
    public int states() {
        return states.size();
    }

    public void run() throws Exception {
        Disk disk = new Disk();
        DiskFileSystem system = new DiskFileSystem(disk);
        system.provider().createDirectory(system.path(Path.of("/" + DIRECTORY)));
        Path target = target(system);
        writer.write(allocator, contents.of(old), target, durability);
        assertThat(writer.read(allocator, target, contents)).isEqualTo(old);
        DiskImage before = DiskImage.of(disk);
        oldFiles = before.files(DIRECTORY);
        disk.forget();
        writer.write(allocator, contents.of(replacement), target, durability);
        assertThat(writer.read(allocator, target, contents)).isEqualTo(replacement);
        newFiles = DiskImage.of(disk).files(DIRECTORY);
        steps = disk.log().size();

        new PowerLoss(before, disk.log(), SEED).forEach((image, done) -> {
            tried++;
            if (states.add(image.signature())) {
                check(image);
            }
            if (done && durability == Durability.FSYNC) {
                assertThat(same(part(image.files(DIRECTORY), writer.target()), newFiles))
                        .as("what a call wrote that has returned is on the disk")
                        .isTrue();
            }
        });
    }

    private Path target(DiskFileSystem system) {
        return system.path(Path.of("/" + DIRECTORY, writer.target()));
    }

    private void check(DiskImage image) {
        Map<String, byte[]> files = image.files(DIRECTORY);
        Map<String, byte[]> present = part(files, writer.target());
        int expected;
        if (same(present, newFiles)) {
            found++;
            expected = replacement;
        } else if (same(present, oldFiles)) {
            expected = old;
        } else {
            requireAside(files, present);
            aside++;
            expected = old;
        }
        if (opened.merge(new TreeSet<>(files.keySet()), 1, Integer::sum) <= OPENED) {
            open(image, expected, !present.isEmpty());
        }
    }

    /** A directory that stepped aside is there whole, under the name that the next write knows. */
    private void requireAside(Map<String, byte[]> files, Map<String, byte[]> present) {
        assertThat(writer.isDirectory() && present.isEmpty())
                .as("the target is neither the old one nor the new one: %s", files.keySet())
                .isTrue();
        for (String name : files.keySet()) {
            String top = name.replaceFirst("/.*", "");
            if (top.matches(writer.leftovers(ProcessHandle.current().pid()).pattern()) && top.endsWith("old")) {
                Map<String, byte[]> renamed = new TreeMap<>();
                part(files, top).forEach((file, bytes) -> renamed.put(file.replace(top, writer.target()), bytes));
                assertThat(same(renamed, oldFiles)).as("the old directory").isTrue();
                return;
            }
        }
        throw new AssertionError("neither a target nor an old directory: " + files.keySet());
    }

    private static Map<String, byte[]> part(Map<String, byte[]> files, String name) {
        Map<String, byte[]> part = new TreeMap<>();
        files.forEach((file, bytes) -> {
            if (file.equals(name) || file.startsWith(name + "/")) {
                part.put(file, bytes);
            }
        });
        return part;
    }

    private static boolean same(Map<String, byte[]> one, Map<String, byte[]> other) {
        if (!one.keySet().equals(other.keySet())) {
            return false;
        }
        for (Map.Entry<String, byte[]> entry : one.entrySet()) {
            if (!Arrays.equals(entry.getValue(), other.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private void open(DiskImage image, int expected, boolean present) {
        try {
            Disk disk = image.toDisk();
            Path target = target(new DiskFileSystem(disk));
            if (present) {
                assertThat(writer.read(allocator, target, contents)).isEqualTo(expected);
            }
            writer.write(allocator, contents.of(replacement), target, durability);
            assertThat(writer.read(allocator, target, contents)).isEqualTo(replacement);
            assertThat(same(DiskImage.of(disk).files(DIRECTORY), newFiles))
                    .as(
                            "nothing but the target after the next write over %s",
                            image.files(DIRECTORY).keySet())
                    .isTrue();
        } catch (Exception e) {
            throw new AssertionError(image.files(DIRECTORY).keySet() + " cannot be opened or written", e);
        }
    }

    @Override
    public String toString() {
        return writer.target() + ": " + steps + " steps, " + tried + " states, " + states.size() + " different, "
                + found + " new, " + aside + " aside, "
                + opened.values().stream()
                        .mapToInt(count -> Math.min(count, OPENED))
                        .sum() + " opened and replaced";
    }
}
