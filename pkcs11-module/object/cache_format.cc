#include "pkcs11-module/object/cache_format.h"

#include <algorithm>
#include <chrono>

#include "common/clock.h"
#include "crypto/digest.h"

namespace signet::object {
namespace {

using transport::ApplianceInfo;
using transport::CertificateInfo;
using transport::KeyInfo;

constexpr std::string_view kMagic = "signet public objects 4\n";
constexpr std::size_t kDigestLength = 32;
constexpr std::uint64_t kMaxItems = 1'000'000;       // of one list
constexpr std::uint64_t kMaxItemLength = 1'048'576;  // bytes of one string
constexpr std::size_t kMaxName = 256;                // bytes of an appliance id

// CacheWriter and CacheReader have the same functions, so that one description of each structure serves both.
class CacheWriter {
 public:
  explicit CacheWriter(std::size_t room) { bytes_.reserve(room); }

  void number(std::uint64_t value) {
    for (unsigned shift = 64; shift > 0; shift -= 8)
      bytes_.push_back(static_cast<std::uint8_t>(value >> (shift - 8)));
  }

  template <typename T>
  void value(const T& field) {
    number(static_cast<std::uint64_t>(field));
  }
  template <typename T>
  void choice(const T& field, T /*last*/) {
    value(field);
  }
  void bytes(ByteView field) {
    number(field.size());
    bytes_.insert(bytes_.end(), field.begin(), field.end());
  }
  void text(const std::string& field) { bytes(view_of(field)); }
  void name(const std::string& field) { text(field); }
  template <typename List, typename Each>
  void list(const List& items, Each each) {
    number(items.size());
    for (const auto& item : items) each(item);
  }

  WipedBytes& result() { return bytes_; }

 private:
  WipedBytes bytes_;
};

// After the first thing that is wrong `good` stays false and every field keeps its default.
class CacheReader {
 public:
  explicit CacheReader(ByteView bytes) : rest_(bytes) {}

  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

  std::uint64_t number() {
    std::uint64_t result = 0;
    for (const std::uint8_t byte : take(sizeof result)) result = result << 8U | byte;
    return result;
  }

  template <typename T>
  void value(T& field) {
    const std::uint64_t read = number();
    field = static_cast<T>(read);
    if (static_cast<std::uint64_t>(field) != read) good_ = false;
  }
  template <typename T>
  void choice(T& field, T last) {
    const std::uint64_t read = number();
    if (read > static_cast<std::uint64_t>(last)) good_ = false;
    if (good_) field = static_cast<T>(read);
  }
  void bytes(Bytes& field) { field = copy_of(item()); }
  void text(std::string& field) { field = text_of(item()); }
  // An id: short and printable, since it stands in logs and in addresses.
  void name(std::string& field) {
    text(field);
    const auto printable = [](char c) { return c > ' ' && c < '\x7f'; };
    if (field.size() > kMaxName || !std::all_of(field.begin(), field.end(), printable))
      good_ = false;
  }
  template <typename List, typename Each>
  void list(List& items, Each each) {
    std::uint64_t count = number();
    if (count > kMaxItems) good_ = false;
    for (; good_ && count > 0; --count) each(items.emplace_back());
  }

 private:
  ByteView item() {
    const std::uint64_t length = number();
    if (length > kMaxItemLength) good_ = false;
    return take(good_ ? length : 0);
  }
  ByteView take(std::size_t length) {
    if (length > rest_.size()) good_ = false;
    if (!good_) return {};
    const ByteView taken = rest_.first(length);
    rest_ = rest_.subspan(length);
    return taken;
  }

  ByteView rest_;
  bool good_ = true;
};

template <typename Stream, typename Version>
void version(Stream& stream, Version& field) {
  stream.value(field.major);
  stream.value(field.minor);
}

template <typename Stream, typename Info>
void appliance(Stream& stream, Info& info) {
  stream.text(info.manufacturer);
  stream.text(info.model);
  stream.text(info.serial_number);
  version(stream, info.firmware);
  version(stream, info.hardware);
  stream.text(info.cluster_id);
  stream.value(info.max_digests_per_request);
  stream.list(info.rsa_bits, [&](auto& bits) { stream.value(bits); });
  stream.list(info.curves, [&](auto& curve) { stream.choice(curve, crypto::kLastCurve); });
  stream.list(info.algorithms, [&](auto& name) { stream.choice(name, crypto::kLastScheme); });
  stream.list(info.hashes, [&](auto& hash) { stream.choice(hash, crypto::kLastHash); });
  stream.choice(info.raw_pkcs1, true);
  stream.choice(info.stores_objects, true);
  stream.choice(info.changes_passwords, true);
  stream.choice(info.needs_password, true);
}

template <typename Stream, typename Key>
void key(Stream& stream, Key& info, std::int64_t& created) {
  stream.name(info.id);
  stream.bytes(info.label);
  stream.bytes(info.cka_id);
  stream.choice(info.type, crypto::kLastKeyType);
  stream.value(info.bits);
  stream.choice(info.curve, crypto::kLastCurve);
  stream.bytes(info.public_key);
  stream.value(created);  // seconds since 1970
  stream.choice(info.active, true);
}

template <typename Stream, typename Certificate>
void certificate(Stream& stream, Certificate& info) {
  stream.name(info.id);
  stream.bytes(info.label);
  stream.bytes(info.cka_id);
  stream.bytes(info.der);
  stream.name(info.key_id);
}

using Seconds = std::chrono::seconds;

std::int64_t seconds_of(std::chrono::system_clock::time_point moment) {
  return std::chrono::duration_cast<Seconds>(moment.time_since_epoch()).count();
}

// So that a long list does not take its memory twice while it grows.
std::size_t most_bytes_of(const PublicCache::Content& content) {
  constexpr std::size_t numbers = 128;  // and lengths, of one object
  std::size_t bytes = 64UL * 1024;      // the appliance's own data
  for (const KeyInfo& info : content.objects.keys) {
    bytes +=
        numbers + info.id.size() + info.label.size() + info.cka_id.size() + info.public_key.size();
  }
  for (const CertificateInfo& info : content.objects.certificates) {
    bytes += numbers + info.id.size() + info.label.size() + info.cka_id.size() + info.der.size() +
             info.key_id.size();
  }
  return bytes;
}

void write_key(CacheWriter& writer, const KeyInfo& info) {
  std::int64_t created = seconds_of(info.created_at);
  key(writer, info, created);
}

void read_key(CacheReader& reader, KeyInfo& info) {
  std::int64_t created = 0;
  key(reader, info, created);
  info.created_at = wall_time(created);
}

CkError bad_file(std::string sentence) {
  return ck_error(CKR_DATA_INVALID, std::move(sentence));
}

// What stands before the digest, if that is right.
CkResult<ByteView> checked_body(const std::shared_ptr<crypto::Context>& context, ByteView file) {
  if (file.size() < kMagic.size() + kDigestLength ||
      !equal(file.first(kMagic.size()), view_of(kMagic))) {
    return bad_file("it is not a cache file of this version");
  }
  const ByteView body = file.first(file.size() - kDigestLength);
  BOOST_OUTCOME_TRY(const auto digest, crypto::digest_of(context, crypto::Hash::sha256, body));
  if (!equal(digest, file.last(kDigestLength))) return bad_file("it is damaged");
  return body.subspan(kMagic.size());
}

}  // namespace

CkResult<WipedBytes> encode_cache(const std::shared_ptr<crypto::Context>& context,
                                  std::string_view identity, const PublicCache::Content& content) {
  CacheWriter writer(most_bytes_of(content));
  for (const char c : kMagic) writer.result().push_back(static_cast<std::uint8_t>(c));
  writer.bytes(view_of(identity));
  writer.number(content.appliance ? 1 : 0);
  if (content.appliance) {
    appliance(writer, *content.appliance);
    writer.value(seconds_of(content.appliance_read_at));
  }
  writer.list(content.objects.keys, [&](const KeyInfo& info) { write_key(writer, info); });
  writer.list(content.objects.certificates,
              [&](const CertificateInfo& info) { certificate(writer, info); });
  WipedBytes file = std::move(writer.result());
  BOOST_OUTCOME_TRY(const auto digest, crypto::digest_of(context, crypto::Hash::sha256, file));
  file.insert(file.end(), digest.begin(), digest.end());
  return file;
}

CkResult<PublicCache::Content> decode_cache(const std::shared_ptr<crypto::Context>& context,
                                            std::string_view identity, ByteView file) {
  BOOST_OUTCOME_TRY(const auto body, checked_body(context, file));
  CacheReader reader(body);
  std::string written_for;
  reader.text(written_for);
  if (!reader.good() || written_for != identity)
    return bad_file("it is of another token, account or member list");
  PublicCache::Content content;
  bool has_appliance = false;
  reader.choice(has_appliance, true);
  if (has_appliance) {
    appliance(reader, content.appliance.emplace());
    std::int64_t read_at = 0;
    reader.value(read_at);
    content.appliance_read_at = wall_time(read_at);
  }
  reader.list(content.objects.keys, [&](KeyInfo& info) { read_key(reader, info); });
  reader.list(content.objects.certificates,
              [&](CertificateInfo& info) { certificate(reader, info); });
  if (!reader.good() || !reader.at_end()) return bad_file("it cannot be read");
  return content;
}

}  // namespace signet::object
