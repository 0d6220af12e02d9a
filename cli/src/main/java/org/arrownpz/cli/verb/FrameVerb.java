package org.arrownpz.cli.verb;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.SafeText;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Ink.ColorFlag;
import org.arrownpz.cli.file.ArraySet;
import org.arrownpz.cli.file.FileSet;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A verb that prints something of a frame, or of several. */
abstract class FrameVerb extends Verb {
    private static final int MAX_PATH = 4096;

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Frames, archives, arrays, Arrow files, directories of them, or - for a stream.")
    List<String> paths = List.of();

    @Mixin
    ColorFlag color = new ColorFlag();

    @Mixin
    ReadFlags flags = new ReadFlags();

    /** The console of this run. */
    private Console screen;

    /** Whether this run prints something of several files. */
    private boolean many;

    FrameVerb(Console console) {
        super(console);
        this.screen = console;
    }

    abstract void print(Frame frame) throws IOException;

    /** Whether arrays that are no table are printed, too. */
    boolean takesArrays() {
        return false;
    }

    /**
     * Prints arrays that are no table, where they are taken.
     *
     * @param path the file where it is one of several, or null
     */
    void print(ArraySet arrays, @Nullable String path) throws IOException {
        throw new IllegalStateException("arrays are not taken");
    }

    /** The console, with the colours that are wanted. */
    final Console screen() {
        return screen;
    }

    final boolean many() {
        return many;
    }

    @Override
    public Integer call() throws Exception {
        screen = color.apply(console);
        FileSet files = FileSet.of(inputs.of(paths), takesArrays(), flags.frame != null);
        many = files.many();
        return each(files, this::show);
    }

    private void show(BufferAllocator allocator, String path) throws IOException {
        try (Source.Opened opened =
                Source.openAny(allocator, path, Source.named(allocator, path, flags), console, takesArrays())) {
            if (many && console.outIsTerminal()) {
                screen.print(Ink.BOLD.on(screen, SafeText.escape(path, MAX_PATH)) + "\n");
            }
            if (opened.frame() != null) {
                print(opened.frame());
            } else if (opened.arrays() != null) {
                print(opened.arrays(), many ? path : null);
            }
            if (many && console.outIsTerminal()) {
                screen.print("\n");
            }
        }
    }
}
