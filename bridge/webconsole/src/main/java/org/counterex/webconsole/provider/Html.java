package org.counterex.webconsole.provider;

import java.io.PrintWriter;
import java.util.List;
import org.counterex.api.CounterNames;

/**
 * Writer of HTML headings, lines and tables. Every text is escaped, so that its content is displayed and never
 * interpreted.
 */
final class Html {

    private final PrintWriter out;

    Html(PrintWriter out) {
        this.out = out;
    }

    void heading(String text) {
        out.println("<h3>" + escaped(text) + "</h3>");
    }

    void line(String text) {
        out.println("<p class=\"statline\">" + escaped(text) + "</p>");
    }

    /**
     * Writes a table.
     *
     * @param rows lists of one text for each column
     */
    void table(List<String> columns, List<List<String>> rows) {
        out.println("<table class=\"tablesorter nicetable noauto\"><thead><tr>");
        columns.forEach(column -> out.println("<th>" + escaped(column) + "</th>"));
        out.println("</tr></thead><tbody>");
        for (List<String> row : rows) {
            out.print("<tr>");
            row.forEach(cell -> out.print("<td>" + escaped(cell) + "</td>"));
            out.println("</tr>");
        }
        out.println("</tbody></table>");
    }

    /**
     * Returns a text as HTML for element content or a quoted attribute. Control, format and other unprintable
     * characters become Unicode escapes.
     */
    static String escaped(String text) {
        StringBuilder html = new StringBuilder();
        CounterNames.escape(text).codePoints().forEach(c -> {
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.appendCodePoint(c);
            }
        });
        return html.toString();
    }
}
