package org.arrownpz.sql.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.sql.Sql;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {
    @ParameterizedTest
    @CsvSource({
        "x.npz, x.npz, , x",
        "dir/x.NPZ:w, dir/x.NPZ, w, w",
        "x.npz:layer/0.weight, x.npz, layer/0.weight, layer/0.weight",
        "x.npz:, x.npz:, , x",
        "x.feather, x.feather, , x"
    })
    void isAPathOrOneArrayOfAnArchive(String text, String path, String array, String stem) {
        assertThat(FileName.path(text)).isEqualTo(path);
        assertThat(FileName.array(text)).isEqualTo(array);
        assertThat(FileName.stem(text)).isEqualTo(stem);
    }

    @Test
    void isATableByItsExtensionAndOfTextOnlyWhereAllowed() {
        assertThat(FileName.isTable("x.npz:w", false)).isTrue();
        assertThat(FileName.isTable("x.PARQUET", false)).isTrue();
        assertThat(FileName.isTable("x.csv", false)).isFalse();
        assertThat(FileName.isTable("x.csv", true)).isTrue();
        assertThat(FileName.isTable("x.txt", true)).isFalse();
    }

    @Test
    void pointsBelowTheWordBehindAFile() {
        String statement = "SELECT k\nFROM 'ä/x.npz' WHERE kk > 1";
        SqlText text = new SqlText(statement);
        String run = text.withFiles(SqlText.TABLES);
        int line = run.indexOf('\n') + 1;
        String message = "no kk\n\nLINE 2: " + run.substring(line) + "\n"
                + " ".repeat("LINE 2: ".length() + run.indexOf("kk") - line) + "^";
        assertThat(Excerpt.of(message, text))
                .isEqualTo("LINE 2: FROM 'ä/x.npz' WHERE kk > 1\n"
                        + " ".repeat("LINE 2: FROM 'ä/x.npz' WHERE ".length()) + "^");
        assertThat(Excerpt.of("no place", text)).isEmpty();
        assertThat(Excerpt.of(message.replace("LINE 2", "LINE 9"), text)).isEmpty();
    }

    @Test
    void keepsArraysBelowAllowedPaths() throws Exception {
        try (var allocator = new RootAllocator();
                Sql sql = Sql.open(allocator)) {
            assertThatThrownBy(() -> sql.query("FROM '/etc/x.npz:w'")).hasMessageContaining("may not read");
        }
    }
}
