/**
 * WFDB records, as PhysioNet has them: header(5), signal(5) in formats 16 and 212, annot(5) in MIT format. Start at
 * {@link fedbiomed.data.signal.wfdb.WfdbRecord}.
 */
@NullMarked
package fedbiomed.data.signal.wfdb;

import org.jspecify.annotations.NullMarked;
