/**
 * Access to a bound backend service: its properties, the leases that keep it usable, and locks that survive a call that
 * hangs in it. Start with {@link org.counterex.registry.provider.backend.BackendHandle}. This package depends on the
 * backend contract in the API, and on no other package of the registry.
 */
package org.counterex.registry.provider.backend;
