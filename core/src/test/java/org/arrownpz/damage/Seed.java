package org.arrownpz.damage;

/** A file that is to be damaged. */
record Seed(String name, byte[] bytes) {
    @Override
    public String toString() {
        return name;
    }
}
