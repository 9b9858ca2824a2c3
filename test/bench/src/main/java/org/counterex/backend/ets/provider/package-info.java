/**
 * Access to a package-private constructor of the bundle's package of the same name, for tests and benchmarks. Its only
 * type is {@link org.counterex.backend.ets.provider.BareEts}. It depends on that bundle alone.
 */
package org.counterex.backend.ets.provider;
