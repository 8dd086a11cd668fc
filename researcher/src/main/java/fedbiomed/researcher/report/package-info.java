/** How results are shown: tables of text, and a page. Shows what it is given, and asks nobody. */
@NullMarked
package fedbiomed.researcher.report;

import org.jspecify.annotations.NullMarked;
