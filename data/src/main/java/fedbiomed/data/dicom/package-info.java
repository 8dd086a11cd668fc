/**
 * DICOM images (PS3.3, PS3.5, PS3.10): one file ({@link fedbiomed.data.dicom.DicomFile}) or the files of one series in a
 * folder ({@link fedbiomed.data.dicom.DicomSeries}). Of a header it keeps what decoding needs and the attributes of
 * {@link fedbiomed.data.dicom.DicomAttribute}; the values of all others, names and dates among them, are passed over unread,
 * so that there is no way to ask for them.
 */
@NullMarked
package fedbiomed.data.dicom;

import org.jspecify.annotations.NullMarked;
