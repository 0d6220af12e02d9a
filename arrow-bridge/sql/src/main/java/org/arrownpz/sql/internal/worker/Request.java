package org.arrownpz.sql.internal.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.arrownpz.ReadLimits;
import org.arrownpz.sql.internal.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * The task of a worker.
 *
 * @param number by which it is cancelled
 * @param describes whether to tell what the statement takes and gives, in place of running it
 * @param parameters their values, or null for nulls
 * @param workspace with the tables that the statement may name, all of them files
 */
record Request(
        long number,
        boolean describes,
        String statement,
        @Nullable List<?> parameters,
        Workspace workspace) {
    byte[] bytes() {
        Values.Writer out = new Values.Writer();
        out.number(number).number(describes ? 1 : 0).text(statement);
        out.number(parameters == null ? -1 : parameters.size());
        if (parameters != null) {
            parameters.forEach(out::value);
        }
        List<Workspace.NamedFile> files = workspace.files(statement);
        out.number(files.size());
        for (Workspace.NamedFile file : files) {
            out.text(file.schema()).text(file.name()).text(file.file().toString());
        }
        out.texts(workspace.allowed().stream().map(Path::toString).toList());
        ReadLimits limits = workspace.limits();
        out.number(workspace.memoryLimit()).number(workspace.textFiles() ? 1 : 0);
        out.number(limits.headerCharacters())
                .number(limits.headerNesting())
                .number(limits.dimensions())
                .number(limits.recordFields())
                .number(limits.jsonNesting())
                .number(limits.metadataBytes())
                .number(limits.members())
                .number(limits.emptyColumns())
                .number(limits.directoryBytes())
                .number(limits.labelBytes())
                .number(limits.inflatedBytes());
        return out.bytes();
    }

    static Request of(byte[] bytes) {
        Values.Reader in = Values.Reader.of(bytes);
        long number = in.number();
        boolean describes = in.number() != 0;
        String statement = in.text();
        long count = in.number();
        List<?> values =
                count < 0 ? null : Stream.generate(in::value).limit(count).toList();
        Workspace workspace = new Workspace();
        for (long i = in.number(); i > 0; i--) {
            workspace.add(in.text(), in.text(), Path.of(in.text()));
        }
        workspace.allow(in.texts().stream().map(Path::of).toList());
        workspace.setMemoryLimit(in.number());
        workspace.setTextFiles(in.number() != 0);
        workspace.setLimits(ReadLimits.defaults()
                .withHeaderCharacters((int) in.number())
                .withHeaderNesting((int) in.number())
                .withDimensions((int) in.number())
                .withRecordFields((int) in.number())
                .withJsonNesting((int) in.number())
                .withMetadataBytes(in.number())
                .withMembers(in.number())
                .withEmptyColumns(in.number())
                .withDirectoryBytes(in.number())
                .withLabelBytes(in.number())
                .withInflatedBytes(in.number()));
        return new Request(number, describes, statement, values, workspace);
    }
}
