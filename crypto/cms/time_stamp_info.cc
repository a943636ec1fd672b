#include "crypto/cms/time_stamp_info.h"

#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <ctime>
#include <new>
#include <string_view>
#include <utility>

#include "common/clock.h"
#include "common/printable.h"
#include "crypto/algorithm_table.h"
#include "crypto/certificate.h"
#include "crypto/host_errors.h"
#include "crypto/object_identifier.h"
#include "crypto/openssl_ptr.h"

namespace signet::cms {

namespace {

using InfoPtr = OpensslPtr<TS_TST_INFO, TS_TST_INFO_free>;

void require(bool had_memory) {
  if (!had_memory) throw std::bad_alloc();
}

// Of a string, an integer without its sign.
ByteView bytes_of(const ASN1_STRING* string) {
  return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

// An INTEGER that is not negative, big-endian.
std::optional<Bytes> natural(const ASN1_INTEGER* number) {
  if (number == nullptr || ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER) return std::nullopt;
  ByteView bytes = bytes_of(number);
  while (bytes.size() > 1 && bytes.front() == 0) bytes = bytes.subspan(1);
  return copy_of(bytes);
}

std::chrono::nanoseconds fraction_in(std::string_view text) {
  constexpr std::size_t digits = 9;
  std::int64_t nanoseconds = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    nanoseconds = nanoseconds * 10 + (i < text.size() ? text[i] - '0' : 0);
  }
  return std::chrono::nanoseconds(nanoseconds);
}

bool are_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "YYYYMMDDhhmmss[.f…]Z" (RFC 3161, 2.4.2).
bool read_time(const ASN1_GENERALIZEDTIME* time, TimeStampInfo& info) {
  constexpr std::size_t whole = std::string_view("YYYYMMDDhhmmss").size();
  std::string_view text = text_of(bytes_of(time));
  info.time_text = printable(text);
  const bool utc = text.ends_with('Z');
  if (utc) text.remove_suffix(1);
  const std::string_view fraction = text.size() > whole ? text.substr(whole) : ".0";
  std::tm parts{};
  const bool good = utc && text.size() >= whole && are_digits(text.substr(0, whole)) &&
                    fraction.starts_with('.') && are_digits(fraction.substr(1)) &&
                    ASN1_TIME_to_tm(time, &parts) == 1;
  if (!good) return false;
  info.time = wall_time(timegm(&parts));
  // The clock's last moment, which stands for later ones, has nothing behind it.
  const auto more = fraction_in(fraction.substr(1));
  if (info.time < std::chrono::system_clock::time_point::max() - more) info.time += more;
  return true;
}

// RFC 3161, 2.4.2: seconds, and 1 to 999 of each of the others.
std::optional<std::chrono::microseconds> span_of(const TS_ACCURACY* accuracy) {
  constexpr std::int64_t most_seconds = 1'000'000'000;
  const auto part = [](const ASN1_INTEGER* number,
                       std::int64_t most) -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    if (number == nullptr) return value;
    if (ASN1_INTEGER_get_int64(&value, number) != 1 || value < 0 || value > most) {
      return std::nullopt;
    }
    return value;
  };
  const auto seconds = part(TS_ACCURACY_get_seconds(accuracy), most_seconds);
  const auto millis = part(TS_ACCURACY_get_millis(accuracy), 999);
  const auto micros = part(TS_ACCURACY_get_micros(accuracy), 999);
  if (!seconds || !millis || !micros) return std::nullopt;
  return std::chrono::seconds(*seconds) + std::chrono::milliseconds(*millis) +
         std::chrono::microseconds(*micros);
}

std::string name_in(GENERAL_NAME* name) {
  int type = 0;
  const void* const value = GENERAL_NAME_get0_value(name, &type);
  if (type == GEN_DIRNAME) return crypto::name_text(static_cast<const X509_NAME*>(value));
  const BioPtr memory(BIO_new(BIO_s_mem()));
  require(memory != nullptr);
  if (GENERAL_NAME_print(memory.get(), name) != 1) return {};
  return printable(crypto::text_in(memory.get()));
}

void read_imprint(TS_MSG_IMPRINT* imprint, TimeStampInfo& info) {
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  info.hash = crypto::hash_with_oid(crypto::der_of(algorithm, i2d_ASN1_OBJECT));
  info.hash_oid = crypto::dotted(algorithm);
  info.imprint = copy_of(bytes_of(TS_MSG_IMPRINT_get_msg(imprint)));
}

// An extension that must be understood, none of which is.
bool has_critical_extension(TS_TST_INFO* info) {
  return TS_TST_INFO_get_ext_by_critical(info, 1, -1) >= 0;
}

}  // namespace

Result<TimeStampInfo, std::string> read_time_stamp_info(ByteView der) {
  const auto fault = [](const char* sentence) { return std::string(sentence); };
  const unsigned char* at = der.data();
  const InfoPtr parsed(d2i_TS_TST_INFO(nullptr, &at, static_cast<long>(der.size())));
  const bool whole = parsed != nullptr && at == der.data() + der.size();
  if (!crypto::verdict(whole)) return fault("the token's TSTInfo cannot be read");
  TS_TST_INFO* const from = parsed.get();
  if (TS_TST_INFO_get_version(from) != 1)
    return fault("the token's TSTInfo has another version than 1");
  if (has_critical_extension(from))
    return fault("the token's TSTInfo has a critical extension that is not known here");
  TimeStampInfo info;
  read_imprint(TS_TST_INFO_get_msg_imprint(from), info);
  if (!read_time(TS_TST_INFO_get_time(from), info))
    return fault("the time of the time-stamp cannot be read");
  info.policy = crypto::dotted(TS_TST_INFO_get_policy_id(from));
  auto serial = natural(TS_TST_INFO_get_serial(from));
  if (!serial) return fault("the token's serial number is negative");
  info.serial = *std::move(serial);
  if (const ASN1_INTEGER* const nonce = TS_TST_INFO_get_nonce(from); nonce != nullptr) {
    info.nonce = natural(nonce);
    if (!info.nonce) return fault("the token's nonce is negative");
  }
  if (const TS_ACCURACY* const accuracy = TS_TST_INFO_get_accuracy(from); accuracy != nullptr) {
    info.accuracy = span_of(accuracy);
    if (!info.accuracy) return fault("the token's accuracy cannot be read");
  }
  info.ordering = TS_TST_INFO_get_ordering(from) != 0;
  if (GENERAL_NAME* const name = TS_TST_INFO_get_tsa(from); name != nullptr)
    info.authority = name_in(name);
  return info;
}

}  // namespace signet::cms
