package org.arrownpz.parquet.internal.write;

/**
 * The settings of a written file.
 *
 * @param codec the number of Parquet's, see {@link PageCodec}
 * @param level of Zstandard
 * @param groupRows the most rows of a row group
 * @param dictionary whether columns get dictionaries
 * @param statistics whether chunks have statistics
 */
public record Settings(int codec, int level, long groupRows, boolean dictionary, boolean statistics) {}
