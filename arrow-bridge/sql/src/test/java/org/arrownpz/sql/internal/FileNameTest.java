package org.arrownpz.sql.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Safetensors;
import org.arrownpz.sql.Sql;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {
    @ParameterizedTest
    @CsvSource({
        "x.npz, x.npz, , x",
        "dir/x.NPZ:w, dir/x.NPZ, w, w",
        "x.npz:layer/0.weight, x.npz, layer/0.weight, layer/0.weight",
        "m.safetensors:a:b, m.safetensors, a:b, a:b",
        "dir/:w, dir/w.npy, , w",
        "dir/:w.npz:k, dir/w.npz:k.npy, , w.npz:k",
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
        assertThat(FileName.isTable("x.safetensors:w", false)).isTrue();
        assertThat(FileName.isTable("x.safetensors", false)).isFalse();
        assertThat(FileName.isTable("dir/:w", false)).isTrue();
        assertThat(FileName.isTable("dir:w", false)).isFalse();
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
    void keepsArraysBelowAllowedPaths(@TempDir Path directory) throws Exception {
        try (var allocator = new RootAllocator();
                Sql sql = Sql.open(allocator)) {
            for (String file : List.of("/etc/x.npz:w", "/etc/x.safetensors:w", "/etc/:w")) {
                assertThatThrownBy(() -> sql.query("FROM '" + file + "'")).hasMessageContaining("may not read");
            }
            Path inside = Files.createDirectory(directory.resolve("inside"));
            Npy.save(directory.resolve("x.npy"), new long[1]);
            sql.allow(inside);
            assertThatThrownBy(() -> sql.query("FROM '" + inside + "/:../x'")).hasMessageContaining("may not read");
        }
    }

    @Test
    void isReadFromASafetensorsFileAndADirectory(@TempDir Path directory) throws Exception {
        Safetensors.save(directory.resolve("m.safetensors"), Map.of("w", new float[] {1, 2}));
        Npy.save(directory.resolve("v.npy"), new long[] {3, 4});
        try (var allocator = new RootAllocator();
                Sql sql = Sql.open(allocator).allow(directory);
                ArrowReader sum = sql.query("SELECT sum(w) FROM '" + directory + "/m.safetensors:w'");
                ArrowReader rows = sql.query("SELECT count(*) FROM '" + directory + "/:v'")) {
            assertThat(sum.loadNextBatch()).isTrue();
            assertThat(sum.getVectorSchemaRoot().getVector(0).getObject(0)).isEqualTo(3.0);
            assertThat(rows.loadNextBatch()).isTrue();
            assertThat(rows.getVectorSchemaRoot().getVector(0).getObject(0)).isEqualTo(2L);
            assertThatThrownBy(() -> sql.query("FROM '" + directory + "/m.safetensors:none'"))
                    .hasMessageContaining("none");
        }
    }
}
