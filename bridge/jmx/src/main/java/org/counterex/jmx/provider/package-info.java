/**
 * MBeans of the registry and of its namespaces. Start with {@link org.counterex.jmx.provider.MBeanRegistrar}, which
 * registers them while the registry runs. Depends on the API and on the platform MBean server only.
 */
package org.counterex.jmx.provider;
