package org.arrownpz.ipc.internal.message;

import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The schema of a file or stream, and the order of bytes in its buffers.
 *
 * @param arrow in message form: dictionary-encoded fields have the type of their values
 * @param isBigEndian whether numbers within buffers are big-endian; metadata never are
 */
public record FileSchema(Schema arrow, boolean isBigEndian) {}
