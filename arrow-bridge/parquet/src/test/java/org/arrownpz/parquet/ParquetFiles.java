package org.arrownpz.parquet;

import java.nio.file.Path;
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
}
