// Any bytes as the answer of a remote signing service: the first says to which call of which dialect, the second the HTTP
// status.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "dsa-transport/csc/algorithms.h"
#include "dsa-transport/csc/answers.h"
#include "dsa-transport/csc/failures.h"
#include "dsa-transport/sapiws/failures.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using namespace transport;

void check_error(const ApplianceError& error) {
  require(!error.sentence.empty(), "an error has a sentence");
  for (const std::string& text : {error.sentence, error.cause.code}) {
    require(std::ranges::none_of(text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }),
            "what is told has no control character: " + text);
    require(text.size() <= 2000, "what is told is short");
  }
}

template <typename T>
void check(const Read<T>& read) {
  require(read || !read.error().what.empty(), "an error says what is wrong");
}

void check_signatures(std::string_view text) {
  const auto answer = csc::read_signatures(text, 1);
  check(answer);
  if (!answer || answer.value().signatures.empty()) return;
  require(answer.value().signatures.size() == 1, "exactly as many as were asked for");
  for (const auto encoding :
       {csc::Encoding::as_it_is, csc::Encoding::der, csc::Encoding::concatenated}) {
    const auto signature = csc::signature_of(answer.value().signatures.front(), encoding, 64);
    require(!signature || signature->size() == 64, "a signature has the key's length");
  }
}

void check_time_stamp(std::string_view text) {
  const auto stamp = csc::read_time_stamp(text);
  check(stamp);
  if (!stamp) return;
  const std::size_t size = stamp.value().token.size();
  require(size >= 1 && size <= kLargestTimeStamp, "a time-stamp has a size that there is room for");
}

void check_credential(std::string_view text) {
  const auto credential = csc::read_credential(text, "id");
  check(credential);
  if (credential) require(credential.value().multisign >= 1, "one signature at least");
}

void check_dss(const https::Response& response) {
  const Deadline deadline = Deadline::after(std::chrono::seconds(60));
  std::atomic<bool> signs_nothing{false};
  for (const bool signs : {false, true}) {
    const auto answer = signs ? sapiws::judge_sign(response, deadline, signs_nothing)
                              : sapiws::judge_dss(response, deadline);
    if (answer) {
      require(answer.value().success && response.status == https::kOk, "an answer is a success");
      continue;
    }
    require(answer.error().kind != Verdict::Kind::good, "a refusal is one");
    check_error(answer.error().error);
  }
}

void check_spml(const https::Response& response) {
  const auto answer = sapiws::judge_spml(response, Deadline::after(std::chrono::seconds(60)));
  if (!answer) check_error(answer.error().error);
}

void check_refusal(const https::Response& response) {
  const csc::Refusal refusal = csc::refusal_of(response);
  require(refusal.verdict.kind != Verdict::Kind::good, "a refusal is one");
  check_error(refusal.verdict.error);
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  using namespace signet::fuzz;
  constexpr std::array statuses = {200, 202, 400, 401, 403, 404, 429, 500, 501, 503};
  if (size < 2) return 0;
  https::Response response;
  response.status = statuses.at(data[1] % statuses.size());
  response.media_type = data[1] % 2 == 0 ? "application/json" : "text/plain";
  response.body.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string_view text = response.body;
  switch (data[0]) {
    case 'i':
      check(transport::csc::read_info(text));
      break;
    case 't':
      check(transport::csc::read_token(text));
      check(transport::csc::read_metadata(text, ""));
      break;
    case 'l':
      check(transport::csc::read_credential_page(text));
      break;
    case 'c':
      check_credential(text);
      break;
    case 'a':
      check(transport::csc::read_authorisation(text));
      break;
    case 's':
      check_signatures(text);
      break;
    case 'm':
      check_time_stamp(text);
      break;
    case 'd':
      check_dss(response);
      break;
    case 'p':
      check_spml(response);
      break;
    default:
      check_refusal(response);
  }
  return 0;
}
