#include "seal-server/server/service.h"

#include "common/clock.h"
#include "common/log.h"
#include "seal-server/seals/seals.h"
#include "seal-server/server/answers.h"

namespace signet::sealserver {

namespace {

constexpr std::chrono::hours kPatience{24};      // until a seal without a word is given up
constexpr std::chrono::hours kAnswerMemory{24};  // idempotency keys
constexpr std::int64_t kTidyAtOnce = 1000;
constexpr std::string_view kTransactions = "transactions";
constexpr std::string_view kLog = "log/";

Problem no_such_path() {
  return problems::no_such("There is nothing at this path.");
}

Problem wrong_method(const std::string& allowed) {
  return {405, "Method not allowed", "This path takes " + allowed + "."};
}

void expect_method(const Call& call, const std::string& allowed) {
  if (call.request.method != allowed) throw wrong_method(allowed);
}

}  // namespace

Service::Service(Sequencer& sequencer, Options options)
    : sequencer_(sequencer),
      options_(std::move(options)),
      rate_(options_.rate),
      readers_(options_.database) {}

https::server::Response Service::handle(const https::server::Request& request) {
  try {
    return answer_to(request);
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
            .spki = spki_of_certificate(request.peer.certificate),
            .time = utc_text(options_.now())};
  call.client = read([&](storage::SqlConnection& sql) { return admit(sql, call.spki, call.time); });
  if (!rate_.allows(call.client.id, std::chrono::steady_clock::now()))
    throw problems::exhausted("The client makes too many requests a second.");
  const std::string_view target = request.target;
  const auto question = target.find('?');
  const std::string_view path = target.substr(0, question);
  if (!path.starts_with(kBasePath)) throw no_such_path();
  call.path = path.substr(kBasePath.size());
  if (question != std::string_view::npos) call.query = target.substr(question + 1);
  return dispatch(call);
}

https::server::Response Service::dispatch(const Call& call) {
  const std::string_view path = call.path;
  if (path == "client") {
    expect_method(call, "GET");
    return show_client(call);
  }
  if (path == "cryptogram") {
    expect_method(call, "GET");
    return show_cryptogram(call);
  }
  if (path == kTransactions) {
    if (call.request.method == "POST") return open_transactions(call);
    if (call.request.method == "GET") return list_transactions(call);
    throw wrong_method("GET and POST");
  }
  if (path.starts_with(kTransactions) && path[kTransactions.size()] == '/') {
    const std::string id(path.substr(kTransactions.size() + 1));
    if (call.request.method == "PUT") return end_transaction(call, id);
    if (call.request.method == "GET") return show_transaction(call, id);
    throw wrong_method("GET and PUT");
  }
  if (path.starts_with(kLog)) {
    expect_method(call, "GET");
    const std::string part(path.substr(kLog.size()));
    return part == "checkpoint" ? show_checkpoint() : show_tile(part);
  }
  throw no_such_path();
}

bool Service::knows(ByteView certificate) {
  try {
    const std::string spki = spki_of_certificate(certificate);
    return read([&](storage::SqlConnection& sql) { return find_key(sql, spki).has_value(); });
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
    group.sql().run("DELETE FROM answer WHERE made_at < :time", {forgotten});
  });
}

}  // namespace signet::sealserver
