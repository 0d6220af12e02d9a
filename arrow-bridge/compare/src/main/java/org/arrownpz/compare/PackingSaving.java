package org.arrownpz.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.compare.internal.contender.Contenders;
import org.arrownpz.compare.internal.measure.Scratch;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Saving;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Measures what packing events saves as files: writes the flat and the packed table in each form, one file at a time,
 * and deletes each as soon as its size is known. Sizes do not depend on the machine.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class PackingSaving {
    /** The forms in which events are kept. */
    public static final List<FileForm> FORMS = List.of(
            FileForm.NPZ_ALIGNED,
            FileForm.NPZ_DEFLATED,
            FileForm.FEATHER,
            FileForm.FEATHER_LZ4,
            FileForm.FEATHER_ZSTD,
            FileForm.PARQUET_PLAIN,
            FileForm.PARQUET,
            FileForm.PARQUET_ZSTD);

    private PackingSaving() {}

    /**
     * Writes both tables in all {@link #FORMS}. Forms that cannot hold one of them are left out, with a note.
     *
     * @param data a name for the events
     * @param fileBytes bytes of the file that they come from, or null
     * @param flat the events; stays the caller's
     * @param packed the same, packed; stays the caller's
     * @param notes what else is to be known
     * @param options where the files lie meanwhile, and who is told of progress
     * @throws NpzException when a table cannot be read, or a file not be written
     */
    public static Saving of(
            String data, @Nullable Long fileBytes, Frame flat, Frame packed, List<String> notes, CompareOptions options)
            throws NpzException {
        Map<FileForm, Long> flatBytes = new EnumMap<>(FileForm.class);
        Map<FileForm, Long> packedBytes = new EnumMap<>(FileForm.class);
        List<String> said = new ArrayList<>(notes);
        try (Scratch scratch = Scratch.in(options.directory())) {
            for (FileForm form : FORMS) {
                Path file = scratch.file(form);
                try {
                    options.progress().accept("writing flat rows, " + form.label());
                    long bytes = size(flat, form, file);
                    options.progress().accept("writing packed rows, " + form.label());
                    packedBytes.put(form, size(packed, form, file));
                    flatBytes.put(form, bytes);
                } catch (IllegalArgumentException e) {
                    said.add(form.label() + ": " + e.getMessage());
                }
            }
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw Location.ofFile(null)
                    .error(ErrorCode.IO, "the files to be measured cannot be written")
                    .found(String.valueOf(e.getMessage()))
                    .cause(e)
                    .build();
        }
        return new Saving(data, flat.rowCount(), packed.rowCount(), fileBytes, flatBytes, packedBytes, said);
    }

    private static long size(Frame frame, FileForm form, Path file) throws IOException {
        Contenders.ours(form).call().write(frame, file);
        long bytes = Scratch.size(file);
        Scratch.delete(file);
        return bytes;
    }
}
