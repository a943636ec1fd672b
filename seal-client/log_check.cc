// The seal client's look at the server's log: that it continues what this client saw of it before.
#include <chrono>

#include "common/log.h"
#include "crypto/merkle_verify.h"
#include "seal-client/log_tiles.h"
#include "seal-client/seal_client.h"

namespace signet::sealclient {

namespace {

constexpr std::chrono::minutes kBetweenLooks{10};
constexpr const char* kUntilAccepted =
    "The seal server's log contradicts what it said before; nothing is sealed until somebody "
    "accepts it.";

ServerError log_error(ServerError::Kind kind, std::string sentence) {
  return {.kind = kind, .sentence = std::move(sentence)};
}

ServerError log_error(const FileError& error) {
  return log_error(ServerError::Kind::refused, error.sentence);
}

ServerResult<crypto::TreeState> tree_kept_in(const KeptLog& log) {
  if (log.is_contradicted()) return log_error(ServerError::Kind::contradiction, kUntilAccepted);
  const auto kept = log.newest();
  if (!kept) return log_error(kept.assume_error());
  return kept.assume_value();
}

}  // namespace

ServerError SealClient::contradiction(const std::string& sentence, const std::string& said) {
  log::error("{}", sentence);
  const auto kept = log_->contradict(said.empty() ? sentence + "\n" : said);
  if (!kept) log::error("{}", kept.assume_error().sentence);
  return log_error(ServerError::Kind::contradiction, sentence);
}

// The note; empty: the log is empty.
Task<ServerResult<std::string>> SealClient::fetch_checkpoint(Deadline deadline) {
  using Answer = ServerResult<std::string>;
  const auto response = co_await link_.ask(https::Method::get, "log/checkpoint", {}, {}, deadline);
  if (response) co_return Answer(std::string(std::string_view(response.assume_value().body)));
  if (response.assume_error().kind == ServerError::Kind::missing) co_return Answer(std::string());
  co_return Answer(response.assume_error());
}

Task<ServerResult<bool>> SealClient::is_continued(crypto::TreeState kept, crypto::TreeState now,
                                                  Deadline deadline) {
  using Answer = ServerResult<bool>;
  if (now.size < kept.size) co_return Answer(false);
  LogTiles tiles(now.size);
  const crypto::NodeReader read = [&tiles](const crypto::TreeNode& node) {
    return tiles.node(node);
  };
  while (true) {
    const auto proof = crypto::consistency_proof(kept.size, now.size, read);
    if (proof) co_return Answer(crypto::extends(kept, now, proof.assume_value()));
    if (!tiles.missing()) co_return Answer(false);
    const auto response = co_await link_.ask(
        https::Method::get, "log/" + crypto::tile_path(*tiles.missing()), {}, {}, deadline);
    if (!response) co_return Answer(response.assume_error());
    if (!tiles.add(view_of(response.assume_value().body))) co_return Answer(false);
  }
}

Task<ServerResult<void>> SealClient::start_check_log(Deadline deadline) {
  using Answer = ServerResult<void>;
  if (log_ == nullptr) co_return Answer(success());
  const auto kept = tree_kept_in(*log_);
  if (!kept) co_return Answer(kept.assume_error());
  const auto fetched = co_await fetch_checkpoint(deadline);
  if (!fetched) co_return Answer(fetched.assume_error());
  const std::string& note = fetched.assume_value();
  const crypto::TreeState before = kept.assume_value();
  if (note.empty() && before.size == 0) co_return Answer(success());
  const auto now = crypto::open_checkpoint(log_->log(), note);
  if (!now)
    co_return Answer(contradiction("The seal server's log has no checkpoint by its key.", note));
  const auto continued = co_await is_continued(before, *now, deadline);
  if (!continued) co_return Answer(continued.assume_error());
  if (!continued.assume_value())
    co_return Answer(contradiction("The seal server's log has " + std::to_string(now->size) +
                                       " events and does not continue the " +
                                       std::to_string(before.size) + " that this client saw.",
                                   note));
  const auto written = log_->keep(note);
  if (!written) co_return Answer(log_error(written.assume_error()));
  log_->looked();
  co_return Answer(success());
}

ServerResult<void> SealClient::check_log(Deadline deadline) {
  return start_check_log(deadline).finish();
}

// The number below which no new event can be; looks at the log where that is due.
Task<ServerResult<std::uint64_t>> SealClient::seen_events(Deadline deadline) {
  using Answer = ServerResult<std::uint64_t>;
  if (log_ == nullptr) co_return Answer(std::uint64_t{0});
  if (log_->is_due(kBetweenLooks)) {
    const auto checked = co_await start_check_log(deadline);
    if (!checked) co_return Answer(checked.assume_error());
  }
  const auto kept = tree_kept_in(*log_);
  if (!kept) co_return Answer(kept.assume_error());
  co_return Answer(kept.assume_value().size);
}

ServerResult<void> SealClient::check_receipts(const std::vector<OpenedSeal>& seals,
                                              std::uint64_t seen) {
  for (const OpenedSeal& seal : seals) {
    if (seal.receipt.sequence >= seen) continue;
    return contradiction("The seal server's log gives a new event the number " +
                             std::to_string(seal.receipt.sequence) + " and had " +
                             std::to_string(seen) + " events before.",
                         seal.receipt.entry + "\n");
  }
  return success();
}

ServerResult<void> SealClient::accept_log(Deadline deadline) {
  if (log_ == nullptr) return success();
  const auto fetched = fetch_checkpoint(deadline).finish();
  if (!fetched) return fetched.assume_error();
  const std::string& note = fetched.assume_value();
  if (!crypto::open_checkpoint(log_->log(), note))
    return log_error(ServerError::Kind::bad_answer,
                     "The seal server's log has no checkpoint by its key.");
  const auto accepted = log_->accept(note);
  if (!accepted) return log_error(accepted.assume_error());
  log_->looked();
  return success();
}

}  // namespace signet::sealclient
