package org.arrownpz.ipc.internal.message;

import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The schema of a file or stream, and in which ways its buffers are unlike those of today's little-endian ones.
 *
 * @param arrow in message form: dictionary-encoded fields have the type of their values
 * @param isBigEndian whether numbers within buffers are big-endian; metadata never are
 * @param hasUnionBitmaps whether unions have a validity bitmap first, as before Arrow 1.0
 */
public record FileSchema(Schema arrow, boolean isBigEndian, boolean hasUnionBitmaps) {}
