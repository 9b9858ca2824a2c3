/**
 * Location of the files that outlive the framework's own storage. Bundles embed this package; it is private to each of
 * them. Start with {@link org.counterex.support.data.DataDirectory}; the package depends on the framework alone, not on
 * the API of counters.
 */
package org.counterex.support.data;
