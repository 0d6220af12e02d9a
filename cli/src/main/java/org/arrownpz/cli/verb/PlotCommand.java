package org.arrownpz.cli.verb;

import static org.arrownpz.cli.console.Console.quote;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.ConvertPlan;
import org.arrownpz.cli.plot.Histogram;
import org.arrownpz.cli.plot.LineSeries;
import org.arrownpz.cli.plot.TerminalChart;
import org.arrownpz.cli.print.Rows.Batches;
import org.arrownpz.cli.stats.Numbers;
import org.arrownpz.compare.chart.Charts;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws columns. */
@Command(
        name = "plot",
        description = "Draws columns of numbers: in the terminal, or as a PNG or SVG file.",
        footer = {
            "",
            "A line shows the least and the greatest number of the rows that share a place. Null, NaN and infinities",
            "leave gaps. Without -c, the first columns of numbers are drawn.",
            "",
            "Examples:",
            "  arrow-npz plot prices.npz -c open,close",
            "  arrow-npz plot prices.npz -c volume --kind histogram -o volume.svg"
        })
public final class PlotCommand extends FrameVerb {
    private static final int MOST_COLUMNS = 8;
    private static final int PIPE_WIDTH = 80;
    private static final int LINE_HEIGHT = 12;
    private static final int SEVERAL_HEIGHT = 8;
    private static final int MOST_BINS = 1000;

    /** The kind of drawing. */
    enum Kind {
        /** Numbers over rows. */
        LINE,
        /** The frequency of numbers. */
        HISTOGRAM
    }

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "line",
            description = "line (numbers over rows) or histogram; default: ${DEFAULT-VALUE}.")
    Kind kind = Kind.LINE;

    @Option(
            names = "--bins",
            paramLabel = "N",
            defaultValue = "16",
            description = "The number of bars of a histogram (default: ${DEFAULT-VALUE}).")
    int bins;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Draw into this .png or .svg file instead.")
    @Nullable
    String output;

    @Option(names = "--force", description = "Replace an existing file.")
    boolean force;

    public PlotCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        requireRange("--bins", bins, 1, MOST_BINS);
        String target = output;
        if (target != null) {
            String lower = target.toLowerCase(Locale.ROOT);
            if (!lower.endsWith(".png") && !lower.endsWith(".svg")) {
                throw new UsageException(quote(target) + " is neither a .png nor a .svg file");
            }
            ConvertPlan.refuseExisting(target, force);
        }
        return super.call();
    }

    @Override
    void print(Frame frame) throws IOException {
        if (output != null && many()) {
            throw new UsageException("--output takes one file");
        }
        List<Integer> positions = positions(frame);
        if (positions.isEmpty()) {
            throw new UsageException("there is no column of numbers to draw");
        }
        int width = console.outIsTerminal() ? console.width() : PIPE_WIDTH;
        int steps = output == null ? TerminalChart.room(width) : Charts.STEPS;
        List<LineSeries> lines = lines(frame, positions, steps);
        List<Histogram> histograms = kind == Kind.HISTOGRAM ? histograms(frame, positions, lines) : List.of();
        if (output != null) {
            Path file = Path.of(output);
            if (kind == Kind.LINE) {
                Charts.writeLines(lines.stream().map(LineSeries::line).toList(), frame.rowCount(), file);
            } else {
                Charts.writeBars(histograms.stream().map(Histogram::bars).toList(), file);
            }
            return;
        }
        TerminalChart chart = new TerminalChart(screen(), width);
        int height = lines.size() == 1 ? LINE_HEIGHT : SEVERAL_HEIGHT;
        for (int i = 0; i < lines.size(); i++) {
            screen().print(kind == Kind.LINE ? chart.line(lines.get(i), height) : chart.histogram(histograms.get(i)));
        }
    }

    /** The columns to draw: those asked for, or else the first ones of numbers. */
    private List<Integer> positions(Frame frame) throws IOException {
        List<Integer> positions = new ArrayList<>();
        List<Field> fields = frame.schema().getFields();
        int count = fields.size();
        boolean asked = !flags.readsAllColumns();
        for (int i = frame.indexLevels(); i < count && (asked || positions.size() < MOST_COLUMNS); i++) {
            Field field = fields.get(i);
            if (Numbers.are(field)) {
                positions.add(i);
            } else if (asked) {
                throw new UsageException("column " + quote(field.getName()) + " has no numbers");
            }
        }
        return positions;
    }

    private List<LineSeries> lines(Frame frame, List<Integer> positions, int steps) throws IOException {
        List<LineSeries> lines = new ArrayList<>();
        for (int position : positions) {
            String name = frame.schema().getFields().get(position).getName();
            lines.add(new LineSeries(name, frame.rowCount(), steps));
        }
        each(frame, positions, (i, values, rows) -> lines.get(i).add(values, rows));
        return lines;
    }

    private List<Histogram> histograms(Frame frame, List<Integer> positions, List<LineSeries> lines)
            throws IOException {
        List<Histogram> histograms = new ArrayList<>();
        lines.forEach(line -> histograms.add(new Histogram(line.name(), line.min(), line.max(), bins)));
        each(frame, positions, (i, values, rows) -> histograms.get(i).add(values, rows));
        return histograms;
    }

    /** Takes the numbers of a column's next rows. */
    private interface Taker {
        void take(int column, IntToDoubleFunction values, int rows);
    }

    private void each(Frame frame, List<Integer> positions, Taker taker) throws IOException {
        try (Progress progress = Progress.start(console)) {
            progress.show("reading");
            if (frame.rowCount() <= Batches.MAX_ROOT_ROWS) {
                for (int i = 0; i < positions.size(); i++) {
                    take(frame, frame.column(positions.get(i)), i, taker);
                }
                return;
            }
            Batches.each(frame, vectors -> {
                for (int i = 0; i < positions.size(); i++) {
                    take(frame, vectors.get(positions.get(i)), i, taker);
                }
            });
        }
    }

    private static void take(Frame frame, FieldVector vector, int i, Taker taker) throws IOException {
        IntToDoubleFunction values = Numbers.of(vector, frame.dictionaries());
        if (values == null) {
            throw new IllegalStateException("batches of different types");
        }
        taker.take(i, values, vector.getValueCount());
    }
}
