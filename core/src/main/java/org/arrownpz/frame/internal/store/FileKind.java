package org.arrownpz.frame.internal.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;

/** What a file is by its first bytes. */
public enum FileKind {
    NPY,
    ZIP;

    private static final byte[] NPY_MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** The kind of file; one with neither magic is what its name says, so that the error fits. */
    public static FileKind of(ByteSource source, Location location) throws NpzException {
        byte[] start = new byte[(int) Math.min(NPY_MAGIC.length, source.size())];
        source.read(0, ByteBuffer.wrap(start));
        if (Arrays.equals(start, NPY_MAGIC)) {
            return NPY;
        }
        if (start.length >= 2 && start[0] == 'P' && start[1] == 'K') {
            return ZIP;
        }
        String file = location.file();
        return file != null && (file.endsWith(".npz") || file.endsWith(".zip")) ? ZIP : NPY;
    }
}
