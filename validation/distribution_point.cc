#include "validation/distribution_point.h"

#include <openssl/x509v3.h>

#include <algorithm>

#include "crypto/der.h"
#include "validation/der_reading.h"
#include "validation/names.h"

namespace signet::validation {

namespace {

constexpr std::size_t kMostPoints = 64;
constexpr std::size_t kMostNames = 64;

struct Point {
  std::vector<Bytes> names;        // DER GeneralName
  std::vector<Bytes> crl_issuers;  // DER GeneralName
};

std::vector<Bytes> general_names(ByteView content) {
  std::vector<Bytes> names;
  der::Reader reader(content);
  while (names.size() < kMostNames) {
    const auto name = reader.read_any();
    if (!name) break;
    names.push_back(copy_of(*name));
  }
  return names;
}

Bytes directory_name(ByteView name) {
  return der::encode(kDirectoryName, name);
}

// DistributionPointName's content; a relative name becomes a whole one.
std::vector<Bytes> point_names(ByteView content, ByteView issuer) {
  der::Reader reader(content);
  if (const auto full = reader.read(der::kContext0)) return general_names(*full);
  const auto relative = reader.read(der::kContext1);
  const auto base = der::only(der::kSequence, issuer);
  if (!relative || !base) return {};
  const Bytes whole =
      der::encode(der::kSequence, der::concat(*base, der::encode(der::kSet, *relative)));
  return {directory_name(whole)};
}

std::vector<Point> points_of(const Certificate& certificate) {
  const int at = X509_get_ext_by_NID(certificate.x509(), NID_crl_distribution_points, -1);
  if (at < 0) return {};
  const ASN1_OCTET_STRING* const data =
      X509_EXTENSION_get_data(X509_get_ext(certificate.x509(), at));
  const ByteView value(ASN1_STRING_get0_data(data),
                       static_cast<std::size_t>(ASN1_STRING_length(data)));
  std::vector<Point> points;
  der::Reader list(der::only(der::kSequence, value).value_or(ByteView()));
  while (points.size() < kMostPoints) {
    const auto one = list.read(der::kSequence);
    if (!one) break;
    der::Reader parts(*one);
    Point point;
    const auto name = parts.read(der::kContext0);
    parts.read(0x81);  // reasons
    const auto issuers = parts.read(kContext2);
    if (issuers) point.crl_issuers = general_names(*issuers);
    ByteView base = certificate.issuer();
    Bytes first_issuer;
    if (!point.crl_issuers.empty()) {
      first_issuer = copy_of(der::only(kDirectoryName, point.crl_issuers[0]).value_or(ByteView()));
      base = first_issuer;
    }
    if (name) point.names = point_names(*name, base);
    points.push_back(std::move(point));
  }
  return points;
}

bool have_one_in_common(const std::vector<Bytes>& a, const std::vector<Bytes>& b) {
  return std::ranges::any_of(
      a, [&](const Bytes& one) { return std::ranges::find(b, one) != b.end(); });
}

bool names_issuer(const Point& point, const X509_NAME* crl_issuer) {
  return std::ranges::any_of(point.crl_issuers, [&](const Bytes& general) {
    const auto name = der::only(kDirectoryName, general);
    const NamePtr parsed = name ? parse_name(*name) : nullptr;
    return parsed && same_name(parsed.get(), crl_issuer);
  });
}

bool matches(const Point& point, const IssuingPoint& crl, const X509_NAME* crl_issuer,
             bool is_own_issuer) {
  const bool of_another = !point.crl_issuers.empty();
  if (of_another ? !crl.indirect || !names_issuer(point, crl_issuer) : !is_own_issuer) return false;
  if (!crl.has_names) return true;
  return have_one_in_common(crl.names, point.names.empty() ? point.crl_issuers : point.names);
}

bool is_of_its_kind(const Certificate& certificate, const IssuingPoint& point) {
  if (point.attribute_only) return false;
  if (point.user_only && certificate.is_ca()) return false;
  return !point.ca_only || certificate.is_ca();
}

}  // namespace

std::optional<IssuingPoint> parse_issuing_point(ByteView der, ByteView issuer) {
  const auto content = der::only(der::kSequence, der);
  if (!content) return std::nullopt;
  der::Reader reader(*content);
  IssuingPoint point;
  if (const auto name = reader.read(der::kContext0)) {
    point.has_names = true;
    point.names = point_names(*name, issuer);
  }
  const auto flag = [&](std::uint8_t tag) {
    const auto value = reader.read(tag);
    return value && boolean_in(*value).value_or(true);
  };
  point.user_only = flag(0x81);
  point.ca_only = flag(0x82);
  point.some_reasons = reader.read(0x83).has_value();
  point.indirect = flag(0x84);
  point.attribute_only = flag(0x85);
  if (!reader.at_end()) return std::nullopt;
  return point;
}

bool is_in_scope(const Certificate& certificate, const IssuingPoint& point,
                 const X509_NAME* crl_issuer) {
  if (!is_of_its_kind(certificate, point)) return false;
  const bool is_own = same_name(X509_get_issuer_name(certificate.x509()), crl_issuer);
  // The point that every certificate has without saying so: its issuer's name.
  if (is_own &&
      (!point.has_names ||
       std::ranges::find(point.names, directory_name(certificate.issuer())) != point.names.end()))
    return true;
  const std::vector<Point> points = points_of(certificate);
  return std::ranges::any_of(
      points, [&](const Point& one) { return matches(one, point, crl_issuer, is_own); });
}

}  // namespace signet::validation
