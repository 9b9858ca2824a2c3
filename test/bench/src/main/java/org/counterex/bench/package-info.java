/**
 * JMH benchmarks, and programs that measure what does not fit JMH: moves, commits, a server, memory, and the web
 * console. {@link org.counterex.bench.Suite} runs them and {@link org.counterex.bench.Report} writes the record; read
 * the former first. The package depends on the API and on the packed bundles, which {@link org.counterex.bench.Bundles}
 * starts in a framework.
 */
package org.counterex.bench;
