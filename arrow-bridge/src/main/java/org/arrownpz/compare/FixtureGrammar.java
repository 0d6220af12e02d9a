package org.arrownpz.compare;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexType;
import org.arrownpz.internal.text.SafeText;
import org.jspecify.annotations.Nullable;

/** What the components of a fixture mean, checked as frame-fixtures and StaticFrame check it. */
final class FixtureGrammar {
    static final int MAX_COLUMNS = SourceValues.COUNT / 2;
    static final int MAX_ROWS = SourceValues.COUNT - 200;

    private static final String COMPONENTS = "svicf";
    private static final int LEVEL_SHIFT = 10;

    private final String dsl;
    private final Map<String, DslComponent> components;

    private FixtureGrammar(String dsl) {
        this.dsl = dsl;
        this.components = DslParser.parse(dsl);
    }

    static FrameFixture parse(String dsl) {
        return new FixtureGrammar(dsl).read();
    }

    private FrameFixture read() {
        for (DslComponent component : components.values()) {
            if (component.letter().length() != 1
                    || COMPONENTS.indexOf(component.letter().charAt(0)) < 0) {
                throw new FrameFixtureException.Syntax(
                        "invalid token: " + SafeText.quote(component.letter())
                                + " is no component; they are s, v, i, c, f",
                        component.at());
            }
        }
        DslComponent shape = components.get("s");
        if (shape == null) {
            throw new FrameFixtureException.Syntax("missing required label: s, the shape", dsl.length());
        }
        requireArguments(shape, false, 2);
        int rows = number(shape.arguments().get(0), "rows", MAX_ROWS);
        int columns = number(shape.arguments().get(1), "columns", MAX_COLUMNS);
        if (columns == 0) {
            throw new FrameFixtureException.Content(
                    "a frame has at least one column", shape.arguments().get(1).at());
        }
        List<ValueType> values = values();
        DslComponent indexComponent = axisComponent("i");
        DslComponent columnsComponent = axisComponent("c");
        boolean growOnly = growOnly();
        FixtureAxis index = indexComponent == null ? null : axis(indexComponent, rows);
        FixtureAxis labels = columnsComponent == null ? null : axis(columnsComponent, columns);
        if (indexComponent != null && index != null && isGrowOnly(index)) {
            throw new FrameFixtureException.Content("the index of a frame is not grow-only", indexComponent.at());
        }
        if (columnsComponent != null && labels != null) {
            if (isGrowOnly(labels) != growOnly) {
                throw new FrameFixtureException.Content(
                        growOnly ? "f(Fg) needs grow-only columns" : "grow-only columns need f(Fg)",
                        columnsComponent.at());
            }
            refuseObjects(labels, columnsComponent);
        }
        return new FrameFixture(dsl, rows, columns, values, index, labels, growOnly);
    }

    private static int number(DslComponent.Argument argument, String what, int most) {
        if (!(argument instanceof DslComponent.Number number)) {
            throw new FrameFixtureException.Syntax(
                    "no handling for this number of " + what + ": expected an integer", argument.at());
        }
        BigInteger value = new BigInteger(number.digits().length() > 20 ? "9".repeat(20) : number.digits());
        if (value.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new FrameFixtureException.Content(
                    "expected at most " + most + " " + what + " but found " + SafeText.escape(number.digits())
                            + ": beyond, values depend on what the process made before",
                    number.at());
        }
        return value.intValue();
    }

    private static void requireArguments(DslComponent component, boolean orNone, int count) {
        int found = component.arguments().size();
        if (found != count && !(orNone && found == 0)) {
            throw new FrameFixtureException.Syntax(
                    "component " + component.letter() + " has an invalid number of arguments: expected "
                            + (orNone ? "0 or " : "") + count + " but found " + found,
                    component.at());
        }
    }

    private List<ValueType> values() {
        DslComponent component = components.get("v");
        if (component == null) {
            return List.of(Specifiers.dtype(new DslComponent.Name("float", 0)));
        }
        if (component.arguments().isEmpty()) {
            throw new FrameFixtureException.Content("v() names no dtype to cycle through", component.at());
        }
        List<ValueType> types = new ArrayList<>();
        component.arguments().forEach(argument -> types.add(type(argument)));
        return List.copyOf(types);
    }

    private static ValueType type(DslComponent.Argument argument) {
        if (argument instanceof DslComponent.Tuple tuple) {
            if (tuple.names().isEmpty()) {
                throw new FrameFixtureException.Content("a tuple of no dtypes has no values", tuple.at());
            }
            return new ValueType.Tuples(
                    tuple.names().stream().map(Specifiers::dtype).toList());
        }
        return Specifiers.dtype(name(argument));
    }

    private static DslComponent.Name name(DslComponent.Argument argument) {
        if (argument instanceof DslComponent.Name name) {
            return name;
        }
        throw new FrameFixtureException.Syntax("no handling for a number: expected a specifier", argument.at());
    }

    private boolean growOnly() {
        DslComponent component = components.get("f");
        if (component == null) {
            return false;
        }
        requireArguments(component, true, 1);
        if (component.arguments().isEmpty()) {
            return false;
        }
        DslComponent.Name name = name(single(component.arguments().get(0)));
        if (Specifiers.constructor(name) instanceof Specifiers.Constructor.OfFrame frame) {
            return frame.growOnly();
        }
        throw new FrameFixtureException.Content("expected F or Fg but found " + name.text(), name.at());
    }

    private static DslComponent.Argument single(DslComponent.Argument argument) {
        if (argument instanceof DslComponent.Tuple) {
            throw new FrameFixtureException.Syntax("no handling for a tuple: expected one constructor", argument.at());
        }
        return argument;
    }

    private @Nullable DslComponent axisComponent(String letter) {
        DslComponent component = components.get(letter);
        if (component == null) {
            return null;
        }
        requireArguments(component, true, 2);
        return component.arguments().isEmpty() ? null : component;
    }

    private static FixtureAxis axis(DslComponent component, int count) {
        DslComponent.Argument constructor = component.arguments().get(0);
        DslComponent.Argument dtype = component.arguments().get(1);
        List<IndexClass> classes = new ArrayList<>();
        if (constructor instanceof DslComponent.Tuple tuple) {
            tuple.names().forEach(name -> classes.add(indexClass(name)));
        } else {
            classes.add(indexClass(name(constructor)));
        }
        boolean automatic = classes.size() == 1 && classes.get(0).type() == IndexType.HIERARCHY;
        FixtureAxis axis;
        if (automatic || constructor instanceof DslComponent.Tuple) {
            axis = hierarchy(classes, automatic, constructor, dtype, count);
        } else {
            axis = new FixtureAxis(count, List.of(new FixtureAxis.Level(classes.get(0), type(dtype), 0, 1)));
        }
        check(axis, component);
        return axis;
    }

    private static IndexClass indexClass(DslComponent.Name name) {
        Specifiers.Constructor constructor = Specifiers.constructor(name);
        if (constructor instanceof Specifiers.Constructor.OfIndex index) {
            return index.indexClass();
        }
        throw new FrameFixtureException.Content(name.text() + " makes no index of labels", name.at());
    }

    private static FixtureAxis hierarchy(
            List<IndexClass> classes,
            boolean automatic,
            DslComponent.Argument constructor,
            DslComponent.Argument dtype,
            int count) {
        if (!(dtype instanceof DslComponent.Tuple dtypes) || dtypes.names().size() < 2) {
            throw new FrameFixtureException.Content("a hierarchy needs a tuple of at least two dtypes", dtype.at());
        }
        int depth = dtypes.names().size();
        if (!automatic && classes.size() != depth) {
            throw new FrameFixtureException.Content(
                    "expected as many dtypes as constructors, " + classes.size() + ", but found " + depth, dtype.at());
        }
        boolean growOnly = classes.get(0).growOnly();
        List<FixtureAxis.Level> levels = new ArrayList<>();
        for (int level = 0; level < depth; level++) {
            ValueType type = Specifiers.dtype(dtypes.names().get(level));
            IndexClass indexClass = automatic ? natural(type, growOnly) : classes.get(level);
            if (indexClass.type() == IndexType.HIERARCHY || indexClass.growOnly() != growOnly) {
                throw new FrameFixtureException.Content(
                        "the levels of a hierarchy are flat, and all static or all grow-only", constructor.at());
            }
            int below = depth - 1 - level;
            levels.add(new FixtureAxis.Level(indexClass, type, LEVEL_SHIFT * level, below == 0 ? 1 : 2 * below));
        }
        if (count == 0) {
            throw new FrameFixtureException.Content("a hierarchy needs labels", constructor.at());
        }
        return new FixtureAxis(count, levels);
    }

    // The class that StaticFrame chooses by itself.
    private static IndexClass natural(ValueType type, boolean growOnly) {
        IndexType found = IndexType.INDEX;
        if (type instanceof ValueType.Numpy numpy && numpy.dtype().kind() == DTypeKind.DATETIME) {
            TimeUnit64 unit = numpy.dtype().unit();
            for (IndexType candidate : IndexType.values()) {
                if (unit != null && candidate.unit() == unit.base()) {
                    found = candidate;
                }
            }
        }
        return new IndexClass(found, growOnly);
    }

    private static void check(FixtureAxis axis, DslComponent component) {
        for (FixtureAxis.Level level : axis.levels()) {
            if (!level.fits()) {
                throw new FrameFixtureException.Content(
                        level.indexClass().type().unit() == null
                                ? "a plain Index holds no datetime64; use IY, IM, ID, Ih, Im, Is, Ims, Ius or Ins"
                                : level.indexClass() + " holds datetime64 or integers",
                        component.at());
            }
        }
        if (!axis.isAvailable()) {
            throw new FrameFixtureException.Content("there are too few values for so many levels", component.at());
        }
        boolean unique;
        try {
            unique = axis.isUnique();
        } catch (ArithmeticException e) {
            throw new FrameFixtureException.Content("a label is beyond the range of its unit", component.at());
        }
        if (!unique) {
            throw new FrameFixtureException.Content("labels repeat", component.at());
        }
    }

    private static boolean isGrowOnly(FixtureAxis axis) {
        return axis.levels().get(0).indexClass().growOnly();
    }

    // Column labels are NumPy arrays here, as in StaticFrame's files, which refuse objects.
    private static void refuseObjects(FixtureAxis labels, DslComponent component) {
        for (FixtureAxis.Level level : labels.levels()) {
            if (!(level.type() instanceof ValueType.Numpy)) {
                throw new FrameFixtureException.Content(
                        "columns labelled with objects or tuples cannot be stored, in StaticFrame neither",
                        component.at());
            }
        }
    }
}
