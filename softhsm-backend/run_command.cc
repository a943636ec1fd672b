// `signet-emulator run`: one member of an instance, until it is told to stop.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <memory>
#include <set>
#include <stdexcept>

#include "common/log.h"
#include "softhsm-backend/commands.h"
#include "softhsm-backend/csc/service.h"
#include "softhsm-backend/files.h"
#include "softhsm-backend/handler.h"
#include "softhsm-backend/instance.h"
#include "softhsm-backend/journal.h"
#include "softhsm-backend/sapiws/service.h"

namespace signet::emulator {

namespace {

struct RunOptions {
  std::filesystem::path dir;
  std::string role = "primary";
  std::string listen;                // empty: what `init` said
  std::filesystem::path ready_file;  // empty: none
  std::filesystem::path softhsm;     // empty: what `init` was given
  unsigned workers = 16;
  std::vector<std::string> csc_token_auth;  // empty: every way
  std::string csc_tsa;                      // empty: no time-stamps
  std::string sapiws_profile = "8";
  std::string sapiws_answer = "usual";
};

// Held as long as the process lives, however it ends.
class RoleLock {
 public:
  explicit RoleLock(const std::filesystem::path& file)
      : descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ >= 0 && flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    if (descriptor_ >= 0) close(descriptor_);
    throw std::runtime_error("another signet-emulator already serves this folder in this role (" +
                             file.string() + " is locked)");
  }
  RoleLock(const RoleLock&) = delete;
  RoleLock& operator=(const RoleLock&) = delete;
  ~RoleLock() { close(descriptor_); }

 private:
  int descriptor_;
};

// Keys that were made but never acknowledged: the process died in between.
void remove_orphans(Token& token, State& state) {
  const auto known_ids = state.read([](Database& database) { return all_key_ids(database); });
  const std::set<std::string> known(known_ids.begin(), known_ids.end());
  for (const std::string& id : token.key_ids()) {
    if (known.contains(id)) continue;
    log::info("removing key {} from the token: it was never acknowledged", id);
    token.destroy(id);
  }
}

Endpoint endpoint_of(const RunOptions& options, const Member& member) {
  const auto endpoint = Endpoint::parse(options.listen.empty() ? member.listen : options.listen);
  if (!endpoint) throw std::runtime_error("the state names no address to listen on");
  return *endpoint;
}

Member member_of(State& state, const RunOptions& options) {
  auto member = state.read([&](Database& database) { return find_member(database, options.role); });
  if (member) return *std::move(member);
  throw std::runtime_error(options.dir.string() +
                           " has no alternate; give `init` --alternate ADDRESS:PORT");
}

// Members start one after the other: a login rewrites the token's file in place, and SoftHSM takes a file that it finds
// half-written for no token.
std::unique_ptr<Token> open_token(const RunOptions& options, const InstanceFiles& files,
                                  State& state) {
  const Descriptor alone = lock_folder(files.tokens());
  point_softhsm_at(files);
  const std::filesystem::path module =
      options.softhsm.empty()
          ? state.read([](Database& database) { return setting(database, "softhsm"); })
          : options.softhsm.string();
  auto token = std::make_unique<Token>(module, kTokenLabel, read_secret_file(files.token_pin()));
  if (options.role == "primary") remove_orphans(*token, state);
  return token;
}

void forget(State& state) {
  try {
    state.write([](Database& database) { forget_old_answers(database); });
  } catch (const StateError& error) {
    log::warn("old answers are kept: {}", error.what());
  }
}

boost::asio::awaitable<void> forget_each_minute(State& state, boost::asio::thread_pool& workers,
                                                boost::asio::any_io_executor executor) {
  boost::asio::steady_timer timer(executor);
  while (true) {
    timer.expires_after(std::chrono::minutes(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
    boost::asio::post(workers, [&state] { forget(state); });
  }
}

csc::Settings csc_settings(const RunOptions& options) {
  csc::Settings settings{.token_auth = options.csc_token_auth};
  if (!options.csc_tsa.empty()) settings.time_stamps = csc::authority_at(options.csc_tsa);
  return settings;
}

sapiws::Settings soap_settings(const RunOptions& options) {
  using enum sapiws::AnswerPlace;
  return {.profile = options.sapiws_profile == "5.2" ? sapiws::Profile::v5_2 : sapiws::Profile::v8,
          .place = options.sapiws_answer == "document"           ? document
                   : options.sapiws_answer == "signature-object" ? signature_object
                                                                 : usual};
}

void run_member(const RunOptions& options) {
  const InstanceFiles files(options.dir);
  State state = open_state(files);
  const RoleLock lock(files.lock(options.role));
  Member member = member_of(state, options);
  const Endpoint listen = endpoint_of(options, member);

  const auto token = open_token(options, files, state);

  Service service(state, *token, options.role);
  csc::Service csc_service(state, *token, options.role, csc_settings(options));
  const HandlerOptions serving{
      .dir = options.dir, .role = options.role, .workers = options.workers};
  state.prepare_readers(Handler::threads(serving));
  sapiws::Service soap(state, *token, options.role, soap_settings(options));
  Handler handler(service, {&csc_service, &soap}, serving);
  auto listening =
      https::server::Server::listen(handler, {.address = listen.host, .port = listen.port});
  if (!listening) throw std::runtime_error(listening.assume_error());
  https::server::Server& server = *listening.assume_value();
  server.stop_on({SIGTERM, SIGINT});  // whoever sees the ready file may send one
  member.url = Endpoint{.host = listen.host, .port = server.port()}.url();
  state.write([&](Database& database) { save_member(database, member); });
  log::info("the {} listens on {}", options.role, member.url);
  if (!options.ready_file.empty()) {
    write_private_file(options.ready_file, std::to_string(server.port()) + "\n");
  }
  boost::asio::co_spawn(server.executor(),
                        forget_each_minute(state, handler.workers(), server.executor()),
                        boost::asio::detached);
  server.run();
  handler.join();
  log::info("the {} stops", options.role);
}

}  // namespace

void add_run_command(CLI::App& app) {
  CLI::App* run = app.add_subcommand("run", "Serve an emulator's folder until SIGTERM");
  const auto options = std::make_shared<RunOptions>();
  run->add_option("dir", options->dir, "The folder that init made")->required();
  run->add_option("--role", options->role, "Which member of the pair this is")
      ->check(CLI::IsMember({"primary", "alternate"}))
      ->capture_default_str();
  run->add_option("--listen", options->listen,
                  "Instead of the address of init; DIR/client.toml is not changed")
      ->check(endpoint());
  run->add_option("--ready-file", options->ready_file,
                  "Written, with the port, once connections are accepted");
  run->add_option("--workers", options->workers, "Threads that sign")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  run->add_option("--softhsm", options->softhsm, "The SoftHSMv2 module, instead of init's");
  run->add_option("--csc-token-auth", options->csc_token_auth,
                  "How clients of the CSC API may show who they are at the token endpoint; usual: "
                  "every way. Its metadata is named in info then")
      ->check(CLI::IsMember({"client_secret_basic", "client_secret_post", "tls_client_auth"}));
  run->add_option("--csc-tsa", options->csc_tsa,
                  "A time-stamp authority (RFC 3161 over http) that signatures/timestamp asks; "
                  "without one there is no such method")
      ->type_name("URL")
      ->check([](const std::string& url) {
        return url.starts_with("http://") ? std::string() : "the URL begins with http://";
      });
  run->add_option("--sapiws-profile", options->sapiws_profile,
                  "The firmware that the SOAP service imitates")
      ->check(CLI::IsMember({"5.2", "8"}))
      ->capture_default_str();
  run->add_option(
         "--sapiws-answer", options->sapiws_answer,
         "Where answers of the SOAP service have a signature; usual: PKCS#1 in SignatureObject, "
         "CMS in DocumentWithSignature")
      ->check(CLI::IsMember({"usual", "signature-object", "document"}))
      ->capture_default_str();
  run->callback([options] { run_member(*options); });
}

}  // namespace signet::emulator
