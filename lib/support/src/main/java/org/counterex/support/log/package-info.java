/**
 * Log output of bundles. Bundles embed this package; it is private to each of them. Start with {@link
 * org.counterex.support.log.ServiceLog}.
 */
package org.counterex.support.log;
