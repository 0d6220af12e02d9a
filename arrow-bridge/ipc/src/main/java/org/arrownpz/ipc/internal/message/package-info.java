/**
 * Messages of files and streams: where each lies, and what its metadata say. Bytes of a mapped file or of a channel come
 * in; checked schemas, and tables of batches and dictionaries go out. Start at MappedMessages for files, at
 * StreamMessages for pipes.
 */
@NullMarked
package org.arrownpz.ipc.internal.message;

import org.jspecify.annotations.NullMarked;
