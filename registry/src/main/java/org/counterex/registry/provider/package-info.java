/**
 * The registry of counters as an OSGi component. Start with {@link org.counterex.registry.provider.RegistryComponent},
 * which creates and connects the parts and binds backends and listeners. This package depends on all the packages below
 * it, and none of them depends on it.
 */
package org.counterex.registry.provider;
