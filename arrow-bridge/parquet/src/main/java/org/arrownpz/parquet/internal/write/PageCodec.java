package org.arrownpz.parquet.internal.write;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.arrownpz.ipc.internal.codec.Lz4Block;

/** Compresses pages, by the numbers of Parquet's codecs (parquet-format, Compression.md). Used by one thread. */
public final class PageCodec implements AutoCloseable {
    public static final int NONE = 0;
    public static final int SNAPPY = 1;
    public static final int ZSTD = 6;
    public static final int LZ4_RAW = 7;

    /** Level 1 finds no matches of fewer than seven bytes in pages that are longer. */
    private static final int SMALL = 1 << 18;
    /** The shortest match in smaller ones. Numbers of eight bytes that are near each other often share six. */
    private static final int MIN_MATCH = 6;

    private final int codec;
    private final int level;
    private final SnappyBlock snappy = new SnappyBlock();
    private final Lz4Block.Table table = new Lz4Block.Table();
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();

    PageCodec(int codec, int level) {
        this.codec = codec;
        this.level = level;
        if (codec == ZSTD) {
            zstd.setLevel(level);
        }
    }

    int code() {
        return codec;
    }

    /** Appends the compressed bytes. */
    void compress(Bytes page, Bytes out) {
        int length = page.size();
        switch (codec) {
            case NONE -> out.put(page);
            case SNAPPY -> snappy.compress(page.array(), length, out);
            case ZSTD -> {
                int start = out.size();
                out.room(Math.toIntExact(Zstd.compressBound(length)));
                zstd.setMinMatch(level == 1 && length > SMALL ? MIN_MATCH : 0);
                int room = out.array().length - start;
                out.size(start + zstd.compressByteArray(out.array(), start, room, page.array(), 0, length));
            }
            case LZ4_RAW -> {
                int start = out.size();
                out.room(Math.toIntExact(length + length / 255L + 16));
                ByteBuffer source = ByteBuffer.wrap(page.array()).order(ByteOrder.LITTLE_ENDIAN);
                ByteBuffer target = ByteBuffer.wrap(out.array()).order(ByteOrder.LITTLE_ENDIAN);
                out.size(Lz4Block.compress(source, 0, length, target, start, target.limit(), table));
            }
            default -> throw new IllegalArgumentException("no such codec: " + codec);
        }
    }

    @Override
    public void close() {
        zstd.close();
    }
}
