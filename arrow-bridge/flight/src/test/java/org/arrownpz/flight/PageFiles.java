package org.arrownpz.flight;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Files for the page that are large, or that no writer makes. */
final class PageFiles {
    private static final int HEADER = 128;

    private PageFiles() {}

    /** An array of zeros, which takes no room on the disk. */
    static void npy(Path file, String descr, String shape, long bytes) throws IOException {
        String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
        String padded = text + " ".repeat(HEADER - 11 - text.length()) + "\n";
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(("\u0093NUMPY\1\0" + (char) (HEADER - 10) + "\0" + padded).getBytes(StandardCharsets.ISO_8859_1));
            out.setLength(HEADER + bytes);
        }
    }
}
