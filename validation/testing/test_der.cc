// The DER pieces and extensions of test_pki.h.

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

#include "crypto/algorithm_table.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"
#include "validation/testing/test_pki.h"

namespace signet::validation::pki {

namespace {

constexpr std::uint8_t kBoolean = 0x01;
constexpr std::uint8_t kUri = 0x86;            // [6] of GeneralName
constexpr std::uint8_t kDnsName = 0x82;        // [2]
constexpr std::uint8_t kDirectoryName = 0xA4;  // [4], explicit
constexpr std::uint8_t kContext2 = 0xA2;

// "20120301120000Z"
std::string time_text(Time time) {
  if (time == kNoEnd) return "99991231235959Z";
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

// BIT STRING of named bits (X.690, 11.2.2).
Bytes named_bits(const std::vector<unsigned>& bits) {
  Bytes content = {0};
  for (const unsigned bit : bits) {
    if (content.size() < 2 + bit / 8) content.resize(2 + bit / 8);
    content[1 + bit / 8] |= static_cast<std::uint8_t>(0x80U >> (bit % 8));
  }
  if (content.size() > 1)
    while (((content.back() >> content[0]) & 1U) == 0) ++content[0];
  return der::encode(der::kBitString, content);
}

Bytes text_element(std::uint8_t tag, std::string_view text) {
  return der::encode(tag, view_of(text));
}

Bytes relative_name(const char* type, std::string_view value) {
  return der::encode(der::kSet,
                     der::encode_sequence({oid(type), text_element(der::kUtf8String, value)}));
}

Bytes full_name(const std::vector<std::string>& urls) {
  return der::encode(der::kContext0, der::encode(der::kContext0, general_names_uri(urls)));
}

}  // namespace

Bytes oid(const std::string& dotted) {
  Bytes der = cms::encode_oid(dotted);
  if (der.empty()) throw std::runtime_error("no object identifier: " + dotted);
  return der;
}

Bytes integer(std::int64_t value) {
  Bytes content;
  do {
    content.insert(content.begin(), static_cast<std::uint8_t>(value & 0xFF));
    value >>= 8;
  } while (value != 0 && value != -1);
  const bool negative = value < 0;
  const bool looks_negative = (content[0] & 0x80U) != 0;
  if (negative != looks_negative) content.insert(content.begin(), negative ? 0xFF : 0);
  return der::encode(der::kInteger, content);
}

Bytes boolean(bool value) {
  const Bytes content = {static_cast<std::uint8_t>(value ? 0xFF : 0)};
  return der::encode(kBoolean, content);
}

Bytes time(Time time) {
  if (time >= at("2050-01-01") || time < at("1950-01-01")) return generalized_time(time);
  return text_element(der::kUtcTime, time_text(time).substr(2));
}

Bytes generalized_time(Time time) {
  return text_element(der::kGeneralizedTime, time_text(time));
}

Bytes name(std::string_view common_name, std::string_view organization) {
  Bytes content;
  if (!organization.empty()) content = relative_name("2.5.4.10", organization);
  der::append(content, relative_name("2.5.4.3", common_name));
  return der::encode(der::kSequence, content);
}

Bytes general_names_uri(const std::vector<std::string>& urls) {
  Bytes content;
  for (const std::string& url : urls) der::append(content, text_element(kUri, url));
  return content;
}

Bytes hash_algorithm(crypto::Hash hash) {
  return der::encode_sequence({copy_of(crypto::row_of(hash).oid)});
}

Bytes encode(const Extension& extension) {
  std::vector<Bytes> parts = {oid(extension.oid)};
  if (extension.critical) parts.push_back(boolean(true));
  parts.push_back(der::encode(der::kOctetString, extension.value));
  return der::encode_sequence(parts);
}

Bytes encode(const std::vector<Extension>& extensions) {
  std::vector<Bytes> parts;
  parts.reserve(extensions.size());
  for (const Extension& extension : extensions) parts.push_back(encode(extension));
  return parts.empty() ? Bytes() : der::encode_sequence(parts);
}

Extension basic_constraints(bool ca, std::optional<int> path_length) {
  std::vector<Bytes> parts;
  if (ca) parts.push_back(boolean(true));
  if (path_length) parts.push_back(integer(*path_length));
  return {"2.5.29.19", der::encode_sequence(parts), true};
}

Extension key_usage(const std::vector<unsigned>& bits) {
  return {"2.5.29.15", named_bits(bits), true};
}

Extension extended_key_usage(const std::vector<std::string>& purposes, bool critical) {
  std::vector<Bytes> parts;
  parts.reserve(purposes.size());
  for (const std::string& purpose : purposes) parts.push_back(oid(purpose));
  return {"2.5.29.37", der::encode_sequence(parts), critical};
}

Extension subject_key_identifier(const Key& key) {
  return {"2.5.29.14", der::encode(der::kOctetString, key.identifier)};
}

Extension authority_key_identifier(const Key& key) {
  constexpr std::uint8_t kKeyIdentifier = 0x80;
  return {"2.5.29.35", der::encode_sequence({der::encode(kKeyIdentifier, key.identifier)})};
}

Extension crl_distribution_points(const std::vector<std::string>& urls) {
  std::vector<Bytes> points;
  points.reserve(urls.size());
  for (const std::string& url : urls) points.push_back(der::encode_sequence({full_name({url})}));
  return {"2.5.29.31", der::encode_sequence(points)};
}

Extension crl_distribution_point_of(const std::vector<std::string>& urls, const Bytes& crl_issuer) {
  Bytes point;
  if (!urls.empty()) point = full_name(urls);
  der::append(point, der::encode(kContext2, der::encode(kDirectoryName, crl_issuer)));
  return {"2.5.29.31", der::encode_sequence({der::encode(der::kSequence, point)})};
}

Extension authority_information(const std::vector<std::string>& ocsp,
                                const std::vector<std::string>& issuers) {
  std::vector<Bytes> parts;
  for (const std::string& url : ocsp)
    parts.push_back(der::encode_sequence({oid("1.3.6.1.5.5.7.48.1"), text_element(kUri, url)}));
  for (const std::string& url : issuers)
    parts.push_back(der::encode_sequence({oid("1.3.6.1.5.5.7.48.2"), text_element(kUri, url)}));
  return {"1.3.6.1.5.5.7.1.1", der::encode_sequence(parts)};
}

Extension ocsp_nocheck() {
  return {"1.3.6.1.5.5.7.48.1.5", der::encode(der::kNull, {})};
}

Extension short_term() {
  return {"0.4.0.194121.2.1", der::encode(der::kNull, {})};
}

Extension permitted_dns(const std::string& domain) {
  const Bytes subtree = der::encode_sequence({text_element(kDnsName, domain)});
  return {"2.5.29.30", der::encode_sequence({der::encode(der::kContext0, subtree)}), true};
}

Extension subject_alternative_dns(const std::string& host) {
  return {"2.5.29.17", der::encode_sequence({text_element(kDnsName, host)})};
}

Extension require_explicit_policy(int skip_certificates) {
  constexpr std::uint8_t kRequire = 0x80;
  const Bytes number = {static_cast<std::uint8_t>(skip_certificates)};
  return {"2.5.29.36", der::encode_sequence({der::encode(kRequire, number)}), true};
}

Extension policy_mappings(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::vector<Bytes> parts;
  parts.reserve(pairs.size());
  for (const auto& [from, to] : pairs) parts.push_back(der::encode_sequence({oid(from), oid(to)}));
  return {"2.5.29.33", der::encode_sequence(parts), true};
}

Extension certificate_policies(const std::vector<std::string>& oids) {
  std::vector<Bytes> parts;
  parts.reserve(oids.size());
  for (const std::string& one : oids) parts.push_back(der::encode_sequence({oid(one)}));
  return {"2.5.29.32", der::encode_sequence(parts)};
}

Extension unknown_extension(bool critical) {
  return {"1.3.6.1.4.1.32473.99", der::encode(der::kNull, {}), critical};
}

}  // namespace signet::validation::pki
