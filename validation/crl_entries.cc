#include "validation/crl_entries.h"

#include <openssl/x509.h>

#include <algorithm>

#include "crypto/der.h"
#include "validation/der_reading.h"
#include "validation/names.h"

namespace signet::validation {

namespace {

constexpr std::uint8_t kHoldInstruction = 23;  // below 2.5.29
constexpr int kRemoveFromCrl = 8;

struct Entry {
  ByteView serial;
  Time revoked_at{};
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
    const auto time = read_time(reader);
    if (!time) return "an entry's invalidity date cannot be read";
    entry.revoked_at = std::min(entry.revoked_at, *time);
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

bool is_issuer_of(ByteView name, const Certificate& certificate) {
  if (equal(name, certificate.issuer())) return true;
  const NamePtr parsed = parse_name(name);
  return parsed && same_name(parsed.get(), X509_get_issuer_name(certificate.x509()));
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

}  // namespace

std::optional<std::string> CrlEntries::problem() const {
  der::Reader all(content_);
  while (!all.at_end()) {
    const auto one = all.read(der::kSequence);
    if (!one) return "its list cannot be read";
    Entry entry;
    if (Taken problem = read_entry(*one, entry)) return problem;
    if (entry.issuer && !indirect_)
      return "an entry names another issuer, though it is no indirect CRL";
  }
  return std::nullopt;
}

RevocationStatus CrlEntries::find(const Certificate& certificate) const {
  const ByteView wanted = certificate.serial_number();
  RevocationStatus found;
  found.kind = RevocationStatus::Kind::good;
  // RFC 5280, 5.3.3: an entry without an issuer has that of the one before it.
  ByteView issuer = issuer_;
  der::Reader all(content_);
  while (const auto one = all.read(der::kSequence)) {
    der::Reader quick(*one);
    const auto serial = quick.read(der::kInteger);
    const bool matches = serial && equal(*serial, wanted);
    if (!matches && !indirect_) continue;
    Entry entry;
    if (read_entry(*one, entry)) continue;  // problem() was asked before
    if (entry.issuer) issuer = *entry.issuer;
    if (!matches || !is_issuer_of(issuer, certificate)) continue;
    const RevocationStatus status = status_of(entry);
    if (is_worse(status, found)) found = status;
  }
  return found;
}

}  // namespace signet::validation
