/** JMH benchmarks, each beside the floor that no implementation can go below, and beside stock Arrow as a peer. */
@NullMarked
package org.arrownpz.benchmarks;

import org.jspecify.annotations.NullMarked;
