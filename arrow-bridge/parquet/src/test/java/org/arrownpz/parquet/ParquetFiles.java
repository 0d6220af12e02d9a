package org.arrownpz.parquet;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.arrownpz.WriteOptions.Durability;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A directory for files that need not outlive a power loss, and native libraries that no test is blamed for loading. */
abstract class ParquetFiles {
    static final ParquetOptions OPTIONS = ParquetOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    Path directory;

    @BeforeAll
    static void loadNativeLibraries() {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        org.apache.arrow.dataset.jni.JniLoader.get().ensureLoaded();
    }

    /** The one value that DuckDB answers with, as text. */
    static String duck(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }
}
