/**
 * Tests for jcstress: two threads on one cell or one namespace, with a sentence for each forbidden outcome. Read
 * {@link org.counterex.bench.stress.CellStress} first. The package depends on the cells of the API, and on backends and
 * a registry without their components.
 */
package org.counterex.bench.stress;
