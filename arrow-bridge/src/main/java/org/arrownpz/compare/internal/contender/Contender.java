package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;

/** One way to write or to read one form of file: one line of a comparison's table. */
interface Contender {
    FileForm form();

    /** The class or call that does it, for instance {@code ArrowFileReader}. */
    String program();

    /** Whether it is of somebody else. */
    boolean peer();
}
