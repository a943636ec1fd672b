// Puts what a document brings along into its Evidence: each object is parsed once, wherever it stands, and what cannot be read is
// told. For this component's readers alone.
#ifndef SIGNET_VALIDATION_READING_COLLECTOR_H_
#define SIGNET_VALIDATION_READING_COLLECTOR_H_

#include <cstddef>
#include <map>
#include <set>
#include <string_view>

#include "common/bytes.h"
#include "validation/document.h"
#include "validation/object_id.h"

namespace signet::validation {

// What stands in one place: what a time-stamp over that place proves.
using Objects = std::set<ObjectId>;

class Collector {
 public:
  // Writes to its evidence and remarks; it must outlive this.
  explicit Collector(DocumentParts& parts) : parts_(parts) {}

  const Evidence& evidence() const { return parts_.evidence; }

  // Whether another one of the document is read: 1,024 of them are.
  bool take_counter_signature();

  // Each puts the id of what it has read into `objects`: also where that is known already. `crl` takes a CertificateList, `ocsp` an
  // OCSPResponse or a BasicOCSPResponse. At most 8,192 different ones are parsed, those that cannot be read included.
  void certificate(ByteView der, Origin origin, Objects& objects);
  void crl(ByteView der, Origin origin, Objects& objects);
  void ocsp(ByteView der, Origin origin, Objects& objects);

  // CertificateChoices and RevocationInfoChoice of a CMS message (RFC 5652, 10.2): OCSP answers stand in the latter as RFC 5940 has it,
  // or as id-pkix-ocsp-basic.
  void certificate_choice(ByteView der, Origin origin, Objects& objects);
  void revocation_choice(ByteView der, Origin origin, Objects& objects);

  // CertificateValues, and RevocationValues (EN 319 122-1, A.1.1) or Adobe's RevocationInfoArchival.
  void certificate_values(ByteView der, Origin origin, Objects& objects);
  void revocation_values(ByteView der, Origin origin, Objects& objects);

  // At most 64 are kept.
  void remark(Statement statement);

 private:
  // Of what was parsed before; false: it is new, and may be parsed.
  bool known(const ObjectId& id, Origin origin, Objects& objects);
  bool may_parse();
  void cannot_read(std::string_view reason);
  void take(const RevocationDataPtr& data, const ObjectId& bytes, Origin origin, Objects& objects);

  DocumentParts& parts_;
  std::map<ObjectId, CertificatePtr> certificates_;    // null: cannot be read
  std::map<ObjectId, RevocationDataPtr> revocations_;  // likewise
  bool told_full_ = false;
  bool told_many_ = false;
  std::size_t remarks_ = 0;
  std::size_t counter_signatures_ = 0;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_COLLECTOR_H_
