#include "softhsm-backend/control.h"

namespace signet::emulator {

namespace {

constexpr std::string_view kPrefix = "/x-emulator/";
constexpr std::string_view kFaults = "/x-emulator/v1/faults";
constexpr std::string_view kCounters = "/x-emulator/v1/counters";

Answer json_answer(unsigned status, const Json& body) {
  return {.status = status, .body = json_text(body)};
}

Outcome<Answer> add_faults(const Request& request, FaultQueue& faults) {
  BOOST_OUTCOME_TRY(auto body, read_json(request));
  BOOST_OUTCOME_TRY(auto count, faults.add(body));
  return json_answer(201, boost::json::object{{"queued", count}});
}

Outcome<Answer> handle_faults(const Request& request, FaultQueue& faults) {
  if (request.method == "GET") return json_answer(200, faults.list());
  if (request.method == "POST") return add_faults(request, faults);
  if (request.method != "DELETE") return problems::wrong_method("GET, POST, DELETE");
  faults.clear();
  return Answer{.status = 204};
}

}  // namespace

bool is_control(std::string_view target) {
  return target.starts_with(kPrefix);
}

Answer handle_control(const Request& request, FaultQueue& faults, const Counters& counters) {
  if (request.target == kCounters) {
    if (request.method == "GET") return json_answer(200, counters.to_json());
    return to_answer(problems::wrong_method("GET"));
  }
  if (request.target != kFaults) return to_answer(problems::no_such_path());
  auto answer = handle_faults(request, faults);
  return answer ? std::move(answer).assume_value() : to_answer(answer.assume_error());
}

}  // namespace signet::emulator
