#include "softhsm-backend/run_command.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <set>
#include <stdexcept>

#include "common/log.h"
#include "softhsm-backend/files.h"
#include "softhsm-backend/journal.h"
#include "softhsm-backend/server.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

namespace {

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
void remove_orphans(Token& token, Database& database) {
  const auto known_ids = all_key_ids(database);
  const std::set<std::string> known(known_ids.begin(), known_ids.end());
  for (const std::string& id : token.key_ids()) {
    if (known.contains(id)) continue;
    log::info("removing key {} from the token: it was never acknowledged", id);
    token.destroy(id);
  }
}

Endpoint endpoint_of(const RunOptions& options, const Member& member) {
  if (options.listen) return *options.listen;
  const auto endpoint = Endpoint::parse(member.listen);
  if (!endpoint) throw std::runtime_error("the state names no address to listen on");
  return *endpoint;
}

Member member_of(Database& database, const RunOptions& options) {
  auto member = find_member(database, options.role);
  if (member) return *std::move(member);
  throw std::runtime_error(options.dir.string() +
                           " has no alternate; give `init` --alternate ADDRESS:PORT");
}

}  // namespace

void run_member(const RunOptions& options) {
  const InstanceFiles files(options.dir);
  if (const auto reason = refusal(files)) throw std::runtime_error(*reason);
  const RoleLock lock(files.lock(options.role));
  CommitQueue writes(files.state());
  CheckoutPool<Database> reads(
      [&] { return std::make_unique<Database>(files.state(), Database::Mode::open); });
  Member member = member_of(*reads.take(), options);
  const Endpoint listen = endpoint_of(options, member);

  point_softhsm_at(files);
  const std::filesystem::path module =
      options.softhsm.empty() ? setting(*reads.take(), "softhsm") : options.softhsm.string();
  Token token(module, kTokenLabel, read_secret_file(files.token_pin()));
  if (options.role == "primary") remove_orphans(token, *reads.take());

  Service service(writes, reads, token, options.role);
  Server server(
      service,
      {.dir = options.dir, .role = options.role, .listen = listen, .workers = options.workers});
  member.url = Endpoint{.host = listen.host, .port = server.port()}.url();
  writes.run([&](Database& database) { save_member(database, member); });
  log::info("the {} listens on {}", options.role, member.url);
  if (!options.ready_file.empty()) {
    write_private_file(options.ready_file, std::to_string(server.port()) + "\n");
  }
  server.run([&writes] {
    try {
      writes.run([](Database& database) { forget_old_answers(database); });
    } catch (const DatabaseError& error) {
      log::warn("old answers are kept: {}", error.what());
    }
  });
  log::info("the {} stops", options.role);
}

}  // namespace signet::emulator
