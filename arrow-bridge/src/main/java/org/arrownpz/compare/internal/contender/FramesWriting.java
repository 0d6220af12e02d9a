package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.nio.file.Path;
import org.arrownpz.ArchiveForm;
import org.arrownpz.Durability;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;

/** {@link Frames#write} and {@link Frames#writeDirectory}. */
public record FramesWriting(FileForm form) implements WriteContender {
    private static final WriteOptions OPTIONS = WriteOptions.defaults()
            .withForm(ArchiveForm.FRAME)
            .withDurability(Durability.RENAME_ONLY)
            .withOverwrite();

    @Override
    public String program() {
        return form == FileForm.NPY_DIRECTORY ? "Frames.writeDirectory" : "Frames.write";
    }

    @Override
    public boolean peer() {
        return false;
    }

    @Override
    public void write(Frame frame, Path target) throws NpzException {
        if (form == FileForm.NPY_DIRECTORY) {
            Frames.writeDirectory(frame, target, OPTIONS);
        } else {
            Frames.write(frame, target, OPTIONS);
        }
    }
}
