// A sealing client for tests: reads a line for each call, and writes a line for its answer.
//
//   seal_client_run URL PIN CERTIFICATE KEY OUTBOX [LOG-FILE VERIFIER-KEY]
//
//   open REFERENCE [SECONDS]  -> the id       status, cryptogram -> what they give
//   end ID [SIGNED-AT]        -> "kept"       flush -> "told"
//   check -> "continued"                      accept -> "accepted"
#include <fmt/format.h>

#include <iostream>
#include <sstream>

#include "https/client/file_identity.h"
#include "seal-client/seal_client.h"

namespace signet::sealclient {
namespace {

constexpr std::chrono::seconds kPatience{30};

std::string refused(const ServerError& error) {
  return fmt::format("error {} {}", static_cast<int>(error.kind), error.sentence);
}

std::string open_seal(SealClient& client, std::istringstream& words) {
  std::string reference;
  int seconds = static_cast<int>(kPatience.count());
  words >> reference >> seconds;
  NewSeal seal;
  seal.reference = reference;
  seal.digest = Bytes(32, 1);
  seal.certificate = Bytes(32, 2);
  const auto opened = client.open({seal}, Deadline::after(std::chrono::seconds(seconds)));
  return opened ? opened.assume_value().at(0).id : refused(opened.assume_error());
}

std::string end_seal(SealClient& client, std::istringstream& words) {
  NamedResult named;
  words >> named.id >> named.result.signed_at;
  named.result.sealed = true;
  named.result.sealed_digest = Bytes(32, 3);
  return client.end(named) ? "kept" : "not kept";
}

std::string answer_to(SealClient& client, const std::string& line) {
  std::istringstream words(line);
  std::string call;
  words >> call;
  const Deadline deadline = Deadline::after(kPatience);
  if (call == "open") return open_seal(client, words);
  if (call == "end") return end_seal(client, words);
  if (call == "flush") {
    const auto told = client.flush(deadline);
    return told ? "told" : refused(told.assume_error());
  }
  if (call == "check" || call == "accept") {
    const auto done = call == "check" ? client.check_log(deadline) : client.accept_log(deadline);
    return done ? call == "check" ? "continued" : "accepted" : refused(done.assume_error());
  }
  if (call == "status") {
    const auto status = client.status(deadline);
    return status ? status.assume_value().name : refused(status.assume_error());
  }
  const auto found = client.cryptogram(deadline);
  return found ? std::string(text_of(found.assume_value().cryptogram))
               : refused(found.assume_error());
}

int serve(int count, char** words) {
  const auto outbox = Outbox::open(words[5]);
  const auto pin = pinning::Pin::parse(words[2]);
  if (!outbox || !pin) return 2;
  Options options;
  options.url = words[1];
  options.pins = pinning::PinSet({*pin});
  options.identity = [words] { return std::make_unique<https::FileIdentity>(words[3], words[4]); };
  options.user_agent = "seal_client_run";
  std::optional<KeptLog> log;
  if (count == 8) {
    const auto identity = crypto::log_of_verifier_key(words[7]);
    if (!identity) return 2;
    options.log = &log.emplace(words[6], *identity);
  }
  SealClient client(std::move(options), *outbox.assume_value());
  for (std::string line; std::getline(std::cin, line);)
    std::cout << answer_to(client, line) << std::endl;
  return 0;
}

}  // namespace
}  // namespace signet::sealclient

int main(int argc, char** argv) {
  return argc == 6 || argc == 8 ? signet::sealclient::serve(argc, argv) : 2;
}
