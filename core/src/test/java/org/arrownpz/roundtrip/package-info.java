/** Round trips of random data through files. */
@org.jspecify.annotations.NullMarked
package org.arrownpz.roundtrip;
