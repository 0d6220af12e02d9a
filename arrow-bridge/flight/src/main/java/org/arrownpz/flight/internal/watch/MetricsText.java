package org.arrownpz.flight.internal.watch;

/**
 * Metrics as Prometheus reads them, in its text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Names and labels are the server's own: nothing that
 * clients send comes here, so that nothing needs escaping.
 */
public final class MetricsText {
    private final StringBuilder text = new StringBuilder();

    /** Begins metrics of one name. */
    public void family(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /** A metric that has one value. */
    public void single(String name, String type, String help, long value) {
        family(name, type, help);
        text.append(name).append(' ').append(value).append('\n');
    }

    /** One of the metrics of a name. */
    public void sample(String name, String labels, Number value) {
        text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
