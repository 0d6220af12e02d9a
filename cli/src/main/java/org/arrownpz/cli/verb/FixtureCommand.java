package org.arrownpz.cli.verb;

import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.file.ResultFlags;
import org.arrownpz.compare.fixture.FrameFixture;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes frames for tests and measurements. */
@Command(
        name = "fixture",
        description =
                "Makes a frame that a line of the frame-fixtures language describes, with the same values as that "
                        + "Python package. Without OUT, prints it as 'arrow-npz cat' does.",
        footer = {
            "",
            "s(rows,columns), v(dtypes of the columns), i(class,dtype), c(class,dtype), joined by |.",
            "",
            "Examples:",
            "  arrow-npz fixture 's(4,6)|v(int,bool,str)|i(I,str)|c(ID,dtD)' small.npz",
            "  arrow-npz fixture 's(100000,100)|v(float)' uniform.feather"
        })
public final class FixtureCommand extends Verb {
    @Parameters(index = "0", paramLabel = "DSL", description = "The description.")
    String dsl = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "OUT", description = "The target; - for an Arrow stream.")
    @Nullable
    String target;

    @Option(names = "--json", description = "Without OUT: print JSON also on a terminal.")
    boolean json;

    @Mixin
    ResultFlags result = new ResultFlags();

    public FixtureCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        result.check(target, json, console);
        FrameFixture fixture = FrameFixture.parse(dsl);
        try (BufferAllocator allocator = allocator();
                Frame frame = fixture.frame(allocator);
                Progress progress = Progress.start(console)) {
            progress.show("writing " + target);
            if (target == null) {
                progress.close();
            }
            result.write(frame, target, json, console);
        }
        return ExitCodes.OK;
    }
}
