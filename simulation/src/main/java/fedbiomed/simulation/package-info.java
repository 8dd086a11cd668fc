/**
 * Many nodes and a researcher in one JVM, for research and tests: the same Node and Researcher code, with messages in
 * memory, parameters as links in a folder, and plans run in this JVM. No sandbox, no secrecy and no audit here: a
 * simulation runs one's own plan on one's own data.
 */
@NullMarked
package fedbiomed.simulation;

import org.jspecify.annotations.NullMarked;
