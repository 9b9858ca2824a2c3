/**
 * Access to a package-private constructor of the bundle's package of the same name, for tests and benchmarks. Its only
 * type is {@link org.counterex.backend.counters.provider.BareCounters}. It depends on that bundle alone.
 */
package org.counterex.backend.counters.provider;
