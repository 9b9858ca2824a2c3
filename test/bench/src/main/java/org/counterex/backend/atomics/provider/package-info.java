/**
 * Access to a package-private constructor of the bundle's package of the same name, for tests and benchmarks. Its only
 * type is {@link org.counterex.backend.atomics.provider.BareAtomics}. It depends on that bundle alone.
 */
package org.counterex.backend.atomics.provider;
