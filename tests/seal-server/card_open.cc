// An activation card as its owner uses it: logs in at the seal server with the card's key, and reads what the enrolment left
// for it.
//
//   card_open SERVER PIN-OF-SERVER CARD-URI PIN-FILE CLIENT
//
// Prints the credentials as JSON, the password among them: for tests only.
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "dsa-transport/client_identity.h"
#include "pkcs11-client/card.h"
#include "pkcs11-client/decryption.h"
#include "seal-client/card_objects.h"
#include "seal-client/credentials.h"
#include "seal-client/cryptogram.h"
#include "seal-client/seal_client.h"

namespace signet {
namespace {

template <typename T, typename E>
T must(Result<T, E> result) {
  if (!result) throw std::runtime_error(result.assume_error().sentence);
  return std::move(result).assume_value();
}

pkcs11::PinProvider pin_in(const std::string& file) {
  return [file](const pkcs11::TokenInfo&) -> pkcs11::TokenResult<std::optional<Secret>> {
    return std::optional<Secret>(
        config::CredentialSource{config::CredentialSource::Kind::file, file}.read().value());
  };
}

boost::json::object json_of(const sealclient::Credentials& credentials, const Bytes& hash) {
  boost::json::array members;
  for (const auto& member : credentials.members)
    members.push_back(boost::json::object{{"url", member.url}, {"pins", member.pins.text()}});
  return {{"version", credentials.version},
          {"client", credentials.client},
          {"user", credentials.user},
          {"password", std::string(text_of(credentials.password.reveal()))},
          {"members", std::move(members)},
          {"enrolKey", crypto::to_base64(credentials.enrol_key)},
          {"hash", to_hex(hash)}};
}

void run(const std::vector<std::string>& words) {
  const std::string& place = words.at(2);
  const std::size_t query = place.find('?');
  const std::string object = place.substr(0, query) + ";object=Signet%20authentication;type=";
  const std::string module_path = place.substr(query);
  const auto parsed = must(pkcs11::Uri::parse(place));
  const auto module = must(pkcs11::Module::load(parsed, {}));
  const auto session =
      must(pkcs11::TokenSession::open(module, must(module->token(parsed)), pin_in(words.at(3))));
  const auto key = must(session->key({std::string(sealclient::kCardKeyLabel), std::nullopt}));
  const auto hash =
      must(pkcs11::read_data(*session, {sealclient::kCardApplication, sealclient::kCardHashLabel}));
  if (!hash) throw std::runtime_error("The card has no SHA-256 of a content key.");

  sealclient::Options options;
  options.url = words.at(0);
  options.pins = pinning::PinSet({pinning::Pin::parse(words.at(1)).value()});
  options.identity = [object, module_path, pin_file = words.at(3)] {
    return std::make_unique<transport::ClientIdentity>(config::ClientCertificate{
        .certificate = object + "cert" + module_path,
        .key = object + "private" + module_path + "&pin-source=file:" + pin_file});
  };
  const auto outbox = must(sealclient::Outbox::open(std::filesystem::temp_directory_path() /
                                                    ("card-open." + std::to_string(getpid()))));
  sealclient::SealClient client(options, *outbox);
  const auto kept = must(client.cryptogram(Deadline::after(Milliseconds(20'000))));
  const auto own = must(pkcs11::decryption_key(*session, key));
  const Secret content_key = must(sealclient::open_cryptogram(kept.cryptogram, own.key, *hash));
  const auto credentials =
      must(sealclient::decrypt_credentials(kept.credentials, content_key, words.at(4)));
  std::cout << json_text(json_of(credentials, *hash)) << '\n';
}

}  // namespace
}  // namespace signet

int main(int argc, char** argv) {
  try {
    signet::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
