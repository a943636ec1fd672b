// What a report in XML says of one signature or time-stamp: ETSI TS 119 102-2 V1.4.1, 4.3.
#ifndef SIGNET_VALIDATION_REPORT_XML_SIGNATURE_REPORT_H_
#define SIGNET_VALIDATION_REPORT_XML_SIGNATURE_REPORT_H_

#include <set>
#include <string>

#include "validation/report/xml_writer.h"
#include "validation/result.h"

namespace signet::validation {

// Each writes the content of an element of the type SignatureValidationReportType. The validation objects that they refer to are
// the caller's to write: every certificate, CRL, OCSP answer, time-stamp and signed data of `result`.
class SignatureReportWriter {
 public:
  SignatureReportWriter(XmlWriter& xml, const ValidationResult& result, Language language);

  void write(const SignatureResult& signature);
  void write(const TimeStampResult& stamp);
  // Of revocation data that decided for a certificate, with its signer: its signature was found right then.
  void write(const UsedRevocation& used);
  // Of a document without either.
  void write_nothing_found();

  // `name`: BestSignatureTime or POE.
  void proof(const char* name, const Proof& proof);
  void digest(std::string_view uri, ByteView value);

 private:
  // What a status is made of.
  struct Judged {
    const Conclusion& conclusion;
    const std::vector<ChainLink>& chain;
    bool trusted;
    const SignerPart& signer;
    std::string id;  // what the algorithm is that of
  };

  void identifier(const SignerPart& signer, const std::string& id);
  void time_info(const Proof& proof);
  void signers_document(const SignerPart& signer);
  void signer_information(const std::vector<ChainLink>& chain);
  void quality(const Qualification& qualification, const std::string& level);
  void process();
  void status(const Judged& judged, bool total);
  void data(const Judged& judged);
  void chain(const Judged& judged);
  void revoked(const std::vector<ChainLink>& chain);
  void algorithm(const Judged& judged);
  void reasons(const Conclusion& conclusion);

  XmlWriter& xml_;
  const ValidationResult& result_;
  const Language language_;
  std::set<ObjectId> known_;  // time-stamps that there are objects of
  int written_ = 0;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_XML_SIGNATURE_REPORT_H_
