package org.arrownpz.cli.look;

import java.io.IOException;
import java.util.List;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.print.Grid;
import org.arrownpz.cli.stats.ColumnStats;

/** Statistics of several files: a line each. */
public final class SetTable {
    private final Console console;
    private final Grid grid;
    private int files;

    public SetTable(Console console) {
        this.console = console;
        this.grid = new Grid(
                console,
                List.of(
                        new Grid.Column("file", null, false),
                        new Grid.Column("rows", null, true),
                        new Grid.Column("columns", null, true),
                        new Grid.Column("nulls", null, false),
                        new Grid.Column("nan", null, true)),
                1);
    }

    /** Takes a file's statistics. */
    public void add(String path, long rows, List<ColumnStats> columns) {
        long nulls = 0;
        long nans = 0;
        for (ColumnStats column : columns) {
            nulls += column.nulls();
            nans += Math.max(0, column.nans());
        }
        files++;
        grid.add(
                Grid.Cell.of(InfoText.end(path, console)),
                Grid.Cell.of(Figures.count(rows)),
                Grid.Cell.of(Figures.count(columns.size())),
                new Grid.Cell(StatsTable.nulls(nulls, Math.max(1, rows * columns.size())), Ink.YELLOW),
                Grid.Cell.of(Figures.count(nans)));
    }

    /** Prints the lines, where there are any. */
    public void print() throws IOException {
        if (files > 0) {
            grid.print();
            console.print(Ink.DIM.on(console, Figures.count(files, "file")) + "\n");
        }
    }
}
