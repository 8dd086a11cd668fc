package fedbiomed.researcher.report;

import java.util.List;
import java.util.SequencedMap;

/** A page that needs nothing else: no script, no font, no address. All text given is escaped. */
public final class HtmlPage {
    private static final String STYLE = """
            :root { color-scheme: light dark; --line: #8884; --soft: #8881; --quiet: #777; }
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2.5em auto; max-width: 72em; padding: 0 1.5em; }
            h1 { font-size: 1.7em; margin: 0; } h2 { font-size: 1.2em; margin: 2em 0 .5em; }
            p { margin: .3em 0 .8em; max-width: 48em; } .quiet { color: var(--quiet); }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { padding: .25em 1em .25em 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
            th { font-weight: 600; white-space: nowrap; border-bottom-width: 2px; } td { white-space: nowrap; } td.text { white-space: normal; overflow-wrap: anywhere; }
            .number { text-align: right; white-space: nowrap; }
            tr.total td { font-weight: 600; } tbody th { border-bottom-width: 1px; color: var(--quiet); font-weight: 400; }
            pre { background: var(--soft); padding: 1em; overflow: auto; font-size: .87em; line-height: 1.4; }
            summary { cursor: pointer; margin: .6em 0; } details h2 { margin-top: .5em; }
            @media print { body { margin: 0; max-width: none; } details { display: none; } }
            """;

    private final String title;
    private final StringBuilder body = new StringBuilder();

    public HtmlPage(String title) {
        this.title = title;
    }

    public HtmlPage heading(String text) {
        body.append("<h2>").append(escaped(text)).append("</h2>\n");
        return this;
    }

    public HtmlPage paragraph(String text) {
        body.append("<p>").append(escaped(text)).append("</p>\n");
        return this;
    }

    /** As {@link #paragraph}, for what explains. */
    public HtmlPage remark(String text) {
        body.append("<p class=\"quiet\">").append(escaped(text)).append("</p>\n");
        return this;
    }

    public HtmlPage curves(Curves curves) {
        body.append("<div class=\"wide\">").append(curves.svg()).append("</div>\n");
        return this;
    }

    public HtmlPage timeline(Timeline timeline) {
        body.append("<div class=\"wide\">").append(timeline.svg()).append("</div>\n");
        return this;
    }

    /** What is to be seen only when a reader opens it. */
    public HtmlPage folded(String summary, String preformatted) {
        body.append("<details><summary>")
                .append(escaped(summary))
                .append("</summary>\n<pre>")
                .append(escaped(preformatted))
                .append("</pre></details>\n");
        return this;
    }

    /** Names to the left, what they stand for to the right. */
    public HtmlPage pairs(SequencedMap<String, String> pairs) {
        body.append("<div class=\"wide\"><table><tbody>\n");
        pairs.forEach((name, value) -> body.append("<tr><th>")
                .append(escaped(name))
                .append("</th><td class=\"text\">")
                .append(escaped(value))
                .append("</td></tr>\n"));
        body.append("</tbody></table></div>\n");
        return this;
    }

    /** Columns of numbers stand to the right. */
    public HtmlPage table(List<String> header, List<List<String>> rows) {
        return table(header, rows, List.of());
    }

    /** @param total a last row that sums up; empty for none */
    public HtmlPage table(List<String> header, List<List<String>> rows, List<String> total) {
        var numeric = new boolean[header.size()];
        for (int column = 0; column < numeric.length; column++) {
            int c = column;
            numeric[c] = rows.stream().allMatch(row -> row.get(c).matches("[-0-9.,]*"));
        }
        body.append("<div class=\"wide\"><table>\n<thead>");
        row("<tr>", "th", header, numeric);
        body.append("</thead>\n<tbody>\n");
        rows.forEach(row -> row("<tr>", "td", row, numeric));
        if (!total.isEmpty()) {
            row("<tr class=\"total\">", "td", total, numeric);
        }
        body.append("</tbody></table></div>\n");
        return this;
    }

    private void row(String start, String tag, List<String> cells, boolean[] numeric) {
        body.append(start);
        for (int i = 0; i < cells.size(); i++) {
            body.append('<')
                    .append(tag)
                    .append(numeric[i] ? " class=\"number\">" : ">")
                    .append(escaped(cells.get(i)))
                    .append("</")
                    .append(tag)
                    .append('>');
        }
        body.append("</tr>\n");
    }

    /** What stands on the page, without its title and style: for a page that has its own, as a notebook. */
    public String fragment() {
        return body.toString();
    }

    public String html() {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
                + " content=\"width=device-width\"><title>" + escaped(title) + "</title><style>\n" + STYLE
                + "</style></head>\n<body><h1>" + escaped(title) + "</h1>\n" + body + "</body></html>\n";
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
