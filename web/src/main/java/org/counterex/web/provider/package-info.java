/**
 * Component, configuration and shell command of the web bundle. Start with {@link
 * org.counterex.web.provider.WebServer}. Depends on all sub-packages, in layers: {@code api} and {@code metrics}, then
 * {@code live}, {@code http} and {@code json}; none depends on one before it.
 */
package org.counterex.web.provider;
