package org.arrownpz.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WidthTest {
    @Test
    void countsLettersOfEastAsianScriptsTwice() {
        assertThat(Width.of("ab")).isEqualTo(2);
        assertThat(Width.of("中文")).isEqualTo(4);
        assertThat(Width.of("한글 カ")).isEqualTo(7);
        assertThat(Width.of("ｶ")).as("half-width").isEqualTo(1);
        assertThat(Width.of("Ａ")).as("full-width").isEqualTo(2);
        assertThat(Width.of("😀🚀")).isEqualTo(4);
        assertThat(Width.of("𠀀")).as("beyond 16 bits").isEqualTo(2);
    }

    @Test
    void doesNotCountMarksAndColors() {
        assertThat(Width.of("e\u0301")).isEqualTo(1);
        assertThat(Width.of("\u001b[31mab\u001b[0m")).isEqualTo(2);
        assertThat(Width.of("äöü─█▁é")).isEqualTo(7);
    }

    @Test
    void cutsBetweenCharacters() {
        assertThat(Width.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Width.cut("abcdef", 5)).isEqualTo("abcd…");
        assertThat(Width.cut("中文字", 5)).isEqualTo("中文…");
        assertThat(Width.cut("中文字", 4)).isEqualTo("中…");
        assertThat(Width.cut("😀😀", 2)).isEqualTo("…");
        assertThat(Width.cut("ab", 0)).isEmpty();
    }

    @Test
    void cutsLettersUnderMountainsOfMarks() {
        String text = "a" + "\u0301".repeat(10_000);
        assertThat(Width.cut(text, 10).length()).isLessThan(100);
    }

    @Test
    void fillsUpWithBlanks() {
        assertThat(Width.pad("中", 4, false)).isEqualTo("中  ");
        assertThat(Width.pad("中", 4, true)).isEqualTo("  中");
        assertThat(Width.pad("abc", 2, true)).isEqualTo("abc");
    }
}
