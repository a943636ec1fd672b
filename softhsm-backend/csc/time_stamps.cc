// signatures/timestamp (CSC API 1.0.4, 11.10; 2.0, 11.13): the service hands the request on to an authority.
#include <algorithm>
#include <array>

#include "softhsm-backend/csc/service.h"
#include "softhsm-backend/encoding.h"

namespace signet::emulator::csc {

namespace {

struct StampHash {
  std::string_view oid;
  std::size_t size;
};
constexpr auto kStampHashes = std::to_array<StampHash>({
    {"2.16.840.1.101.3.4.2.1", 32},
    {"2.16.840.1.101.3.4.2.2", 48},
    {"2.16.840.1.101.3.4.2.3", 64},
});
constexpr std::size_t kLongestNonce = 128;  // hexadecimal digits

// A number in hexadecimal, of any number of digits; empty where it is not one.
Bytes number_of(const std::string& text) {
  return from_hex(text.size() % 2 == 0 ? text : "0" + text).value_or(Bytes());
}

Outcome<WantedStamp> read_wanted(const boost::json::object& body) {
  BOOST_OUTCOME_TRY(const std::string hash, required_text(body, "hash"));
  BOOST_OUTCOME_TRY(const std::string oid, required_text(body, "hashAlgo"));
  const auto* const row = std::ranges::find(kStampHashes, oid, &StampHash::oid);
  if (row == kStampHashes.end()) return invalid("Invalid parameter hashAlgo");
  auto digest = from_base64(hash);
  if (!digest) return invalid("Invalid Base64 hash string parameter");
  if (digest->size() != row->size) return invalid("Invalid digest value length");
  WantedStamp wanted{row->oid, *std::move(digest), {}};
  const auto* const nonce = body.if_contains("nonce");
  if (nonce == nullptr || nonce->is_null()) return wanted;
  const auto text = text_in(body, "nonce");
  if (text && text->size() <= kLongestNonce) wanted.nonce = number_of(*text);
  if (wanted.nonce.empty()) return invalid("Invalid parameter nonce");
  return wanted;
}

}  // namespace

Outcome<Answer> Service::time_stamp(Call& call) {
  BOOST_OUTCOME_TRY(const WantedStamp wanted, read_wanted(call.body));
  BOOST_OUTCOME_TRY(const Bytes response, settings_.time_stamps(encode_request(wanted)));
  BOOST_OUTCOME_TRY(Bytes token, token_in(response));
  if (call.has_fault("timestamp-response")) token = response;
  if (call.has_fault("timestamp-garbage")) token = Bytes{0x30, 0x03, 0x02, 0x01, 0x00};
  return answer_of(boost::json::object{{"timestamp", to_base64(token)}});
}

}  // namespace signet::emulator::csc
