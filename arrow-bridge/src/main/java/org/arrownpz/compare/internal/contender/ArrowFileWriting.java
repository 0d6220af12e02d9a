package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.arrownpz.frame.Frame;

/** Arrow's own {@link ArrowFileWriter} over a file channel: no temporary file, no rename. */
public record ArrowFileWriting() implements WriteContender {
    @Override
    public FileForm form() {
        return FileForm.FEATHER;
    }

    @Override
    public String program() {
        return "ArrowFileWriter";
    }

    @Override
    public boolean peer() {
        return true;
    }

    @Override
    public void write(Frame frame, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        target,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(frame.interchangeRoot(), frame.dictionaries(), channel)) {
            writer.writeBatch();
        }
    }
}
