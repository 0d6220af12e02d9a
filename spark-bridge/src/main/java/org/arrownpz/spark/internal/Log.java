package org.arrownpz.spark.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The module's logger. */
public final class Log {
    public static final Logger LOG = LoggerFactory.getLogger("org.arrownpz.spark");

    private Log() {}
}
