package org.arrownpz.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FoldTest {
    @Test
    void leavesLinesThatFit() {
        String text = "abc def\n\n  中文\n";
        assertThat(Fold.lines(text, 7)).isEqualTo(text);
    }

    @Test
    void foldsBetweenWords() {
        assertThat(Fold.lines("one two three four\n", 9)).isEqualTo("one two\n  three\n  four\n");
        assertThat(Fold.lines("  one two three", 9)).isEqualTo("  one two\n    three");
    }

    @Test
    void breaksWordsThatAreWiderThanTheTerminal() {
        assertThat(Fold.lines("abcdefghij\n", 4)).isEqualTo("abcd\n  ef\n  gh\n  ij\n");
        assertThat(Fold.lines("中文字中文字\n", 5)).isEqualTo("中文\n  字\n  中\n  文\n  字\n");
    }

    @Test
    void doesNotCountColors() {
        String text = "\u001b[31mabc\u001b[0m def\n";
        assertThat(Fold.lines(text, 7)).isEqualTo(text);
        assertThat(Fold.lines(text, 5)).isEqualTo("\u001b[31mabc\u001b[0m\n  def\n");
    }
}
