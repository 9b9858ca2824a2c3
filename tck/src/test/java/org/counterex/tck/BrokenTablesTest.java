package org.counterex.tck;

import static org.junit.Assert.assertFalse;

import java.util.List;
import org.counterex.api.backend.table.CellTable;
import org.counterex.tck.TableFlaws.TableFlaw;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** Every test of the suites for tables detects a fault: it fails on a table that violates what it verifies. */
@RunWith(Parameterized.class)
public class BrokenTablesTest {

    /** The subject of the suites below; set before each run, one at a time. */
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
    public void test_onFaultyTables_fails() {
        List<TableFlaw> flaws = TableFlaws.ALL.stream()
                .filter(flaw -> flaw.caughtBy().contains(test))
                .toList();
        assertFalse("no broken table for " + test, flaws.isEmpty());
        for (TableFlaw flaw : flaws) {
            subject = flaw;
            Verdict.assertFails(suite, test, flaw.name());
        }
    }
}
