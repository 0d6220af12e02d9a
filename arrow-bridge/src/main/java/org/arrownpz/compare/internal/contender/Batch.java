package org.arrownpz.compare.internal.contender;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/** Takes a batch from a reader; the vectors are valid during the call. */
@FunctionalInterface
public interface Batch {
    void take(List<FieldVector> columns, DictionaryProvider dictionaries);
}
