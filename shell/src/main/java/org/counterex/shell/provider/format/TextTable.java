package org.counterex.shell.provider.format;

import java.util.ArrayList;
import java.util.List;
import org.counterex.api.CounterNames;

/** Text table with aligned columns, separated by two spaces; numbers are right-aligned. Not thread-safe. */
public final class TextTable {

    /** Width limit of a column: a longer cell shifts the rest of its own line only. */
    private static final int MAX_WIDTH = 64;

    private final List<Object[]> rows = new ArrayList<>();

    /** @param cells of any type; null for an empty cell */
    public TextTable row(Object... cells) {
        rows.add(cells);
        return this;
    }

    @Override
    public String toString() {
        int columns = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        int[] widths = new int[columns];
        boolean[] numeric = new boolean[columns];
        for (Object[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], Math.min(length(text(row[i])), MAX_WIDTH));
                numeric[i] |= row[i] instanceof Number;
            }
        }
        List<String> lines = new ArrayList<>();
        for (Object[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String cell = text(row[i]);
                String padding = " ".repeat(Math.max(0, widths[i] - length(cell)));
                line.append(numeric[i] ? padding + cell : cell + padding).append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return String.join("\n", lines);
    }

    private static String text(Object cell) {
        return cell == null ? "" : CounterNames.escape(cell.toString());
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
