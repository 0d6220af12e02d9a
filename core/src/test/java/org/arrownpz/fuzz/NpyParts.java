package org.arrownpz.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NpyHeaderReader;

/**
 * An NPY file as header text, newline and data, without magic and lengths, which are computed: mutations of the text
 * reach the parser, and data follow the shape where that is small.
 */
final class NpyParts {
    private static final long LONGEST_FILL = 1 << 16;
    private static final NpyHeaderReader HEADERS = new NpyHeaderReader(ReadLimits.defaults());
    private static final Location NOWHERE = Location.ofFile(null);

    private NpyParts() {}

    /** The file of a text: version (1 to 3), the header up to its newline, and the data. */
    static byte[] file(int version, byte[] parts, boolean fit) {
        int end = 0;
        while (end < parts.length && parts[end] != '\n') {
            end++;
        }
        byte[] data = Arrays.copyOfRange(parts, Math.min(end + 1, parts.length), parts.length);
        byte[] header = header(version, parts, end);
        long wanted = fit ? dataLength(header) : data.length;
        if (wanted >= 0 && wanted <= LONGEST_FILL) {
            data = Arrays.copyOf(data, (int) wanted);
        }
        return concat(header, data);
    }

    /** A one-dimensional array of these bytes, whatever their number. */
    static byte[] array(String descr, int itemSize, byte[] data) {
        String text =
                "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + data.length / itemSize + ",), }";
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return concat(header(1, bytes, bytes.length), Arrays.copyOf(data, data.length / itemSize * itemSize));
    }

    static byte[] header(int version, byte[] text, int length) {
        int prefix = version == 1 ? 10 : 12;
        // What a header of version 1 cannot state is cut off.
        int kept = version == 1 ? Math.min(length, 0xff00) : length;
        int total = (prefix + kept + 64) / 64 * 64;
        byte[] header = new byte[total];
        header[0] = (byte) 0x93;
        System.arraycopy("NUMPY".getBytes(StandardCharsets.US_ASCII), 0, header, 1, 5);
        header[6] = (byte) version;
        for (int i = 8, rest = total - prefix; i < prefix; i++, rest >>>= 8) {
            header[i] = (byte) rest;
        }
        System.arraycopy(text, 0, header, prefix, kept);
        Arrays.fill(header, prefix + kept, total - 1, (byte) ' ');
        header[total - 1] = '\n';
        return header;
    }

    /** What the header asks for, or -1 where it is refused. */
    private static long dataLength(byte[] header) {
        try (ByteSource source = new ClaimedSource(header, Long.MAX_VALUE)) {
            return HEADERS.read(source, NOWHERE, false).dataLength();
        } catch (NpzException e) {
            return -1;
        }
    }

    /** The parts of a file, or null where it has no header of that form. */
    static byte[] parts(byte[] file) {
        if (file.length < 12 || file[0] != (byte) 0x93 || file[6] < 1 || file[6] > 3) {
            return null;
        }
        int prefix = file[6] == 1 ? 10 : 12;
        ByteBuffer bytes = ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        long length = file[6] == 1 ? bytes.getShort(8) & 0xffff : bytes.getInt(8) & 0xffffffffL;
        if (length > file.length - prefix) {
            return null;
        }
        int end = prefix + (int) length;
        int text = end;
        while (text > prefix && (file[text - 1] == '\n' || file[text - 1] == ' ')) {
            text--;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, prefix, text - prefix);
        out.write('\n');
        out.write(file, end, file.length - end);
        return out.toByteArray();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        return whole;
    }
}
