package org.arrownpz.frame.internal.data;

import java.util.List;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/** Data that are part of other data, and answer as those do where they say nothing else. */
abstract class DerivedData implements FrameData {
    final FrameData whole;
    private final Lifetime lifetime;

    DerivedData(FrameData whole, Lifetime lifetime) {
        this.whole = whole;
        this.lifetime = lifetime;
    }

    @Override
    public List<String> names() {
        return whole.names();
    }

    @Override
    public List<Field> fields() throws NpzException {
        return whole.fields();
    }

    @Override
    public Field field(int column) throws NpzException {
        return whole.field(column);
    }

    @Override
    public boolean hasNulls(int column) throws NpzException {
        return whole.hasNulls(column);
    }

    @Override
    public DictionaryProvider dictionaries() throws NpzException {
        return whole.dictionaries();
    }

    @Override
    public Location location() {
        return whole.location();
    }

    @Override
    public void checkUnchanged() throws NpzException {
        whole.checkUnchanged();
    }

    @Override
    public Lifetime lifetime() {
        return lifetime;
    }
}
