/**
 * Asynchronous delivery of counter events and administrative events to listeners. Start with {@link
 * org.counterex.registry.provider.event.EventQueue}, which decouples callers from listeners; {@link
 * org.counterex.registry.provider.event.ListenerRegistry} decides which listener receives what. This package depends on
 * no other package of the registry: namespaces take part as {@link
 * org.counterex.registry.provider.event.SubscriptionTarget}.
 */
package org.counterex.registry.provider.event;
