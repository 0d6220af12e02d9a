package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.nio.file.Path;
import org.arrownpz.Durability;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcCompression;
import org.arrownpz.ipc.IpcOptions;

/** {@link Ipc#write}. */
public record IpcWriting(FileForm form) implements WriteContender {
    @Override
    public String program() {
        return "Ipc.write";
    }

    @Override
    public boolean peer() {
        return false;
    }

    @Override
    public void write(Frame frame, Path target) throws NpzException {
        IpcCompression codec = form == FileForm.FEATHER_ZSTD ? IpcCompression.ZSTD : IpcCompression.NONE;
        IpcOptions options =
                IpcOptions.defaults().withDurability(Durability.RENAME_ONLY).withCompression(codec);
        Ipc.write(frame, target, options);
    }
}
