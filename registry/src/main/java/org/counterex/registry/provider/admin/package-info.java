/**
 * Administration of the registry: the {@link org.counterex.api.admin.BackendRegistry} service, routes stored as
 * configurations, and periodic sweeps. Start with {@link org.counterex.registry.provider.admin.RegistryAdmin}. This
 * package depends on migration and everything below it; changes are run on the control thread.
 */
package org.counterex.registry.provider.admin;
