// For tests: documents with a chosen history, as the readers hand them to the procedure.
//
//   pki::Story story;
//   story.sign();
//   story.stamp_signature(story.tsu("TSU 0", "2013-01-01", "2018-11-04"), "2014-05-06");
//   story.add_crl(story.ca, "2018-03-14", "2018-04-14");
//   story.stamp_document(story.tsu("TSU 1", …), "2018-03-14T07:00:00Z");
//   ValidationResult result = story.validate("2021-01-05");
#ifndef SIGNET_VALIDATION_TESTING_TEST_STORY_H_
#define SIGNET_VALIDATION_TESTING_TEST_STORY_H_

#include <set>
#include <string_view>

#include "validation/document.h"
#include "validation/policy.h"
#include "validation/testing/test_messages.h"
#include "validation/testing/test_pki.h"
#include "validation/testing/test_revocation.h"
#include "validation/validator.h"

namespace signet::validation::pki {

class Story {
 public:
  // Anchors: `ca` and `tsa`, of 2010 to 2040. The signer's certificate: 2013-01-01 to 2015-01-01.
  Story();

  Party ca, tsa, signer;
  DocumentParts parts;
  Policy policy;

  Party tsu(const std::string& name, std::string_view from, std::string_view to);
  void add_certificate(const Party& party, Origin origin = Origin::message);

  SignaturePart& sign(const MessageWish& wish = {});
  // Over the newest signature, with the certificate in the token.
  TimeStampPart& stamp_signature(const Party& by, std::string_view time);
  TimeStampPart& stamp_content(const Party& by, std::string_view time);
  // Over everything that is there by now, files excepted.
  TimeStampPart& stamp_document(const Party& by, std::string_view time);
  TimeStampPart& stamp_document(const Party& by, const TokenWish& wish);

  RevocationDataPtr add_crl(const Party& issuer, std::string_view from, std::string_view to,
                            std::vector<CrlEntry> entries = {}, Origin origin = Origin::dss);
  RevocationDataPtr add_crl(const Party& issuer, const CrlWish& wish, Origin origin = Origin::dss);
  RevocationDataPtr add_ocsp(const Party& responder, const OcspWish& wish,
                             Origin origin = Origin::dss);

  // Fresh CRLs of both anchors at that moment, as files; then validates.
  ValidationResult validate_with_fresh(std::string_view at);
  ValidationResult validate(std::string_view at);

  std::set<ObjectId> everything() const;

 private:
  std::int64_t serial_ = 0;
};

PdfChange change(ChangeKind kind, bool allowed, const Sentence& what);
PdfCoverage faulty(const Sentence& fault);

// "INDETERMINATE/NO_POE"
std::string text(const Conclusion& conclusion);
// Of all reasons, one a line, in English.
std::string reasons(const Conclusion& conclusion);

}  // namespace signet::validation::pki

#endif  // SIGNET_VALIDATION_TESTING_TEST_STORY_H_
