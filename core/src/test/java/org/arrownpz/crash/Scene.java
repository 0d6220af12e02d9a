package org.arrownpz.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** The targets of some writers, before, between and after the processes that are killed over them. */
final class Scene implements AutoCloseable {
    private final BufferAllocator allocator = new RootAllocator();
    private final Contents contents = new Contents(WriterLoops.FEWEST_ROWS);
    private final Path directory;
    private final List<CrashWriter> writers;
    private final int copies;
    private final Progress progress;

    private Scene(Path directory, List<CrashWriter> writers, int copies, Progress progress) {
        this.directory = directory;
        this.writers = writers;
        this.copies = copies;
        this.progress = progress;
    }

    /** Writes the first generation of each target, and a copy of each content to compare with byte for byte. */
    static Scene set(Path directory, List<CrashWriter> writers, int copies) throws Exception {
        Files.createDirectories(directory);
        Scene scene = new Scene(directory, writers, copies, Progress.open(WriterLoops.progress(directory)));
        for (CrashWriter writer : writers) {
            for (int number = 0; number < Contents.COUNT; number++) {
                Path copy = scene.copy(writer, number);
                Files.createDirectories(copy.getParent());
                writer.write(scene.allocator, scene.contents.of(number), copy, WriterLoops.durability(1));
            }
        }
        for (int i = 0; i < scene.targets(); i++) {
            Files.createDirectories(scene.target(i).getParent());
            scene.writeNext(i, 0);
        }
        return scene;
    }

    /** The number of targets: those of the first writer, those of the second and so on. */
    int targets() {
        return writers.size() * copies;
    }

    private CrashWriter writer(int number) {
        return writers.get(number / copies);
    }

    Path directory() {
        return directory;
    }

    private Path target(int number) {
        return WriterLoops.target(directory, writer(number), number % copies);
    }

    private Path copy(CrashWriter writer, int number) {
        return directory.resolve("copies").resolve(Integer.toString(number)).resolve(writer.target());
    }

    long completed(int number) {
        return progress.completed(number);
    }

    /** Looks at a target after a kill, and lets the next write tidy up. */
    void inspect(int number, long process, List<Tally> tallies) throws Exception {
        Tally tally = tallies.get(number / copies);
        long begun = progress.begun(number);
        long completed = progress.completed(number);
        List<Path> leftovers = leftovers(number, process);
        if (begun == completed) {
            requireContent(writer(number), target(number), completed);
            assertThat(leftovers).as("left between writes").isEmpty();
            tally.addIdle();
        } else {
            assertThat(begun).isEqualTo(completed + 1);
            tally.add(find(number, completed, begun, leftovers), !leftovers.isEmpty());
        }
        writeNext(number, begun + 1);
    }

    private Tally.Found find(int target, long old, long replacement, List<Path> leftovers) throws Exception {
        CrashWriter writer = writer(target);
        if (writer.isDirectory() && Files.notExists(target(target))) {
            assertThat(leftovers).hasSize(2);
            for (Path leftover : leftovers) {
                boolean aside = leftover.toString().endsWith("old");
                requireContent(writer, leftover, aside ? old : replacement);
            }
            return Tally.Found.ASIDE;
        }
        assertThat(leftovers).hasSizeLessThan(2);
        int number = writer.read(allocator, target(target), contents);
        assertThat(number).isIn((int) (old % Contents.COUNT), (int) (replacement % Contents.COUNT));
        requireContent(writer, target(target), number);
        return number == old % Contents.COUNT ? Tally.Found.OLD : Tally.Found.NEW;
    }

    private List<Path> leftovers(int number, long process) throws IOException {
        Pattern documented = writer(number).leftovers(process);
        List<Path> leftovers = new ArrayList<>();
        for (Path file : list(target(number).getParent())) {
            if (!file.equals(target(number))) {
                assertThat(file.getFileName().toString()).matches(documented);
                leftovers.add(file);
            }
        }
        return leftovers;
    }

    /** The write that follows finds nothing in its way, and leaves nothing but the target. */
    private void writeNext(int number, long generation) throws Exception {
        Path target = target(number);
        writer(number).write(allocator, contents.of(generation), target, WriterLoops.durability(1));
        assertThat(list(target.getParent())).containsExactly(target);
        requireContent(writer(number), target, generation);
        progress.begin(number, generation);
        progress.complete(number, generation);
    }

    private void requireContent(CrashWriter writer, Path file, long generation) throws Exception {
        int number = (int) (generation % Contents.COUNT);
        assertThat(writer.read(allocator, file, contents)).isEqualTo(number);
        Path copy = copy(writer, number);
        if (!writer.isDirectory()) {
            assertThat(Files.mismatch(file, copy)).as("same bytes").isNegative();
            return;
        }
        assertThat(names(file)).isEqualTo(names(copy));
        for (String name : names(copy)) {
            assertThat(Files.mismatch(file.resolve(name), copy.resolve(name)))
                    .as(name)
                    .isNegative();
        }
    }

    private static TreeSet<String> names(Path directory) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        list(directory).forEach(file -> names.add(file.getFileName().toString()));
        return names;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Override
    public void close() {
        contents.close();
        allocator.close();
    }
}
