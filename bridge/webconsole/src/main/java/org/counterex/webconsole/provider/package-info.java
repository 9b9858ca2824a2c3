/**
 * Page of the Felix web console that shows the counters. Start with {@link
 * org.counterex.webconsole.provider.CountersTab}; it writes through {@link org.counterex.webconsole.provider.Html}.
 * Depends on the API and on the servlet base class of the console.
 */
package org.counterex.webconsole.provider;
