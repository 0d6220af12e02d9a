package org.arrownpz.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private static TextTable table() {
        TextTable table = new TextTable(List.of("form", "time", "more", "rest"), Set.of("time"));
        table.add("npz", "12 ms", "aaaa", "bbbbbbbb");
        return table;
    }

    @Test
    @DisplayName("C10: what finds no room is named and left out, and lines are not folded")
    void leavesOutColumnsThatFindNoRoom() {
        assertThat(table().take(27, List.of("rest", "more"))).isEqualTo("""
                form   time  more  rest
                npz   12 ms  aaaa  bbbbbbbb
                """);
        assertThat(table().take(26, List.of("rest", "more"))).isEqualTo("""
                form   time  more
                npz   12 ms  aaaa
                no room for rest
                """);
        assertThat(table().take(12, List.of("rest", "more"))).isEqualTo("""
                form   time
                npz   12 ms
                no room for rest; more
                """);
    }
}
