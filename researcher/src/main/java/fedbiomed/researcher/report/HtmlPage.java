package fedbiomed.researcher.report;

import java.util.List;

/** A page that needs nothing else: no script, no font, no address. All text given is escaped. */
public final class HtmlPage {
    private static final String STYLE =
            "body{font:15px system-ui,sans-serif;margin:2em auto;max-width:72em;padding:0 1em}"
                    + "table{border-collapse:collapse}td,th{padding:.2em .8em;border-bottom:1px solid #ddd;text-align:right}"
                    + "td:nth-child(2),th:nth-child(2){text-align:left}pre{background:#f5f5f5;padding:1em;overflow:auto}";

    private final String title;
    private final StringBuilder body = new StringBuilder();

    public HtmlPage(String title) {
        this.title = title;
    }

    public HtmlPage heading(String text) {
        body.append("<h2>").append(escaped(text)).append("</h2>\n");
        return this;
    }

    public HtmlPage preformatted(String text) {
        body.append("<pre>").append(escaped(text)).append("</pre>\n");
        return this;
    }

    public HtmlPage table(List<String> header, List<List<String>> rows) {
        body.append("<table>\n<tr>");
        header.forEach(cell -> body.append("<th>").append(escaped(cell)).append("</th>"));
        body.append("</tr>\n");
        for (var row : rows) {
            body.append("<tr>");
            row.forEach(cell -> body.append("<td>").append(escaped(cell)).append("</td>"));
            body.append("</tr>\n");
        }
        body.append("</table>\n");
        return this;
    }

    public String html() {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(title)
                + "</title><style>" + STYLE + "</style></head>\n<body><h1>" + escaped(title) + "</h1>\n" + body
                + "</body></html>\n";
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
