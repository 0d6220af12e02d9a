/** What native consumers of Arrow's C Data interface need and Arrow Java does not give them. */
@NullMarked
package org.arrownpz.cdata;

import org.jspecify.annotations.NullMarked;
