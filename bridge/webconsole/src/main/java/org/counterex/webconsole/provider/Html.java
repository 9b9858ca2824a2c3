package org.counterex.webconsole.provider;

import java.io.PrintWriter;
import java.util.List;
import org.counterex.api.CounterNames;

/** Writes tables of texts. Whatever a text holds, it is shown and does nothing. */
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

    /** @param rows as many texts as there are columns */
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
     * A text as HTML, in a page or in a quoted attribute. What is invisible, steers or turns text around is shown as a Unicode
     * escape.
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
