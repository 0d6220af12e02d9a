package org.arrownpz.frame.internal.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.frame.internal.data.FrameSelection;
import org.arrownpz.frame.internal.data.FrameState.BlockShape;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.Label;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnNamesTest {
    /** 256 texts of one hash code. */
    private static List<String> collisions() {
        List<String> texts = new ArrayList<>();
        for (int bits = 0; bits < 256; bits++) {
            StringBuilder text = new StringBuilder();
            for (int bit = 0; bit < 8; bit++) {
                text.append((bits >> bit & 1) == 0 ? "Aa" : "BB");
            }
            texts.add(text.toString());
        }
        return texts;
    }

    @Test
    void textsOfOneHashCodeAreToldApart() {
        List<String> texts = collisions();
        assertThat(texts.get(0)).hasSameHashCodeAs(texts.get(255));
        assertThat(ColumnNames.unique(texts)).isSameAs(texts);
        texts.add(texts.get(7));
        assertThat(ColumnNames.unique(texts)).endsWith(texts.get(255), texts.get(7) + "#2");
    }

    @Test
    void indexLevelsMakeWayForColumns() {
        assertThat(ColumnNames.ofIndex(Label.of("k"), 0, List.of())).isEmpty();
        assertThat(ColumnNames.ofIndex(Label.of("k"), 1, List.of("a"))).containsExactly("k");
        assertThat(ColumnNames.ofIndex(Label.of("a"), 1, List.of("a"))).containsExactly("__index_level_0__");
        assertThat(ColumnNames.ofIndex(Label.NONE, 1, List.of("__index_level_0__", "__index_level_0__#2")))
                .containsExactly("__index_level_0__#3");
        Label two = Label.tuple(List.of(Label.of("x"), Label.of(3)));
        assertThat(ColumnNames.ofIndex(two, 2, List.of())).containsExactly("x", "__index_level_1__");
        assertThat(ColumnNames.ofIndex(two, 3, List.of()))
                .containsExactly("__index_level_0__", "__index_level_1__", "__index_level_2__");
        assertThat(ColumnNames.ofIndex(Label.tuple(List.of(Label.of("x"))), 1, List.of()))
                .containsExactly("__index_level_0__");
    }

    @Test
    void unknownColumnsAreListedUpToTwenty() {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            many.add("c" + i);
        }
        assertThatThrownBy(() -> FrameSelection.positions(many, List.of("z", "c1", "y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[z, y]")
                .hasMessageContaining("c19")
                .hasMessageContaining("and 5 more");
        assertThatThrownBy(() -> FrameSelection.positions(many, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FrameSelection.positions(at(), List.of("a", "b", "c")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FrameSelection.positions(at(0, -4), List.of("a", "b", "c")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(FrameSelection.positions(at(-3, 2), List.of("a", "b", "c"))).containsExactly(0, 2);
    }

    @Test
    void levelsWithoutNamesGiveAnAxisWithoutOne() {
        List<IndexClass> two = List.of(IndexClass.INDEX, IndexClass.INDEX);
        assertThat(FrameSelection.axis(two, List.of(Label.NONE, Label.NONE), 3).name())
                .isEqualTo(Label.NONE);
        assertThat(FrameSelection.axis(two, List.of(Label.NONE, Label.of("b")), 3)
                        .name())
                .isEqualTo(Label.tuple(List.of(Label.NONE, Label.of("b"))));
    }

    /** Hints that no reader of this library writes: the Arrow type decides. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "garbage | INDEX",
                "<i8 | INDEX",
                "<M8 | INDEX",
                "<M8[25s] | INDEX",
                "<M8[W] | INDEX",
                "<m8[s] | INDEX",
                "[('a', '<M8[s]')] | INDEX",
                "<M8[h] | HOUR",
            })
    void hintsThatAreNoDatesAreIgnored(String hint, IndexType type) {
        Field field = new Field(
                "k", new FieldType(true, new ArrowType.Int(64, true), null, Map.of("numpy.dtype", hint)), null);
        assertThat(IndexClassRules.required(field)).isEqualTo(IndexClass.of(type));
    }

    @Test
    void onlySingleUnitsHaveAnIndexClass() {
        assertThat(IndexType.ofUnit(new TimeUnit64(TimeUnit64.Base.DAY, 1))).isEqualTo(IndexType.DATE);
        assertThat(IndexType.ofUnit(new TimeUnit64(TimeUnit64.Base.DAY, 2))).isEqualTo(IndexType.INDEX);
        assertThat(IndexType.ofUnit(TimeUnit64.of(TimeUnit64.Base.FEMTOSECOND))).isEqualTo(IndexType.INDEX);
    }

    private static ReadOptions at(Integer... positions) {
        return ReadOptions.defaults().withPositions(List.of(positions));
    }

    @Test
    void blocksHaveAWidthAndFlatOnesOneColumn() {
        assertThat(new BlockShape(0, false).width()).isZero();
        assertThatThrownBy(() -> new BlockShape(-1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BlockShape(2, true)).isInstanceOf(IllegalArgumentException.class);
    }
}
