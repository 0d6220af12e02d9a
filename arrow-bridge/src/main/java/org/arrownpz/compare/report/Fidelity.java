package org.arrownpz.compare.report;

import java.util.List;

/**
 * What a form does not bring back of the data.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param form the form
 * @param lost what is lost where this library reads it; empty when all comes back
 * @param elsewhere who else reads it
 * @param lostElsewhere what those do not see; empty when they see all
 */
public record Fidelity(FileForm form, List<String> lost, String elsewhere, List<String> lostElsewhere) {
    public Fidelity {
        lost = List.copyOf(lost);
        lostElsewhere = List.copyOf(lostElsewhere);
    }
}
