package org.arrownpz.spark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** Lets several ways to one result take turns within one process, and prints their times as rows of a table. */
final class Turns {
    private static final int WARM_UP = 2;

    private final int rounds;
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    Turns(int rounds) {
        this.rounds = rounds;
    }

    /** Wall time and processor time of one way, in milliseconds of each round. */
    private record Times(double[] wall, double[] processor) {
        private static double median(double[] all) {
            Arrays.sort(all);
            return all[all.length / 2];
        }
    }

    static void header() {
        System.out.println("| What | How | median ms | best ms | median processor ms | wall, times the first |");
        System.out.println("| --- | --- | --- | --- | --- | --- |");
    }

    /** Times the ways and prints a row for each; the first is what the others are compared with. */
    void time(String what, Map<String, Callable<?>> ways) throws Exception {
        Map<String, Times> times = new LinkedHashMap<>();
        ways.keySet().forEach(way -> times.put(way, new Times(new double[rounds], new double[rounds])));
        for (int round = -WARM_UP; round < rounds; round++) {
            for (Map.Entry<String, Callable<?>> way : ways.entrySet()) {
                long begin = System.nanoTime();
                // Garbage collection and compilation are part of it: what suffers least from other processes.
                long used = system.getProcessCpuTime();
                way.getValue().call();
                if (round >= 0) {
                    Times own = times.get(way.getKey());
                    own.wall()[round] = (System.nanoTime() - begin) / 1e6;
                    own.processor()[round] = (system.getProcessCpuTime() - used) / 1e6;
                }
            }
        }
        double first = 0;
        for (Map.Entry<String, Times> way : times.entrySet()) {
            double median = Times.median(way.getValue().wall());
            first = first == 0 ? median : first;
            System.out.printf(
                    "| %s | %s | %.0f | %.0f | %.0f | %.2f |%n",
                    what,
                    way.getKey(),
                    median,
                    way.getValue().wall()[0],
                    Times.median(way.getValue().processor()),
                    median / first);
        }
    }
}
