/**
 * Strict reading of component configurations. Bundles embed this package; it is private to each of them. Start with
 * {@link org.counterex.support.config.Settings}.
 */
package org.counterex.support.config;
