package org.counterex.tck;

import static org.junit.Assert.assertFalse;

import java.util.List;
import org.counterex.api.backend.table.CellTable;
import org.counterex.tck.TableFlaws.TableFlaw;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** That no test of the suites for tables is idle: each fails on a table that breaks what it states. */
@RunWith(Parameterized.class)
public class BrokenTablesTest {

    /** What the suites below are run on; set before each run, of which there is one at a time. */
    private static TableFlaw subject;

    public static class Tables extends CellTableContract {
        @Override
        protected CellTable newTable() {
            return subject.tables().get();
        }
    }

    public static class RacingTables extends ConcurrentCellTableContract {
        @Override
        protected CellTable newTable() {
            return subject.tables().get();
        }
    }

    private final String test;
    private final Class<?> suite;

    public BrokenTablesTest(String test, Class<?> suite) {
        this.test = test;
        this.suite = suite;
    }

    @Parameterized.Parameters(name = "{0}")
    public static List<Object[]> tests() {
        return Verdict.tests(
                List.of(Tables.class, RacingTables.class),
                TableFlaws.ALL.stream()
                        .flatMap(flaw -> flaw.caughtBy().stream())
                        .toList());
    }

    @Test
    public void test_onTablesThatBreakItsPromise_fails() {
        List<TableFlaw> flaws = TableFlaws.ALL.stream()
                .filter(flaw -> flaw.caughtBy().contains(test))
                .toList();
        assertFalse("there is a broken table for " + test, flaws.isEmpty());
        for (TableFlaw flaw : flaws) {
            subject = flaw;
            Verdict.assertFails(suite, test, flaw.name());
        }
    }
}
