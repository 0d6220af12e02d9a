package org.arrownpz.cli.file;

import java.util.List;
import org.arrownpz.ReadOptions;
import org.arrownpz.cli.console.FlagValues.CommaList;
import org.arrownpz.cli.console.UsageException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the verbs that read frames. */
public final class ReadFlags extends ArchiveFlags {
    @Option(
            names = {"-c", "--columns"},
            split = ",",
            preprocessor = CommaList.class,
            paramLabel = "NAME",
            description = "Read only these columns, in this order.")
    @Nullable
    List<String> columns;

    @Option(
            names = "--array",
            paramLabel = "NAME",
            description = "Read one array of an archive whose arrays are no table.")
    @Nullable
    public String array;

    @Option(names = "--frame", paramLabel = "LABEL", description = "Read one frame of a Bus, a .zip or a directory.")
    @Nullable
    public String frame;

    @Option(
            names = "--vectors",
            paramLabel = "NAME",
            description = "Read an .npy file, or the array of --array, as one column of this name, with the rows of a "
                    + "matrix as vectors.")
    @Nullable
    public String vectors;

    /** The same, of one frame of a Bus. */
    public ReadFlags of(@Nullable String label) {
        ReadFlags flags = new ReadFlags();
        flags.tolerant = tolerant;
        flags.size = size;
        flags.columns = columns;
        flags.frame = label;
        return flags;
    }

    /** The same of one array. */
    ReadFlags ofArray(String name) {
        if (array != null) {
            throw new UsageException("FILE:NAME and --array both choose an array");
        }
        ReadFlags flags = of(null);
        flags.vectors = vectors;
        flags.array = name;
        return flags;
    }

    /** Whether no columns are chosen. */
    public boolean readsAllColumns() {
        return columns == null;
    }

    /** Whether all of the file is read, as it is. */
    public boolean readsAll() {
        return columns == null && array == null && frame == null && vectors == null;
    }

    /** The options for the reader of a file. */
    public ReadOptions options() {
        ReadOptions options = withoutColumns();
        return columns == null ? options : options.withColumns(columns);
    }

    ReadOptions withoutColumns() {
        ReadOptions options = apply(ReadOptions.defaults());
        return vectors == null ? options : options.withVectors(vectors);
    }
}
