package org.arrownpz.compare.report;

import java.lang.management.ManagementFactory;

/**
 * The machine that a comparison ran on.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param system name, version and architecture of the operating system
 * @param processors how many the JVM may use
 * @param java the JVM's version
 * @param loadBefore the system's load average when it began, or a negative number where there is none
 * @param loadAfter the load average when it ended; one process that computes all the time adds 1
 */
public record Environment(String system, int processors, String java, double loadBefore, double loadAfter) {
    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    public static Environment since(double loadBefore) {
        return new Environment(
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().toString(),
                loadBefore,
                load());
    }
}
