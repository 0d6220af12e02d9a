package org.arrownpz.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;

/**
 * The real file system with faults: it lists the operations that change something, by name ({@code create}, {@code
 * open}, {@code write}, {@code force}, {@code close}, {@code move}, {@code link}, {@code delete}, {@code mkdir}), and lets chosen
 * ones fail.
 */
public final class FaultyFileSystem extends WrappedFileSystem {
    private final FaultyProvider provider = new FaultyProvider(this);
    private final List<String> operations = new ArrayList<>();
    private final BiPredicate<String, Integer> fails;
    private final boolean reads;
    private boolean plain;
    private final Set<MapMode> modes = new HashSet<>();

    /** An action under test. */
    @FunctionalInterface
    public interface Action {
        void run(Path path) throws Exception;
    }

    /** A look at what a run left behind. */
    @FunctionalInterface
    public interface Inspection {
        void check(String failedOperation, boolean thrown) throws Exception;
    }

    /** @param fails told an operation and its number from 1, whether it fails */
    public FaultyFileSystem(BiPredicate<String, Integer> fails) {
        this(fails, false);
    }

    /** @param reads whether opening for reading, asking for the size and reading are operations, too */
    public FaultyFileSystem(BiPredicate<String, Integer> fails, boolean reads) {
        this.fails = fails;
        this.reads = reads;
    }

    /** Lets files be mapped in a mode ({@code map}); without this they cannot, as in many other file systems. */
    public FaultyFileSystem mapping(MapMode mode) {
        modes.add(mode);
        return this;
    }

    /** Gives channels of bytes only, as providers of object stores do. */
    public FaultyFileSystem plain() {
        plain = true;
        return this;
    }

    boolean isPlain() {
        return plain;
    }

    boolean maps(MapMode mode) {
        return modes.contains(mode);
    }

    /** The operations so far. */
    public synchronized List<String> operations() {
        return List.copyOf(operations);
    }

    /** An operation that changes nothing. */
    void passRead() throws IOException {
        if (reads) {
            pass("read");
        }
    }

    void pass(String operation) throws IOException {
        int number;
        synchronized (this) {
            operations.add(operation);
            number = operations.size();
        }
        if (fails.test(operation, number)) {
            throw new FileSystemException(null, null, "fault injected into " + operation);
        }
    }

    /**
     * Runs the action with the first operation failing, then the second and so on, until one run needs no more. What
     * comes out must be IO; {@code after} looks at the files after each run.
     *
     * @return the operations of the run without a fault
     */
    public static List<String> failEach(Path real, Action action, Inspection after) throws Exception {
        return failEach(real, action, after, false);
    }

    /** {@link #failEach}, where opening for reading, asking for the size and reading ({@code read}) fail too. */
    public static List<String> failEachAndReads(Path real, Action action, Inspection after) throws Exception {
        return failEach(real, action, after, true);
    }

    private static List<String> failEach(Path real, Action action, Inspection after, boolean reads) throws Exception {
        for (int k = 1; ; k += Effort.of(1 + k / 8, 1)) {
            int failing = k;
            FaultyFileSystem system = new FaultyFileSystem((operation, number) -> number == failing, reads);
            boolean thrown = false;
            try {
                action.run(system.path(real));
            } catch (NpzException e) {
                thrown = true;
                assertThat(e.code()).isEqualTo(ErrorCode.IO);
            }
            List<String> operations = system.operations();
            if (operations.size() < k) {
                assertThat(thrown).as("fails without a fault").isFalse();
                return operations;
            }
            after.check(operations.get(k - 1), thrown);
        }
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    protected Path followed(Path spelling, LinkOption... options) throws IOException {
        return spelling.toRealPath(options);
    }
}
