// A sealing client for tests: reads a line for each call, and writes a line for its answer.
//
//   seal_client_run URL PIN CERTIFICATE KEY OUTBOX [LOG-FILE VERIFIER-KEY]
//
//   open REFERENCE [SECONDS]  -> the id       status, cryptogram -> what they give
//   end ID [SIGNED-AT]        -> "kept"       flush -> "told"
//   check -> "continued"                      accept -> "accepted"
//   change LEASE|- NEXT|-     -> lease, current credentials, next ones
//   commit LEASE CREDENTIALS  -> "committed"
//   order REQUEST CRYPTOGRAM replaces|joins, order-seal LEASE REQUEST (files of DER)  -> the order's id
//   ordered ID, ordered-seal ID -> "pending", "issued N", "refused WHY"
//   certificate ID|seal:ID FILE -> writes the first certificate, DER; "written"
//   confirm ID -> "confirmed"   lease -> id, key label   activate ID -> "active"
//   keys -> how many of each state
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
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

// "-" is nothing.
std::string word_in(std::istringstream& words) {
  std::string word;
  words >> word;
  return word == "-" ? std::string() : word;
}

Bytes file_in(std::istringstream& words) {
  std::ifstream file(word_in(words), std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

std::string change(SealClient& client, std::istringstream& words, Deadline deadline) {
  const std::string lease = word_in(words);
  const std::string next = word_in(words);
  const auto held = client.change_credentials(lease, view_of(next), deadline);
  if (!held) return refused(held.assume_error());
  std::string text =
      held.assume_value().id + " " + std::string(text_of(held.assume_value().credentials));
  for (const Bytes& each : held.assume_value().next) text += " " + std::string(text_of(each));
  return text;
}

std::string done(const ServerResult<void>& result, const char* word) {
  return result ? std::string(word) : refused(result.assume_error());
}

std::string id_of(const ServerResult<std::string>& id) {
  return id ? id.assume_value() : refused(id.assume_error());
}

std::string order(SealClient& client, std::istringstream& words, Deadline deadline) {
  const Bytes request = file_in(words);
  const Bytes cryptogram = file_in(words);
  const auto succession = word_in(words) == "joins" ? Succession::joins : Succession::replaces;
  return id_of(client.order_authentication(request, cryptogram, succession, deadline));
}

std::string state_of(const ServerResult<CertificateOrder>& order) {
  if (!order) return refused(order.assume_error());
  switch (order.assume_value().state) {
    case CertificateOrder::State::pending:
      return "pending";
    case CertificateOrder::State::issued:
      return fmt::format("issued {}", order.assume_value().certificates.size());
    case CertificateOrder::State::refused:
      return "refused " + order.assume_value().reason;
  }
  return "";
}

std::string write_certificate(SealClient& client, std::istringstream& words, Deadline deadline) {
  constexpr std::string_view kSeal = "seal:";
  const std::string id = word_in(words);
  const auto order = id.starts_with(kSeal) ? client.sealing_order(id.substr(kSeal.size()), deadline)
                                           : client.authentication_order(id, deadline);
  if (!order) return refused(order.assume_error());
  std::ofstream(word_in(words), std::ios::binary)
      << text_of(order.assume_value().certificates.at(0));
  return "written";
}

std::string keys(SealClient& client, Deadline deadline) {
  const auto status = client.status(deadline);
  if (!status) return refused(status.assume_error());
  std::array<int, 4> counts{};
  for (const AuthenticationKey& key : status.assume_value().keys)
    ++counts.at(static_cast<std::size_t>(key.state));
  return fmt::format("{} registered, {} active, {} superseded, {} revoked", counts[0], counts[1],
                     counts[2], counts[3]);
}

std::optional<std::string> certificate_answer(SealClient& client, const std::string& call,
                                              std::istringstream& words, Deadline deadline) {
  if (call == "order") return order(client, words, deadline);
  if (call == "ordered") return state_of(client.authentication_order(word_in(words), deadline));
  if (call == "ordered-seal") return state_of(client.sealing_order(word_in(words), deadline));
  if (call == "certificate") return write_certificate(client, words, deadline);
  if (call == "confirm")
    return done(client.confirm_authentication(word_in(words), deadline), "confirmed");
  if (call == "activate") return done(client.activate_sealing(word_in(words), deadline), "active");
  if (call == "keys") return keys(client, deadline);
  if (call == "order-seal") {
    const std::string lease = word_in(words);
    return id_of(client.order_sealing(lease, file_in(words), deadline));
  }
  if (call != "lease") return std::nullopt;
  const auto lease = client.lease_sealing_key(deadline);
  if (!lease) return refused(lease.assume_error());
  return lease.assume_value().id + " " + lease.assume_value().key_label;
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
  if (call == "change") return change(client, words, deadline);
  if (call == "commit") {
    const std::string lease = word_in(words);
    return done(client.commit_credentials(lease, view_of(word_in(words)), deadline), "committed");
  }
  if (const auto answer = certificate_answer(client, call, words, deadline)) return *answer;
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
