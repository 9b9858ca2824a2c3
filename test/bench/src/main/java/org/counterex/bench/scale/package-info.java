/**
 * Model of the cost of counting in a server, by nodes, buckets and shards: measurements, costs derived from them, and a
 * simulation for what one machine cannot show. Read {@link org.counterex.bench.scale.ScaleRun} first, then
 * {@link org.counterex.bench.scale.Simulation}. It depends on {@code org.counterex.bench} for bundles, charts and text.
 */
package org.counterex.bench.scale;
