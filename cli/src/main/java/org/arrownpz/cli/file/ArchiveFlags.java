package org.arrownpz.cli.file;

import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.ZipLayout;
import picocli.CommandLine.Option;

/** The flags of the verbs that read archives. */
public class ArchiveFlags extends HeaderFlag {
    @Option(names = "--tolerant", description = "Allow bytes before, between and after the members of an archive.")
    boolean tolerant;

    @Override
    public ReadOptions apply(ReadOptions options) {
        ReadOptions applied = super.apply(options);
        return tolerant ? applied.withZipLayout(ZipLayout.TOLERANT) : applied;
    }
}
