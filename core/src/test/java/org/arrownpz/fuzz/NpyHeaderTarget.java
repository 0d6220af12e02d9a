package org.arrownpz.fuzz;

import java.util.Arrays;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NpyHeaderWriter;

/**
 * The parser of NPY headers. The first byte tells whether the rest is a file, or the text of a header whose magic,
 * version and length are computed. What is accepted must come back from the header that we write for it.
 */
public final class NpyHeaderTarget {
    private static final Location PLACE = Location.ofFile("fuzz");
    private static final long CLAIMED = Long.MAX_VALUE;
    private static final NpyHeaderReader REMEMBERING = new NpyHeaderReader(ReadLimits.defaults());

    private NpyHeaderTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        if (data.length == 0) {
            return;
        }
        int kind = data[0];
        byte[] rest = Arrays.copyOfRange(data, 1, data.length);
        // The version of a text; 0 for a whole file.
        int version = kind & 3;
        byte[] header = version == 0 ? rest : NpyParts.header(version, rest, rest.length);
        boolean exact = (kind & 4) != 0;
        long size = exact ? header.length : CLAIMED;
        Oracle.holds(allocator -> {
            NpyHeader read =
                    new NpyHeaderReader(ReadLimits.defaults()).read(new ClaimedSource(header, size), PLACE, exact);
            check(read);
            NpyHeader again = REMEMBERING.read(new ClaimedSource(header, size), PLACE, exact);
            if (!read.equals(again)) {
                throw new AssertionError(read + " is remembered as " + again);
            }
        });
    }

    private static void check(NpyHeader header) throws NpzException {
        if (header.dataOffset() < 0 || header.dataLength() < 0 || header.dtype().itemSize() < 0) {
            throw new AssertionError("negative: " + header);
        }
        // Both were checked to be no more than 63 bits.
        if (Math.multiplyExact(header.shape().elements(), header.dtype().itemSize()) != header.dataLength()) {
            throw new AssertionError("lengths do not agree: " + header);
        }
        if (header.dtype() instanceof SubarrayDType) {
            throw new AssertionError("a sub-array on its own: " + header);
        }
        byte[] written = NpyHeaderWriter.numpy(header.dtype(), header.shape(), header.order());
        NpyHeader read;
        try {
            // Our spelling may be longer than what is allowed to others.
            ReadLimits limits = ReadLimits.defaults().withHeaderCharacters(ReadLimits.HARD_HEADER_CHARACTERS);
            read = new NpyHeaderReader(limits).read(new ClaimedSource(written, CLAIMED), PLACE, false);
        } catch (NpzException e) {
            throw new AssertionError("what is written for " + header + " is refused", e);
        }
        if (!read.dtype().equals(header.dtype())
                || !read.shape().equals(header.shape())
                || read.order() != header.order()) {
            throw new AssertionError(header + " comes back as " + read);
        }
    }
}
