/**
 * Contract of a backend, as JUnit 4 suites. Read {@link org.counterex.tck.BackendUnderTest} first, which the author of
 * a backend implements. The test of a backend extends the suites:
 *
 * <pre>{@code
 * @RunWith(Enclosed.class)
 * public class MyBackendContractTest {
 *     interface Mine extends BackendUnderTest {
 *         @Override
 *         default CounterBackend newBackend() {
 *             return new MyBackend();
 *         }
 *     }
 *
 *     public static class Operations extends CounterBackendContract implements Mine {}
 *
 *     public static class Namespaces extends NamespaceContract implements Mine {}
 *
 *     public static class Range extends RangeContract implements Mine {}
 *
 *     public static class Races extends ConcurrentBackendContract implements Mine {}
 *
 *     public static class Lifecycles extends CounterLifecycleContract implements Mine {}
 * }
 * }</pre>
 *
 * <p>The test of a bounded backend also extends {@link org.counterex.tck.BoundedBackendContract}, of one with the table
 * extension {@link org.counterex.tck.CellTableContract}, of one that retains its values locally {@link
 * org.counterex.tck.RetainedValuesContract}. The test of a shared backend is a {@link
 * org.counterex.tck.SharedBackendUnderTest} and extends {@link org.counterex.tck.SharedValuesContract} and {@link
 * org.counterex.tck.ConcurrentSharedValuesContract}. The suites depend on the API and JUnit only.
 */
@Export
@Version("1.0.0")
package org.counterex.tck;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
