package org.arrownpz.npy;

import static org.arrownpz.npy.HeaderBytes.file;
import static org.arrownpz.npy.HeaderBytes.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Headers that are read again: remembered, or changed meanwhile. */
@ExtendWith(LeakCheck.class)
class NpyHeaderCacheTest {
    private static final Location PLACE = new Location("a.npz", "b.npy");

    @Test
    void noticesAHeaderThatChangesBetweenTwoReads() {
        byte[] bytes = file(1, header("'<i4'", "(3,)").stripTrailing() + " ".repeat(200) + "\n", 12);
        HeapSource changing = new HeapSource(bytes) {
            @Override
            public void read(long offset, ByteBuffer target) {
                super.read(offset, target);
                bytes[8]++;
            }
        };
        assertThatThrownBy(() -> new NpyHeaderReader(ReadLimits.defaults()).read(changing, PLACE, true))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
    }

    @Test
    void remembersMostOfAHundredHeaders() throws NpzException {
        NpyHeaderReader reader = new NpyHeaderReader(ReadLimits.defaults());
        List<byte[]> files = new ArrayList<>();
        List<NpyHeader> headers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] bytes = file(1, header("'|S1'", "(" + (100 + i) + ",)"), 100 + i);
            files.add(bytes);
            headers.add(reader.read(new HeapSource(bytes), PLACE, true));
        }
        int remembered = 0;
        for (int i = 0; i < 100; i++) {
            NpyHeader again = reader.read(new HeapSource(files.get(i)), PLACE, true);
            assertThat(again).isEqualTo(headers.get(i));
            remembered += again == headers.get(i) ? 1 : 0;
        }
        assertThat(remembered).isGreaterThan(50);
    }

    @Test
    void remembersHeadersUpToFourKibibytesOnly() throws NpzException {
        NpyHeaderReader reader = new NpyHeaderReader(ReadLimits.defaults());
        for (int length : new int[] {4096, 4097}) {
            String text = header("'<i4'", "()");
            byte[] bytes = file(1, text.stripTrailing() + " ".repeat(length - 10 - text.length()) + "\n", 4);
            NpyHeader first = reader.read(new HeapSource(bytes), PLACE, true);
            assertThat(first.dataOffset()).isEqualTo(length);
            NpyHeader second = reader.read(new HeapSource(bytes), PLACE, true);
            assertThat(second).isEqualTo(first);
            assertThat(second == first).isEqualTo(length == 4096);
        }
    }
}
