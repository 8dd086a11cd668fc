@NullMarked
package fedbiomed.node.command;

import org.jspecify.annotations.NullMarked;
