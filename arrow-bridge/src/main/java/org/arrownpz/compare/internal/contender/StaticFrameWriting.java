package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;

/** {@link StaticFrameLayout}, from the aligned archive, which lies in the page cache. */
public record StaticFrameWriting(BufferAllocator allocator, Path aligned) implements WriteContender {
    @Override
    public FileForm form() {
        return FileForm.NPZ_STATIC_FRAME;
    }

    @Override
    public String program() {
        return "from the aligned";
    }

    @Override
    public boolean peer() {
        return false;
    }

    @Override
    public void write(Frame frame, Path target) throws NpzException {
        StaticFrameLayout.write(allocator, aligned, target);
    }
}
