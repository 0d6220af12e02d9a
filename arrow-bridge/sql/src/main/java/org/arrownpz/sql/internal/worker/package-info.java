/**
 * Statements run in processes of their own, which can be ended. The parent's side begins at {@link
 * org.arrownpz.sql.internal.worker.WorkerPool}, the process' own at {@link org.arrownpz.sql.internal.worker.WorkerMain};
 * {@link org.arrownpz.sql.internal.worker.Pipe} and {@link org.arrownpz.sql.internal.worker.Request} are what they share.
 */
@NullMarked
package org.arrownpz.sql.internal.worker;

import org.jspecify.annotations.NullMarked;
