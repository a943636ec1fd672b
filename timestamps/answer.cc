// The TimeStampResp around a token: PKIStatusInfo in words.

#include <fmt/format.h>
#include <openssl/ts.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "crypto/host_errors.h"
#include "timestamps/asn1.h"
#include "timestamps/excerpt.h"
#include "timestamps/token.h"

namespace signet::timestamps {

namespace {

using StatusPtr = OpensslPtr<TS_STATUS_INFO, TS_STATUS_INFO_free>;

struct FailureRow {
  int bit;  // of PKIFailureInfo (RFC 3161, 2.4.2)
  std::string_view name;
  std::string_view advice;
};

constexpr std::array kFailures = {
    FailureRow{0, "badAlg", "it does not take this digest algorithm; use another hash"},
    FailureRow{2, "badRequest",
               "it does not permit or support such a request; ask its operator whether this "
               "account may use it"},
    FailureRow{5, "badDataFormat",
               "it cannot read the request; check that the URL is that of an RFC 3161 service"},
    FailureRow{14, "timeNotAvailable", "its time source is not available; try again later"},
    FailureRow{15, "unacceptedPolicy",
               "it does not offer the policy that was asked for; correct the policy or leave it "
               "out"},
    FailureRow{16, "unacceptedExtension", "it does not support an extension of the request"},
    FailureRow{17, "addInfoNotAvailable", "it cannot give what was asked for in addition"},
    FailureRow{25, "systemFailure", "it failed internally; try again later"},
};

constexpr std::array<std::string_view, 6> kStatuses = {
    "granted", "grantedWithMods",   "rejection",
    "waiting", "revocationWarning", "revocationNotification"};

constexpr int kMostTexts = 4;

TokenError bad_answer(std::string sentence) {
  return {Defect::malformed, std::move(sentence)};
}

std::string failures_in(const ASN1_BIT_STRING* bits) {
  std::string words;
  const int count = bits == nullptr ? 0 : std::min(ASN1_STRING_length(bits), 8) * 8;
  for (int bit = 0; bit < count; ++bit) {
    if (ASN1_BIT_STRING_get_bit(bits, bit) == 0) continue;
    const auto row = std::ranges::find(kFailures, bit, &FailureRow::bit);
    words += row == kFailures.end() ? fmt::format(", failure {}", bit)
                                    : fmt::format(", {}: {}", row->name, row->advice);
  }
  return words;
}

std::string texts_in(const STACK_OF(ASN1_UTF8STRING) * texts) {
  std::string words;
  const int count = texts == nullptr ? 0 : std::min(sk_ASN1_UTF8STRING_num(texts), kMostTexts);
  for (int i = 0; i < count; ++i) {
    const std::string_view text = text_of(bytes_of(sk_ASN1_UTF8STRING_value(texts, i)));
    words += fmt::format("{}\"{}\"", i == 0 ? "; it says " : ", ", excerpt(text));
  }
  return words;
}

TokenError rejection(std::int64_t status, const TS_STATUS_INFO* info) {
  const std::string word = status >= 0 && status < static_cast<std::int64_t>(kStatuses.size())
                               ? std::string(kStatuses[static_cast<std::size_t>(status)])
                               : fmt::format("status {}", status);
  return {Defect::rejected, fmt::format("the authority refuses ({}{}){}", word,
                                        failures_in(TS_STATUS_INFO_get0_failure_info(info)),
                                        texts_in(TS_STATUS_INFO_get0_text(info)))};
}

// The content of the outermost SEQUENCE, where that is all there is.
std::optional<ByteView> content_of(ByteView answer) {
  const unsigned char* at = answer.data();
  long size = 0;
  int tag = 0;
  int tag_class = 0;
  const int form = ASN1_get_object(&at, &size, &tag, &tag_class, static_cast<long>(answer.size()));
  if ((form & 0x80) != 0 || tag != V_ASN1_SEQUENCE || tag_class != V_ASN1_UNIVERSAL) {
    return std::nullopt;
  }
  ByteView rest = answer.subspan(static_cast<std::size_t>(at - answer.data()));
  if ((form & 1) == 0) {
    if (rest.size() != static_cast<std::size_t>(size)) return std::nullopt;
    return rest;
  }
  // Of indefinite length: two zeros end it.
  if (rest.size() < 2 || rest.back() != 0 || rest[rest.size() - 2] != 0) return std::nullopt;
  return rest.first(rest.size() - 2);
}

}  // namespace

Result<TimeStampToken, TokenError> parse_answer(const std::shared_ptr<crypto::Context>& context,
                                                ByteView der) {
  if (der.size() > kLargestAnswer) return bad_answer("the answer is larger than 64 KiB");
  const crypto::HostErrors aside;
  const auto content = content_of(der);
  if (!content) return bad_answer("the answer is not a TimeStampResp (RFC 3161)");
  const unsigned char* at = content->data();
  const StatusPtr info(d2i_TS_STATUS_INFO(nullptr, &at, static_cast<long>(content->size())));
  std::int64_t status = 0;
  const bool read = info != nullptr &&
                    ASN1_INTEGER_get_int64(&status, TS_STATUS_INFO_get0_status(info.get())) == 1;
  if (!crypto::verdict(read)) return bad_answer("the status of the answer cannot be read");
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS) {
    return rejection(status, info.get());
  }
  const ByteView token = content->subspan(static_cast<std::size_t>(at - content->data()));
  if (token.empty()) return bad_answer("the answer says that it is granted and has no token");
  return parse_token(context, token);
}

}  // namespace signet::timestamps
