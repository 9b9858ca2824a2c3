/**
 * Tables of cells that bundles embed. Start with {@link org.counterex.table.HashTable}, an unbounded hash table whose entries are
 * the cells, or with {@link org.counterex.table.MapTable}, a table over a map of the JDK. Depends on the table API only.
 */
package org.counterex.table;
