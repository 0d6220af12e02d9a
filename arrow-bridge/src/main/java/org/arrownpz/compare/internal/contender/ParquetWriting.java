package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.nio.file.Path;
import org.arrownpz.Durability;
import org.arrownpz.NpzException;
import org.arrownpz.dataset.Parquet;
import org.arrownpz.dataset.ParquetOptions;
import org.arrownpz.frame.Frame;

/** {@link Parquet#write}: Arrow's native dataset writer, which does nearly all of the work, and our metadata. */
public record ParquetWriting() implements WriteContender {
    @Override
    public FileForm form() {
        return FileForm.PARQUET;
    }

    @Override
    public String program() {
        return "dataset writer";
    }

    @Override
    public boolean peer() {
        return true;
    }

    @Override
    public void write(Frame frame, Path target) throws NpzException {
        Parquet.write(frame, target, ParquetOptions.defaults().withDurability(Durability.RENAME_ONLY));
    }
}
