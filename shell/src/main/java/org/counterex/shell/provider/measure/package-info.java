/**
 * Measurements of rates: the growth of counters between two samples and the throughput of backends. Read {@link
 * org.counterex.shell.provider.measure.ThroughputMeasurement} first. The package depends on the JDK only.
 */
package org.counterex.shell.provider.measure;
