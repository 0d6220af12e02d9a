package org.arrownpz.fuzz;

import java.nio.file.Path;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.testing.Inspections;

/** Opens the bytes of a file as a frame, compares it with what its headers tell, and uses it. */
final class Opening {
    private static final Location PLACE = Location.ofFile(null);
    private static final BufferAllocator INPUTS = Oracle.inputs();

    private Opening() {}

    private interface Opener<T> {
        T open(BufferAllocator allocator, Settings settings) throws NpzException;
    }

    /** Opens the bytes from there on where they lie: at the end of memory, or in a buffer whose references are counted. */
    static void frame(byte[] file, int from, Settings settings) {
        if (settings.endAligned() && InputMemory.holds(file, from)) {
            judge(
                    settings,
                    (allocator, wanted) -> Frames.open(allocator, InputMemory.atEnd(file, from), wanted.options()),
                    (allocator, wanted) -> {
                        try (ByteSource source = ByteSources.of(allocator, InputMemory.atEnd(file, from))) {
                            return Frames.inspect(allocator, source, PLACE, wanted.options());
                        }
                    });
            return;
        }
        int length = file.length - from;
        try (ArrowBuf buffer = INPUTS.buffer(Math.max(1, length))) {
            buffer.setBytes(0, file, from, length);
            buffer.writerIndex(length);
            judge(
                    settings,
                    (allocator, wanted) -> Frames.open(allocator, buffer, wanted.options()),
                    (allocator, wanted) -> {
                        try (ByteSource source = ByteSources.of(buffer)) {
                            return Frames.inspect(allocator, source, PLACE, wanted.options());
                        }
                    });
            if (buffer.refCnt() != 1) {
                throw new AssertionError("references to the file are left: " + buffer.refCnt());
            }
        }
    }

    /** Opens a directory, mapped or copied. */
    static void directory(Path path, Settings settings) {
        Mapping mapping = settings.endAligned() ? Mapping.COPY : Mapping.READ_ONLY;
        judge(
                settings,
                (allocator, wanted) ->
                        Frames.open(allocator, path, wanted.options().withMapping(mapping)),
                (allocator, wanted) ->
                        Frames.inspect(allocator, path, wanted.options().withMapping(mapping)));
    }

    private static void judge(Settings settings, Opener<Frame> opener, Opener<FrameSummary> inspector) {
        boolean[] valid = {true};
        FrameSummary[] told = {null};
        Oracle.holds(allocator -> {
            try {
                told[0] = inspector.open(allocator, settings);
            } catch (IllegalArgumentException e) {
                if (!settings.selects() || !isUnknownColumn(e)) {
                    throw e;
                }
            }
        });
        Oracle.holds(allocator -> {
            try (Frame frame = opener.open(allocator, settings)) {
                if (told[0] == null) {
                    throw new AssertionError("opened, but not inspected");
                }
                Inspections.assertTold(frame, told[0]);
                valid[0] = FrameUse.valid(frame, settings);
            } catch (IllegalArgumentException e) {
                if (!settings.selects() || !isUnknownColumn(e)) {
                    throw e;
                }
            }
        });
        // What was let through unchecked and is not valid must be refused when it is checked.
        if (!valid[0] && settings.verify() != Verify.CONTENT) {
            Settings checked = settings.checked();
            boolean accepted = Oracle.holds(allocator -> {
                try (Frame frame = opener.open(allocator, checked)) {
                    FrameUse.valid(frame, checked);
                }
            });
            if (accepted) {
                throw new AssertionError("not valid, yet accepted with all checks");
            }
        }
    }

    private static boolean isUnknownColumn(IllegalArgumentException e) {
        return String.valueOf(e.getMessage()).contains("no column");
    }
}
