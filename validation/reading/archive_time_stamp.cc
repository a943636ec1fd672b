#include "validation/reading/archive_time_stamp.h"

#include <array>
#include <set>
#include <utility>
#include <vector>

#include "crypto/algorithm_table.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"
#include "validation/reading/signer_reading.h"

namespace signet::validation {

namespace {

using crypto::Hash;
using der::Reader;

constexpr const char* kHashIndex3 = "0.4.0.19122.1.5";  // ats-hash-index-v3
constexpr const char* kHashIndex2 = "0.4.0.19122.1.4";  // -v2, of EN 319 122-1 V1.0.0
constexpr const char* kHashIndex1 = "0.4.0.1733.2.5";   // ats-hash-index

struct HashIndex {
  ByteView whole;         // as it stands: it is a part of what is stamped
  bool of_values = true;  // v3: unsigned attributes by their values
  Hash hash = Hash::sha256;
  std::set<Bytes> certificates, revocations, attributes;
};

bool read_list(Reader& reader, std::set<Bytes>& digests) {
  const auto list = reader.read(der::kSequence);
  if (!list) return false;
  Reader inside(*list);
  while (!inside.at_end()) {
    const auto digest = inside.read(der::kOctetString);
    if (!digest) return false;
    digests.insert(copy_of(*digest));
  }
  return true;
}

// hashIndAlgorithm is SHA-256 where it is absent, which only the oldest one allows; both are a SEQUENCE, but an algorithm begins with an
// OBJECT IDENTIFIER.
std::optional<HashIndex> read_index(const cms::SignerParts& token_signer) {
  HashIndex index;
  auto values = token_signer.unsigned_values(kHashIndex3);
  for (const char* older : {kHashIndex2, kHashIndex1}) {
    if (!values.empty()) break;
    index.of_values = false;
    values = token_signer.unsigned_values(older);
  }
  if (values.size() != 1) return std::nullopt;
  index.whole = values[0];
  Reader reader(der::only(der::kSequence, values[0]).value_or(ByteView()));
  Reader ahead = reader;
  if (Reader first(ahead.read(der::kSequence).value_or(ByteView()));
      first.next_is(der::kObjectIdentifier)) {
    index.hash = crypto::hash_with_oid(*first.read_any());
    reader = ahead;
  }
  const bool good = read_list(reader, index.certificates) && read_list(reader, index.revocations) &&
                    read_list(reader, index.attributes);
  if (!good || index.hash == Hash::none) return std::nullopt;
  return index;
}

// Takes what the index lists out of it, so that what is left is what is not there.
class Cover {
 public:
  Cover(HashIndex& index, const ObjectsOfParts& parts, Objects& covered)
      : index_(index), parts_(parts), covered_(covered) {}

  void elements(const std::vector<Bytes>& elements, std::set<Bytes>& listed,
                std::set<Bytes>& found) {
    for (const Bytes& one : elements) {
      Bytes digest = digest_of(index_.hash, one);
      if (!listed.contains(digest)) continue;
      take(one);
      found.insert(std::move(digest));
    }
  }

  void attributes(ByteView unsigned_attributes, std::set<Bytes>& found) {
    for (const cms::AttributeView& attribute : cms::attributes_in(unsigned_attributes)) {
      if (!index_.of_values) {
        Bytes digest = digest_of(index_.hash, attribute.whole);
        if (!index_.attributes.contains(digest)) continue;
        for (const ByteView value : attribute.values) take(value);
        found.insert(std::move(digest));
        continue;
      }
      for (const ByteView value : attribute.values) {
        Bytes digest = digest_of(index_.hash, der::concat(attribute.type, value));
        if (!index_.attributes.contains(digest)) continue;
        take(value);
        found.insert(std::move(digest));
      }
    }
  }

 private:
  void take(ByteView part) {
    const auto objects = parts_.find(ObjectId::of(part));
    if (objects != parts_.end()) covered_.insert(objects->second.begin(), objects->second.end());
  }

  HashIndex& index_;
  const ObjectsOfParts& parts_;
  Objects& covered_;
};

}  // namespace

void read_archive_cover(const cms::SignedData& message, const cms::SignerParts& signer,
                        const ContentDigests& digests, const ObjectsOfParts& parts,
                        TokenReading& token) {
  TimeStampPart& part = token.part;
  if (part.signer.fault) return;
  const auto token_signer = cms::read_signer(part.signer.signer_info);
  auto index = token_signer ? read_index(*token_signer) : std::nullopt;
  if (!index) {
    part.imprint_matches = false;
    return;
  }
  part.index_hash = index->hash;
  Objects covered{ObjectId::of(signer.signature)};
  Cover cover(*index, parts, covered);
  std::array<std::set<Bytes>, 3> found;
  cover.elements(message.certificates, index->certificates, found[0]);
  cover.elements(message.revocations, index->revocations, found[1]);
  cover.attributes(signer.unsigned_attributes, found[2]);
  const auto content = digests.find(part.imprint_hash);
  if (part.imprint_hash == Hash::none || content == digests.end()) return;
  Bytes stamped = message.content_type;
  der::append(stamped, content->second);
  der::append(stamped, signer.before_unsigned);
  der::append(stamped, index->whole);
  part.imprint_matches = found[0] == index->certificates && found[1] == index->revocations &&
                         found[2] == index->attributes &&
                         imprint_is_of(part, stamped).value_or(false);
  part.covered = std::move(covered);
}

}  // namespace signet::validation
