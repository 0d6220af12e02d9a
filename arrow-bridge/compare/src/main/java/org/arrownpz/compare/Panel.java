package org.arrownpz.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The fixtures of StaticFrame's article on serialisation: three mixes of types in three shapes.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param cases the fixtures, mix by mix, shape by shape
 */
public record Panel(List<Case> cases) {
    /** The number of cells of the small fixtures, as users name it. */
    public static final String SMALL = "1e6";
    /** The number of cells of the large fixtures. */
    public static final String LARGE = "1e8";

    /** The article's mixes. */
    private enum Mix {
        COLUMNAR("int,bool,float"),
        MIXED("int,int,bool,float,float"),
        UNIFORM("float");

        final String dtypes;

        Mix(String dtypes) {
            this.dtypes = dtypes;
        }
    }

    /**
     * One fixture.
     *
     * @param mix the mix of types: columnar, mixed or uniform
     * @param shape the shape: tall, square or wide
     * @param dsl its line
     */
    public record Case(String mix, String shape, String dsl) {
        /** Mix and shape. */
        public String title() {
            return mix + " " + shape;
        }
    }

    public Panel {
        cases = List.copyOf(cases);
    }

    /**
     * The panel of a size.
     *
     * @param size {@link #SMALL}: all nine fixtures of a million cells; {@link #LARGE}: uniform square and columnar tall
     *     of a hundred million
     * @throws IllegalArgumentException for other sizes
     */
    public static Panel of(String size) {
        return switch (size) {
            case SMALL -> all(SMALL);
            case LARGE ->
                new Panel(List.of(
                        new Case("uniform", "square", dsl(10_000, 10_000, Mix.UNIFORM)),
                        new Case("columnar", "tall", dsl(100_000, 1_000, Mix.COLUMNAR))));
            default -> throw new IllegalArgumentException("panels are of " + SMALL + " or " + LARGE + " cells");
        };
    }

    /**
     * All nine fixtures of a size. Those of a hundred million cells take 0.8 GB each in memory, many times that on disk,
     * and hours.
     *
     * @throws IllegalArgumentException for sizes that are none
     */
    public static Panel all(String size) {
        int scale = switch (size) {
            case SMALL -> 1;
            case LARGE -> 10;
            default -> throw new IllegalArgumentException("panels are of " + SMALL + " or " + LARGE + " cells");
        };
        List<Case> cases = new ArrayList<>();
        for (Mix mix : Mix.values()) {
            cases.add(new Case(name(mix), "tall", dsl(10_000 * scale, 100 * scale, mix)));
            cases.add(new Case(name(mix), "square", dsl(1_000 * scale, 1_000 * scale, mix)));
            cases.add(new Case(name(mix), "wide", dsl(100 * scale, 10_000 * scale, mix)));
        }
        return new Panel(cases);
    }

    private static String name(Mix mix) {
        return mix.name().toLowerCase(Locale.ROOT);
    }

    private static String dsl(int rows, int columns, Mix mix) {
        return "s(" + rows + "," + columns + ")|v(" + mix.dtypes + ")|i(I,int)|c(I,str)";
    }
}
