package org.arrownpz.cli.verb;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.cli.console.ColorFlag;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.file.FileSet;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.text.SafeText;
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

    /** Where this run prints. */
    private Console screen;

    /** Whether this run prints something of several files. */
    private boolean many;

    FrameVerb(Console console) {
        super(console);
        this.screen = console;
    }

    abstract void print(Frame frame) throws IOException;

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
        FileSet files = FileSet.of(inputs.of(paths));
        many = files.many();
        boolean ok = true;
        try (BufferAllocator allocator = allocator()) {
            for (String path : files.names()) {
                ok &= attempt(path, !many, () -> {
                    try (Frame frame = Source.open(allocator, path, flags, console)) {
                        if (many && console.outIsTerminal()) {
                            screen.print(Ink.BOLD.on(screen, SafeText.escape(path, MAX_PATH)) + "\n");
                        }
                        print(frame);
                        if (many && console.outIsTerminal()) {
                            screen.print("\n");
                        }
                    }
                });
            }
        }
        return ok ? ExitCodes.OK : ExitCodes.DATA;
    }
}
