package org.arrownpz.cli.verb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Vectors;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.Address;
import org.arrownpz.cli.file.ArchiveFlags;
import org.arrownpz.cli.file.ArraySet;
import org.arrownpz.cli.file.Urls;
import org.arrownpz.cli.print.TextTable;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds the rows of a matrix that lie nearest to a vector. */
@Command(
        name = "nearest",
        description = "Finds the rows of a matrix that lie nearest to a vector: a table on a terminal, else one JSON "
                + "object per row.",
        footer = {
            "",
            "Every row is looked at, on all processors, in memory of some blocks of rows. Scores are sums in double",
            "precision. Rows of equal scores stand in the order of the file; those whose score is not a number, as the",
            "cosine of a vector of zeros is, come last.",
            "",
            "Example: arrow-npz nearest embeddings.npy --to 7 -k 5"
        })
public final class NearestCommand extends Verb {
    @Parameters(
            paramLabel = "FILE",
            description = "An .npy file, an archive or directory of arrays, safetensors, or - for standard input.")
    String path = "";

    @ArgGroup(exclusive = true, multiplicity = "1")
    Query query = new Query();

    /** The vector that is looked for. */
    static final class Query {
        @Option(
                names = "--to",
                paramLabel = "ROW",
                description = "Look for this row of the matrix, from 0, or from -1 at the end; itself is found too.")
        long row;

        @Option(
                names = "--vector",
                paramLabel = "FILE",
                description = "Look for the one vector of this .npy file, which has as many elements as a row.")
        @Nullable
        String vector;
    }

    @Option(
            names = {"-k", "--count"},
            paramLabel = "N",
            defaultValue = "10",
            description = "The number of rows to find (default: ${DEFAULT-VALUE}).")
    int count = 10;

    @Option(
            names = "--metric",
            paramLabel = "METRIC",
            defaultValue = "cosine",
            description =
                    "cosine or dot, of which the largest are nearest, or l2, the distance; default: ${DEFAULT-VALUE}.")
    Vectors.Metric metric = Vectors.Metric.COSINE;

    @Option(names = "--array", paramLabel = "NAME", description = "The matrix among several arrays.")
    @Nullable
    String array;

    @Option(names = "--json", description = "Print JSON also on a terminal.")
    boolean json;

    @Mixin
    ArchiveFlags flags = new ArchiveFlags();

    public NearestCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        requireRange("--count", count, 1, Long.MAX_VALUE);
        ReadOptions options = flags.apply(ReadOptions.defaults());
        Address address = Address.of(inputs.of(path));
        try (BufferAllocator allocator = allocator();
                NumpyArrays arrays = Npz.open(allocator, Urls.path(address.path()), options)) {
            NumpyArray matrix = matrix(arrays, address.array() != null ? address.array() : array);
            print(nearest(allocator, matrix, options));
        }
        return ExitCodes.OK;
    }

    /** The array that is named, or the only matrix. */
    private static NumpyArray matrix(NumpyArrays arrays, @Nullable String wanted) throws NpzException {
        if (wanted != null) {
            return arrays.get(ArraySet.require(wanted, arrays.names()));
        }
        List<NumpyArray> found = new ArrayList<>();
        for (String name : arrays.names()) {
            NumpyArray one = arrays.get(name);
            if (arrays.size() == 1 || one.shape().dimensions() == 2) {
                found.add(one);
            }
        }
        if (found.size() != 1) {
            throw new UsageException("name the matrix with --array; there are "
                    + SafeText.escape(String.join(", ", arrays.names()), 1000));
        }
        return found.get(0);
    }

    private List<Vectors.Neighbor> nearest(BufferAllocator allocator, NumpyArray matrix, ReadOptions options)
            throws IOException {
        if (query.vector == null) {
            try {
                return Vectors.nearest(matrix, matrix.row(query.row), count, metric);
            } catch (IndexOutOfBoundsException e) {
                throw new UsageException(
                        "--to takes one of the " + matrix.shape().length(0) + " rows, not " + query.row);
            }
        }
        Address address = Address.of(inputs.of(query.vector));
        try (NumpyArrays vectors = Npz.open(allocator, Urls.path(address.path()), options)) {
            if (address.array() == null && vectors.size() != 1) {
                throw new UsageException("--vector takes one array; name it as FILE:NAME");
            }
            String name =
                    address.array() != null ? address.array() : vectors.names().get(0);
            return Vectors.nearest(matrix, vectors.get(ArraySet.require(name, vectors.names())), count, metric);
        }
    }

    private void print(List<Vectors.Neighbor> rows) throws IOException {
        if (json || !console.outIsTerminal()) {
            for (Vectors.Neighbor row : rows) {
                Object score = Double.isFinite(row.score()) ? (Object) row.score() : Double.toString(row.score());
                JsonLines.print(new JsonObject().put("row", row.row()).put("score", score), console.out());
            }
            return;
        }
        String name = metric.name().toLowerCase(Locale.ROOT);
        TextTable table = new TextTable(List.of("row", name), Set.of("row", name));
        rows.forEach(row -> table.add(Long.toString(row.row()), Double.toString(row.score())));
        console.print(table.take());
    }
}
