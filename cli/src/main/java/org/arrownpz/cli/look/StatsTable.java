package org.arrownpz.cli.look;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.cli.cell.Bars;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.cell.TypeName;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Width;
import org.arrownpz.cli.print.Grid;
import org.arrownpz.cli.stats.ColumnStats;
import org.arrownpz.cli.stats.Profile;
import org.arrownpz.internal.text.SafeText;

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
        COLUMN("column", false),
        TYPE("type", false),
        NULLS("nulls", false),
        DISTINCT("distinct", true),
        MIN("min", true),
        Q25("25 %", true),
        MEDIAN("median", true),
        Q75("75 %", true),
        MAX("max", true),
        MEAN("mean", true),
        DEVIATION("std", true),
        HISTOGRAM("spread", false),
        TOP("most frequent", false);

        final String title;
        final boolean right;

        Fact(String title, boolean right) {
            this.title = title;
            this.right = right;
        }
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
                cells[i] = new Grid.Cell(text(facts.get(i), column, console), ink(facts.get(i), column));
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
                width = Math.max(width, Math.min(Grid.MAX_CELL, Width.of(text(fact, column, console))));
            }
            all += width + 2;
        }
        return all - 2;
    }

    private static boolean isEstimated(ColumnStats column) {
        Profile profile = column.profile();
        return profile != null && (profile.sampled() || (profile.distinct() >= 0 && !profile.distinctExact()));
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

    private static String text(Fact fact, ColumnStats column, Console console) {
        Profile profile = column.profile();
        int time = console.width() < WIDE ? MAX_DATE : MAX_TIME;
        switch (fact) {
            case COLUMN:
                return SafeText.escape(column.field().getName(), Grid.MAX_CELL);
            case TYPE:
                return SafeText.escape(TypeName.of(column.field()), Grid.MAX_CELL);
            case NULLS:
                return nulls(column.nulls(), column.rows());
            case MIN:
                return column.isLengths() ? length(column.minLength()) : extreme(column, column.minText(), time);
            case MAX:
                return column.isLengths() ? length(column.maxLength()) : extreme(column, column.maxText(), time);
            case MEAN:
                return column.isLengths() && profile != null ? length(profile.mean()) : number(column.mean(), "");
            default:
                return profile == null ? "" : text(fact, profile, column.isLengths() ? "len " : "");
        }
    }

    private static String text(Fact fact, Profile profile, String unit) {
        String about = profile.sampled() ? ESTIMATE : "";
        double[] quantiles = profile.quantiles();
        return switch (fact) {
            case DISTINCT ->
                profile.distinct() < 0
                        ? ""
                        : profile.distinctExact()
                                ? Figures.count(profile.distinct())
                                : ESTIMATE + Figures.brief(profile.distinct());
            case Q25 -> quantiles.length == 0 ? "" : about + number(quantiles[0], unit);
            case MEDIAN -> quantiles.length == 0 ? "" : about + number(quantiles[1], unit);
            case Q75 -> quantiles.length == 0 ? "" : about + number(quantiles[2], unit);
            case DEVIATION -> number(profile.deviation(), "");
            case HISTOGRAM -> Bars.histogram(profile.histogram());
            case TOP -> top(profile);
            default -> "";
        };
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
