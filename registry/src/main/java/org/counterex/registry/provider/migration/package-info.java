/**
 * Live migration of namespaces between stores: the control thread, reconciliation with the target placement, moves,
 * arrival and departure of backends, and the snapshot at stop. Start with {@code Migrator}, which carries out one move,
 * and {@code Reconciler}, which decides on it. This package depends on the namespaces and the packages below them, and
 * is used by administration only.
 */
package org.counterex.registry.provider.migration;
