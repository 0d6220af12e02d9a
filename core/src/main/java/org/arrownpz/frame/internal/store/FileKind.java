package org.arrownpz.frame.internal.store;

import java.nio.ByteBuffer;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;
import org.arrownpz.support.FileMagic;

/** The kind of a file by its first bytes. */
public enum FileKind {
    NPY,
    ZIP;

    /**
     * The kind of file; one with neither magic is what its name says, so that the error fits.
     *
     * @throws NpzException MAGIC or VERSION when it is of a format that others read, which the message names
     */
    public static FileKind of(ByteSource source, Location location) throws NpzException {
        String file = location.file();
        if (file != null && file.endsWith(".npz") && source.expect(0, 0)) {
            // A request for what the end record, which is fetched first, tells as well.
            return ZIP;
        }
        byte[] start = new byte[(int) Math.min(FileMagic.LENGTH, source.size())];
        source.read(0, ByteBuffer.wrap(start));
        FileMagic magic = FileMagic.of(start);
        if (magic == FileMagic.NPY) {
            return NPY;
        }
        if (start.length >= 2 && start[0] == 'P' && start[1] == 'K') {
            return ZIP;
        }
        // Of what gzip made of an NPY file, its reader says so.
        if (magic != null && !(magic == FileMagic.GZIP && file != null && file.endsWith(".npy"))) {
            throw magic.instead(location, "an NPZ or NPY file");
        }
        return file != null && (file.endsWith(".npz") || file.endsWith(".zip")) ? ZIP : NPY;
    }
}
