package org.arrownpz.cli.file;

import java.util.List;
import org.arrownpz.ReadOptions;
import org.arrownpz.ZipLayout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags of the verbs that read frames. */
public final class ReadFlags {
    @Option(
            names = {"-c", "--columns"},
            split = ",",
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

    @Option(names = "--frame", paramLabel = "LABEL", description = "Read one frame of a Bus archive (.zip).")
    @Nullable
    public String frame;

    @Option(names = "--tolerant", description = "Allow bytes before, between and after the members of an archive.")
    public boolean tolerant;

    @Mixin
    public HeaderFlag header = new HeaderFlag();

    ReadOptions options() {
        ReadOptions options = withoutColumns();
        return columns == null ? options : options.withColumns(columns);
    }

    ReadOptions withoutColumns() {
        ReadOptions options = header.apply(ReadOptions.defaults());
        return tolerant ? options.withZipLayout(ZipLayout.TOLERANT) : options;
    }
}
