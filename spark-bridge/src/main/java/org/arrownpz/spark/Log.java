package org.arrownpz.spark;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The module's logger. */
final class Log {
    static final Logger LOG = LoggerFactory.getLogger("org.arrownpz.spark");

    private Log() {}
}
