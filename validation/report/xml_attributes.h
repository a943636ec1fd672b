// The attributes of a signature in a report in XML: ETSI TS 119 102-2 V1.4.1, annex A.
#ifndef SIGNET_VALIDATION_REPORT_XML_ATTRIBUTES_H_
#define SIGNET_VALIDATION_REPORT_XML_ATTRIBUTES_H_

#include "validation/report/xml_writer.h"
#include "validation/result.h"

namespace signet::validation {

// Nothing where it has none. Refers to objects of the whole evidence and to every time-stamp.
void write_attributes(XmlWriter& xml, const ValidationResult& result,
                      const SignatureResult& signature);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_XML_ATTRIBUTES_H_
