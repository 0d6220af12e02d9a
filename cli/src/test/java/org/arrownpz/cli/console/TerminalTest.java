package org.arrownpz.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void readsWhatSttySays() {
        assertThat(Terminal.columns("24 80\n")).isEqualTo(80);
        assertThat(Terminal.columns("0 0\n")).isZero();
        assertThat(Terminal.columns("stty: standard input: Not a tty")).isZero();
        assertThat(Terminal.columns("")).isZero();
    }

    @Test
    void hasNoColorsWhereTheUserWantsNone() {
        assertThat(Terminal.hasColor(Map.of("TERM", "xterm")::get)).isTrue();
        assertThat(Terminal.hasColor(Map.of("TERM", "xterm", "NO_COLOR", "1")::get))
                .isFalse();
        assertThat(Terminal.hasColor(Map.of("TERM", "xterm", "NO_COLOR", "")::get))
                .isTrue();
        assertThat(Terminal.hasColor(Map.of("TERM", "dumb")::get)).isFalse();
    }
}
