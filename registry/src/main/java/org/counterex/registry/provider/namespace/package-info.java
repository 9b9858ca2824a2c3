/**
 * The objects that callers hold: namespaces, counter handles, the operations on a key, and key locks. Start with {@link
 * org.counterex.registry.provider.namespace.Namespace}, whose comment describes the fast path and the locking. This
 * package depends on placements and event queues, and reaches the code that moves namespaces through {@link
 * org.counterex.registry.provider.namespace.NamespaceHost} only.
 */
package org.counterex.registry.provider.namespace;
