package org.arrownpz.cli.verb;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.frame.Frame;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A verb that prints something of one frame. */
abstract class FrameVerb extends Verb {
    @Parameters(paramLabel = "PATH", description = "A frame, an archive, an array, an Arrow file, or - for a stream.")
    String path = "";

    @Mixin
    ReadFlags flags = new ReadFlags();

    FrameVerb(Console console) {
        super(console);
    }

    abstract void print(Frame frame) throws IOException;

    @Override
    public Integer call() throws Exception {
        try (BufferAllocator allocator = allocator();
                Source source = Source.open(allocator, path, flags, console)) {
            print(source.frame());
        }
        return ExitCodes.OK;
    }
}
