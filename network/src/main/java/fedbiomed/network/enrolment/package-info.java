/** Who belongs to the federation: the CA, invitations, certificates, revocation. Knows neither broker nor store. */
@NullMarked
package fedbiomed.network.enrolment;

import org.jspecify.annotations.NullMarked;
