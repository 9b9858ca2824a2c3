/** A hash table whose entries are the cells: backends that hold any number of counters in memory embed it. */
package org.counterex.table;
