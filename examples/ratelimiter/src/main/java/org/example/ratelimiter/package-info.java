/** An example of the use of counters, as other bundles would use it. */
@Export
@Version("1.0.0")
package org.example.ratelimiter;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
