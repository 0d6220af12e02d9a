package org.arrownpz.cli.look;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.SafeText;
import org.arrownpz.cli.cell.Bars;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.cell.TypeName;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Width;
import org.arrownpz.cli.print.Grid;
import org.arrownpz.cli.stats.ColumnStats;
import org.arrownpz.cli.stats.Profile;

/** Statistics of columns for people: a line each, with as much as the terminal has room for. */
public final class StatsTable {
    private static final int NULL_BAR = 4;
    private static final int MAX_TIME = 19;
    /** On narrow terminals, timestamps have only their dates. */
    private static final int MAX_DATE = 10;

    private static final int WIDE = 120;
    private static final int MAX_TOP = 30;
    private static final String ESTIMATE = "~";

    /** The columns of the table, in order. */
    private enum Fact {
        COLUMN("column", false, (of, time) -> SafeText.escape(of.field().getName(), Grid.MAX_CELL)),
        TYPE("type", false, (of, time) -> SafeText.escape(TypeName.of(of.field()), Grid.MAX_CELL)),
        NULLS("nulls", false, (of, time) -> nulls(of.nulls(), of.rows())),
        DISTINCT("distinct", true, (of, time) -> distinct(of.profile())),
        MIN("min", true, (of, time) -> of.isLengths() ? length(of.minLength()) : extreme(of, of.minText(), time)),
        Q25("25 %", true, (of, time) -> quantile(of, 0)),
        MEDIAN("median", true, (of, time) -> quantile(of, 1)),
        Q75("75 %", true, (of, time) -> quantile(of, 2)),
        MAX("max", true, (of, time) -> of.isLengths() ? length(of.maxLength()) : extreme(of, of.maxText(), time)),
        MEAN("mean", true, (of, time) -> of.isLengths() ? length(of.profile().mean()) : number(of.mean(), "")),
        DEVIATION("std", true, (of, time) -> number(of.profile().deviation(), "")),
        HISTOGRAM("spread", false, (of, time) -> Bars.histogram(of.profile().histogram())),
        TOP("most frequent", false, (of, time) -> top(of.profile()));

        final String title;
        final boolean right;
        private final Text text;

        Fact(String title, boolean right, Text text) {
            this.title = title;
            this.right = right;
            this.text = text;
        }

        String text(ColumnStats column, Console console) {
            return text.of(column, console.width() < WIDE ? MAX_DATE : MAX_TIME);
        }
    }

    /** The text of a fact, where times have so many characters. */
    private interface Text {
        String of(ColumnStats column, int time);
    }

    /** The columns that narrow terminals do without, the first first. */
    private static final List<Fact> LEFT_OUT = List.of(
            Fact.TOP,
            Fact.Q25,
            Fact.Q75,
            Fact.DEVIATION,
            Fact.TYPE,
            Fact.DISTINCT,
            Fact.MEAN,
            Fact.MEDIAN,
            Fact.HISTOGRAM);

    /** Of more columns, those in the middle are left out. */
    private static final int MOST_COLUMNS = 60;

    private StatsTable() {}

    public static void print(List<ColumnStats> all, long rows, Console console) throws IOException {
        boolean whole = all.size() <= MOST_COLUMNS;
        List<ColumnStats> columns = new ArrayList<>(whole ? all : all.subList(0, MOST_COLUMNS / 2));
        if (!whole) {
            columns.addAll(all.subList(all.size() - MOST_COLUMNS / 2, all.size()));
        }
        List<Fact> facts = new ArrayList<>(List.of(Fact.values()));
        List<String> without = new ArrayList<>();
        for (Fact fact : LEFT_OUT) {
            if (width(facts, columns, console) > console.width()) {
                facts.remove(fact);
                without.add(fact.title);
            }
        }
        List<Grid.Column> header = new ArrayList<>();
        facts.forEach(fact -> header.add(new Grid.Column(fact.title, null, fact.right)));
        Grid grid = new Grid(console, header, 1);
        for (ColumnStats column : columns) {
            if (!whole && column == columns.get(MOST_COLUMNS / 2)) {
                grid.addGap();
            }
            Grid.Cell[] cells = new Grid.Cell[facts.size()];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = new Grid.Cell(facts.get(i).text(column, console), ink(facts.get(i), column));
            }
            grid.add(cells);
        }
        grid.print();
        StringBuilder footer = new StringBuilder();
        footer.append(Figures.count(rows, "row"))
                .append(", ")
                .append(whole ? "" : Figures.count(columns.size()) + " of ")
                .append(Figures.count(all.size(), "column"));
        if (columns.stream().anyMatch(StatsTable::isEstimated)) {
            footer.append("; " + ESTIMATE + " is estimated");
        }
        if (!without.isEmpty()) {
            footer.append("; no room for ").append(String.join(", ", without));
        }
        console.print(Ink.DIM.on(console, footer.toString()) + "\n");
    }

    private static long width(List<Fact> facts, List<ColumnStats> columns, Console console) {
        long all = 0;
        for (Fact fact : facts) {
            int width = Width.of(fact.title);
            for (ColumnStats column : columns) {
                width = Math.max(width, Math.min(Grid.MAX_CELL, Width.of(fact.text(column, console))));
            }
            all += width + 2;
        }
        return all - 2;
    }

    private static boolean isEstimated(ColumnStats column) {
        Profile profile = column.profile();
        return profile.sampled() || (profile.distinct() >= 0 && !profile.distinctExact());
    }

    private static Ink ink(Fact fact, ColumnStats column) {
        return switch (fact) {
            case COLUMN -> Ink.BOLD;
            case TYPE -> Ink.DIM;
            case NULLS -> column.nulls() == 0 ? Ink.DIM : Ink.YELLOW;
            case HISTOGRAM -> Ink.CYAN;
            default -> Ink.PLAIN;
        };
    }

    private static String distinct(Profile profile) {
        return profile.distinct() < 0
                ? ""
                : profile.distinctExact()
                        ? Figures.count(profile.distinct())
                        : ESTIMATE + Figures.brief(profile.distinct());
    }

    private static String quantile(ColumnStats column, int number) {
        Profile profile = column.profile();
        return profile.quantiles().length == 0
                ? ""
                : (profile.sampled() ? ESTIMATE : "")
                        + number(profile.quantiles()[number], column.isLengths() ? "len " : "");
    }

    private static String top(Profile profile) {
        if (profile.top().isEmpty() || profile.top().get(0).count() < 2) {
            return "";
        }
        Profile.Top first = profile.top().get(0);
        return (profile.distinctExact() ? "" : ESTIMATE) + Width.cut(first.text(), MAX_TOP) + " ×"
                + Figures.brief(first.count());
    }

    /** A bar and a percentage. */
    static String nulls(long nulls, long rows) {
        if (nulls == 0) {
            return Width.pad("", NULL_BAR, false) + "  0%";
        }
        double share = (double) nulls / rows;
        long percent = Math.max(1, Math.min(nulls == rows ? 100 : 99, Math.round(share * 100)));
        return Width.pad(Bars.bar(share, NULL_BAR), NULL_BAR, false) + Width.pad(percent + "%", 4, true);
    }

    private static String extreme(ColumnStats column, String text, int time) {
        if (!TypeName.isNumber(column.field()) || text.isEmpty()) {
            return time < MAX_TIME && column.field().getType() instanceof ArrowType.Timestamp && text.length() > time
                    ? text.substring(0, time)
                    : Width.cut(text, MAX_TIME);
        }
        try {
            return number(Double.parseDouble(text), "");
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private static String length(double length) {
        return length < 0 ? "" : number(length, "len ");
    }

    private static String number(double value, String unit) {
        return Double.isNaN(value) ? "" : unit + Figures.value(value);
    }
}
