package org.arrownpz.cli.file;

import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.cli.console.UsageException;
import picocli.CommandLine.Option;

/** The flag of the verbs that read NPY headers. */
public class HeaderFlag {
    private static final int UNSET = 0;

    @Option(
            names = "--max-header-size",
            paramLabel = "N",
            description = "Read NPY headers of up to N characters, of files that you trust; default: 10000, as NumPy.")
    public int size = UNSET;

    public ReadOptions apply(ReadOptions options) {
        if (size == UNSET) {
            return options;
        }
        if (size < 1 || size > ReadLimits.HARD_HEADER_CHARACTERS) {
            throw new UsageException("--max-header-size is from 1 to " + ReadLimits.HARD_HEADER_CHARACTERS);
        }
        ReadLimits limits = options.limits();
        // Headers are long for their fields; each takes more than one character.
        return options.withLimits(
                limits.withHeaderCharacters(size).withRecordFields(Math.max(limits.recordFields(), size)));
    }
}
