package org.arrownpz.ipc.internal.message;

import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.column.SchemaMember;

/**
 * The schema of a file or stream, and the order of bytes in its buffers.
 *
 * @param arrow in message form: dictionary-encoded fields have the type of their values
 * @param isBigEndian whether numbers within buffers are big-endian; metadata never are
 */
public record FileSchema(Schema arrow, boolean isBigEndian) {
    static FileSchema of(org.apache.arrow.flatbuf.Schema flat, short version, Location location) throws NpzException {
        Schema schema = SchemaMember.read(flat, version, location);
        return new FileSchema(schema, flat.endianness() == Endianness.Big);
    }
}
