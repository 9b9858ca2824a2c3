/**
 * A registry without its component, for tests and benchmarks, in the bundle's package of the same name. Its only type
 * is {@link org.counterex.registry.provider.BareRegistry}. It depends on the packages of the registry.
 */
package org.counterex.registry.provider;
