/**
 * The contract of a backend, as JUnit 4 suites that anybody can extend. Read {@link org.counterex.tck.BackendUnderTest}
 * first: it is what an author of a backend writes. A test of a backend is then
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
 * <p>A bounded backend extends {@link org.counterex.tck.BoundedBackendContract} as well, and one with the table extension
 * {@link org.counterex.tck.CellTableContract}; one that keeps its values for itself {@link
 * org.counterex.tck.RetainedValuesContract}, and one that shares them with others, which is a {@link
 * org.counterex.tck.SharedBackendUnderTest}, {@link org.counterex.tck.SharedValuesContract} and {@link
 * org.counterex.tck.ConcurrentSharedValuesContract}. Besides the API the suites need JUnit alone.
 */
@Export
@Version("1.0.0")
package org.counterex.tck;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
