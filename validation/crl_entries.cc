#include "validation/crl_entries.h"

#include <openssl/x509.h>

#include <algorithm>
#include <map>
#include <utility>

#include "crypto/der.h"
#include "validation/der_reading.h"
#include "validation/names.h"

namespace signet::validation {

namespace {

constexpr std::uint8_t kHoldInstruction = 23;  // below 2.5.29
constexpr int kRemoveFromCrl = 8;
// Of an indirect CRL. Each search compares with all of those that have the serial number.
constexpr std::size_t kMostIssuers = 1'000;

struct Entry {
  ByteView serial;
  Time revoked_at{};
  std::optional<Time> invalid_since;
  std::optional<int> reason;
  std::optional<ByteView> issuer;  // DER Name
};

Taken read_extension(const ExtensionView& extension, Entry& entry) {
  if (extension.is_ce(kReasonCode)) {
    const auto code = der::only(kEnumerated, extension.value);
    if (!code || code->size() != 1) return "an entry's reason cannot be read";
    entry.reason = (*code)[0];
  } else if (extension.is_ce(kInvalidityDate)) {
    der::Reader reader(extension.value);
    entry.invalid_since = read_time(reader);
    if (!entry.invalid_since) return "an entry's invalidity date cannot be read";
  } else if (extension.is_ce(kCertificateIssuer)) {
    der::Reader names(der::only(der::kSequence, extension.value).value_or(ByteView()));
    while (const auto name = names.read_any())
      if (const auto directory = der::only(kDirectoryName, *name)) entry.issuer = *directory;
    if (!entry.issuer) return "an entry's certificate issuer cannot be read";
  } else if (extension.critical && !extension.is_ce(kHoldInstruction)) {
    return "an entry has the critical extension " + oid_text(extension.oid) +
           ", which is not known here";
  }
  return std::nullopt;
}

// `content`: of one entry.
Taken read_entry(ByteView content, Entry& entry) {
  der::Reader reader(content);
  const auto serial = reader.read(der::kInteger);
  const auto time = read_time(reader);
  if (!serial || serial->empty() || !time) return "an entry cannot be read";
  entry.serial = *serial;
  entry.revoked_at = *time;
  if (reader.at_end()) return std::nullopt;
  const auto extensions = reader.read(der::kSequence);
  if (!extensions || !reader.at_end()) return "an entry cannot be read";
  return each_extension(*extensions,
                        [&](const ExtensionView& one) { return read_extension(one, entry); });
}

RevocationStatus status_of(const Entry& entry) {
  RevocationStatus status;
  if (entry.reason == kRemoveFromCrl) {
    status.kind = RevocationStatus::Kind::good;
    return status;
  }
  status.kind = entry.reason == kCertificateHold ? RevocationStatus::Kind::on_hold
                                                 : RevocationStatus::Kind::revoked;
  status.revoked_at = entry.revoked_at;
  status.invalid_since = entry.invalid_since;
  status.reason = entry.reason;
  return status;
}

bool is_worse(const RevocationStatus& a, const RevocationStatus& b) {
  if (a.kind != b.kind) {
    if (a.kind == RevocationStatus::Kind::revoked) return true;
    return a.kind == RevocationStatus::Kind::on_hold && b.kind == RevocationStatus::Kind::good;
  }
  return a.revoked_at && b.revoked_at && *a.revoked_at < *b.revoked_at;
}

constexpr auto kIsBefore = [](ByteView a, ByteView b) {
  return std::ranges::lexicographical_compare(a, b);
};

std::uint64_t first_bytes_of(ByteView serial) {
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < sizeof first; ++i)
    first = first << 8U | (i < serial.size() ? serial[i] : 0U);
  return first;
}

std::size_t count_of_elements(ByteView content) {
  std::size_t count = 0;
  for (der::Reader all(content); all.read_any();) ++count;
  return count;
}

// The entry that begins there.
ByteView entry_at(ByteView content, std::uint32_t begin) {
  return der::Reader(content.subspan(begin)).read(der::kSequence).value_or(ByteView());
}

}  // namespace

ByteView CrlEntries::serial_at(const Place& place) const {
  return der::Reader(entry_at(content_, place.entry)).read(der::kInteger).value_or(ByteView());
}

RevocationStatus CrlEntries::status_at(const Place& place) const {
  Entry entry;
  (void)read_entry(entry_at(content_, place.entry), entry);  // has been read before
  return status_of(entry);
}

bool CrlEntries::is_before(const Place& a, const Place& b) const {
  if (a.first_bytes != b.first_bytes) return a.first_bytes < b.first_bytes;
  const ByteView serial_a = serial_at(a);
  const ByteView serial_b = serial_at(b);
  return equal(serial_a, serial_b) ? a.issuer < b.issuer : kIsBefore(serial_a, serial_b);
}

bool CrlEntries::is_of_same(const Place& a, const Place& b) const {
  return a.first_bytes == b.first_bytes && a.issuer == b.issuer &&
         equal(serial_at(a), serial_at(b));
}

void CrlEntries::sort() {
  std::ranges::sort(places_, [this](const Place& a, const Place& b) { return is_before(a, b); });
  std::size_t kept = 0;
  for (const Place& place : places_) {
    if (kept == 0 || !is_of_same(places_[kept - 1], place)) {
      places_[kept++] = place;
    } else if (is_worse(status_at(place), status_at(places_[kept - 1]))) {
      places_[kept - 1] = place;
    }
  }
  places_.resize(kept);
}

Result<CrlEntries, std::string> CrlEntries::read(ByteView content, ByteView issuer, bool indirect) {
  CrlEntries result;
  result.content_ = content;
  result.places_.reserve(count_of_elements(content));
  std::map<ByteView, std::uint32_t, decltype(kIsBefore)> numbers;  // of issuers, by their DER
  ByteView current = issuer;
  for (der::Reader all(content); !all.at_end();) {
    const auto whole = all.read_whole(der::kSequence);
    if (!whole) return std::string("its list cannot be read");
    Entry entry;
    if (Taken problem = read_entry(*der::only(der::kSequence, *whole), entry))
      return *std::move(problem);
    if (entry.issuer && !indirect)
      return std::string("an entry names another issuer, though it is no indirect CRL");
    // RFC 5280, 5.3.3: an entry without an issuer has that of the one before it.
    if (entry.issuer) current = *entry.issuer;
    const auto [number, is_new] =
        numbers.try_emplace(current, static_cast<std::uint32_t>(result.issuers_.size()));
    if (is_new) {
      if (result.issuers_.size() == kMostIssuers)
        return std::string("its entries name more than 1,000 issuers");
      result.issuers_.push_back(parse_name(current));
    }
    result.places_.push_back({.first_bytes = first_bytes_of(entry.serial),
                              .entry = static_cast<std::uint32_t>(whole->data() - content.data()),
                              .issuer = number->second});
  }
  result.sort();
  return result;
}

RevocationStatus CrlEntries::find(const Certificate& certificate) const {
  const auto serial = [this](const Place& place) { return serial_at(place); };
  const auto places =
      std::ranges::equal_range(places_, ByteView(certificate.serial_number()), kIsBefore, serial);
  RevocationStatus found;
  found.kind = RevocationStatus::Kind::good;
  for (const Place& place : places) {
    const X509_NAME* const issuer = issuers_[place.issuer].get();
    if (issuer == nullptr || !same_name(issuer, X509_get_issuer_name(certificate.x509()))) continue;
    const RevocationStatus status = status_at(place);
    if (is_worse(status, found)) found = status;
  }
  return found;
}

}  // namespace signet::validation
