#include "seal-server/server/service.h"

#include "common/clock.h"
#include "common/log.h"
#include "seal-server/certificates/authentication.h"
#include "seal-server/seals/seals.h"
#include "seal-server/server/answers.h"
#include "seal-server/server/wrong_method.h"

namespace signet::sealserver {

namespace {

constexpr std::chrono::hours kPatience{24};      // until a seal without a word is given up
constexpr std::chrono::hours kAnswerMemory{24};  // idempotency keys
constexpr std::int64_t kTidyAtOnce = 1000;

}  // namespace

Service::Service(Sequencer& sequencer, Options options)
    : sequencer_(sequencer),
      options_(std::move(options)),
      rate_(options_.rate),
      readers_(options_.database) {}

https::server::Response Service::handle(const https::server::Request& request) {
  try {
    return answer_to(request);
  } catch (const WrongMethod& problem) {
    Answer answer = problem_answer(problem);
    answer.headers.emplace_back("Allow", problem.allowed());
    return answer;
  } catch (const Problem& problem) {
    return problem_answer(problem);
  } catch (const storage::SqlError& error) {
    log::error("{} {}: {}", request.method, request.target, error.what());
    return problem_answer(
        {503, "Database unavailable", "Try again with the same Idempotency-Key."});
  } catch (const std::exception& error) {
    log::error("{} {}: {}", request.method, request.target, error.what());
    return problem_answer({500, "Server fault", "The server failed; its log says why."});
  }
}

https::server::Response Service::answer_to(const https::server::Request& request) {
  if (request.peer.certificate.empty())
    throw Problem(401, "No client certificate", "This server wants a client certificate.");
  Call call{.request = request,
            .path = {},
            .query = {},
            .client = {},
            .key = {},
            .official = {},
            .time = {}};
  call.time = utc_text(options_.now());
  admit_caller(call);
  const std::string_view target = request.target;
  const auto question = target.find('?');
  const std::string_view path = target.substr(0, question);
  if (!path.starts_with(kBasePath)) throw problems::no_such("There is nothing at this path.");
  call.path = path.substr(kBasePath.size());
  if (question != std::string_view::npos) call.query = target.substr(question + 1);
  return dispatch(call);
}

// Before anything of the request is read.
void Service::admit_caller(Call& call) {
  const std::string spki = spki_of_certificate(call.request.peer.certificate);
  read([&](storage::SqlConnection& sql) {
    call.official = user_of_key(sql, spki);
    if (call.official && call.official->role != Role::person) return;
    call.official.reset();
    Admission admitted = admit(sql, spki, call.time);
    call.client = std::move(admitted.client);
    call.key = std::move(admitted.key);
  });
  if (call.official && call.official->is_expired(call.time))
    throw problems::not_admitted("The certificate has expired.");
  const auto now = std::chrono::steady_clock::now();
  if (rate_.allows(call.official ? spki : call.client.id, call.client.limits.per_second, now))
    return;
  throw problems::exhausted("More requests a second come than are allowed.");
}

bool Service::knows(ByteView certificate) {
  try {
    const std::string spki = spki_of_certificate(certificate);
    return read([&](storage::SqlConnection& sql) {
      return find_key(sql, spki).has_value() || user_of_key(sql, spki).has_value();
    });
  } catch (const std::exception& error) {
    log::warn("a handshake was refused: {}", error.what());
    return false;
  }
}

bool Service::is_healthy() {
  try {
    return read(
        [](storage::SqlConnection& sql) { return !sql.query("SELECT origin FROM log").empty(); });
  } catch (const storage::SqlError& error) {
    log::error("the database does not answer: {}", error.what());
    return false;
  }
}

void Service::tidy() {
  const std::string day_ago = utc_text(options_.now() - kPatience);
  const std::string forgotten = utc_text(options_.now() - kAnswerMemory);
  sequencer_.write([&](Group& group) {
    give_up_seals(group, day_ago, kTidyAtOnce);
    forget_superseded(group);
    group.sql().run("DELETE FROM answer WHERE made_at < :time", {forgotten});
  });
}

}  // namespace signet::sealserver
