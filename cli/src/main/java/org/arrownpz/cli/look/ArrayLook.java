package org.arrownpz.cli.look;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.arrownpz.NpzException;
import org.arrownpz.array.ArrayStats;
import org.arrownpz.array.ArrayText;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.file.ArraySet;
import org.arrownpz.cli.print.Grid;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Arrays that are no table, one after the other: what they are, the values at their corners, or their statistics.
 *
 * @param console where they are shown
 * @param json whether as JSON, as always where nobody looks
 * @param path the file where it is one of several, or null
 */
public record ArrayLook(
        ArraySet arrays,
        Console console,
        boolean json,
        @Nullable String path) {
    /** Arrays of more elements than this are summarised. */
    private static final int FEW = 60;

    /** The last rows that are shown where no number is given. */
    private static final long ROWS = 10;

    /** Tells of one array. */
    @FunctionalInterface
    private interface Telling {
        void tell(NumpyArray array, JsonObject object) throws IOException;
    }

    public ArrayLook {
        json |= !console.outIsTerminal();
    }

    /** The first rows of each, or the last ones; the corners of the whole where no number is given. */
    public void printValues(@Nullable Long rows, boolean last) throws IOException {
        ArrayText form = ArrayText.defaults().withThreshold(FEW).withLineWidth(Math.max(20, console.width() - 1));
        each((array, object) -> {
            long all = array.shape().dimensions() == 0 ? 1 : array.shape().length(0);
            long count = rows != null ? Math.min(rows, all) : last ? Math.min(ROWS, all) : all;
            String text = form.text(array, last ? all - count : 0, last ? all : count);
            if (json) {
                print(object.put("values", text));
            } else {
                console.print(heading(object, array) + Console.safe(text) + "\n\n");
            }
        });
    }

    /** Names, types, shapes and orders. */
    public void printShapes(boolean asJson) throws IOException {
        each((array, object) -> {
            if (asJson) {
                print(object);
            } else {
                console.print(heading(object, array));
            }
        });
    }

    /** Extremes, means, norms, and what is no number. */
    public void printStats() throws IOException {
        List<String> names = List.of("array", "dtype", "shape", "min", "mean", "max", "nan", "inf", "norm");
        Grid grid = new Grid(
                console,
                names.stream()
                        .map(name -> new Grid.Column(name, null, names.indexOf(name) > 2))
                        .toList(),
                1);
        each((array, object) -> {
            ArrayStats stats = new ArrayStats();
            boolean numbers = stats.add(array);
            if (json) {
                print(object.put("count", numbers ? stats.count() : null)
                        .put("nan", numbers ? stats.nans() : null)
                        .put("infinities", numbers ? stats.infinities() : null)
                        .put("min", stats.min())
                        .put("max", stats.max())
                        .put("mean", known(stats.mean()))
                        .put("norm", known(stats.norm())));
                return;
            }
            grid.add(
                    new Grid.Cell(text(object, "array"), Ink.BOLD),
                    new Grid.Cell(text(object, "dtype"), Ink.DIM),
                    Grid.Cell.of(array.shape().toString()),
                    Grid.Cell.of(Figures.value(stats.min())),
                    Grid.Cell.of(figure(stats.mean())),
                    Grid.Cell.of(Figures.value(stats.max())),
                    Grid.Cell.of(numbers ? Figures.count(stats.nans()) : ""),
                    Grid.Cell.of(numbers ? Figures.count(stats.infinities()) : ""),
                    Grid.Cell.of(figure(stats.norm())));
        });
        if (!json) {
            grid.print();
            console.print(Ink.DIM.on(console, Figures.count(arrays.names().size(), "array")) + "\n");
        }
    }

    private void each(Telling telling) throws IOException {
        for (String name : arrays.names()) {
            JsonObject object = new JsonObject();
            if (path != null) {
                object.put("path", path);
            }
            object.put("array", name);
            NpzException fault = arrays.use(name, array -> {
                NumpyArray.Packed packed = array.packed();
                long[] lengths = (packed == null ? array.shape() : packed.shape()).lengths();
                object.put("dtype", ArraySet.dtype(array))
                        .put("shape", Arrays.stream(lengths).boxed().toList())
                        .put("order", array.order() == StorageOrder.FORTRAN ? "F" : "C");
                telling.tell(array, object);
            });
            if (fault != null && json) {
                print(object.put("dtype", "object").put("reason", fault.problem()));
            } else if (fault != null) {
                console.print(
                        Ink.BOLD.on(console, Console.safe(name)) + "  object: " + Console.safe(fault.problem()) + "\n");
            }
        }
    }

    private void print(JsonObject object) throws IOException {
        JsonLines.print(object, console.out());
    }

    private String heading(JsonObject object, NumpyArray array) {
        NumpyArray.Packed packed = array.packed();
        return Ink.BOLD.on(console, text(object, "array"))
                + Ink.DIM.on(
                        console,
                        "  " + text(object, "dtype") + "  " + (packed == null ? array.shape() : packed.shape()) + "  "
                                + object.members().get("order"))
                + "\n";
    }

    private static String text(JsonObject object, String key) {
        return Console.safe(String.valueOf(object.members().get(key)).replace('\n', ' '));
    }

    private static @Nullable Object known(double value) {
        return Double.isNaN(value) ? null : (Object) value;
    }

    private static String figure(double value) {
        return Double.isNaN(value) ? "" : Figures.value(value);
    }
}
