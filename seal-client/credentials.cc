#include "seal-client/credentials.h"

#include <boost/json/parse.hpp>

#include "common/json_text.h"
#include "common/utf8.h"
#include "common/wiped_text.h"
#include "crypto/aes_gcm.h"
#include "crypto/base64.h"
#include "seal-client/member_list.h"
#include "seal-client/members.h"

namespace signet::sealclient {

namespace {

using CredentialsKind = CredentialsError::Kind;

constexpr std::uint8_t kForm = 1;
constexpr std::string_view kAlso = "signet credentials 1";
constexpr std::size_t kFrame = 1 + crypto::kGcmNonce + crypto::kGcmTag;
constexpr std::size_t kMostUser = 256;  // bytes

CredentialsError refused(const std::string& sentence) {
  return {.kind = CredentialsKind::refused, .sentence = sentence};
}

WipedText plain_text(const Credentials& credentials) {
  WipingMemory heap;
  const boost::json::storage_ptr memory(&heap);
  boost::json::object json(memory);
  json["version"] = credentials.version;
  json["client"] = credentials.client;
  json["user"] = credentials.user;
  json["password"] = wiped_json_string(text_of(credentials.password.reveal()), memory);
  json["members"] = write_member_list(credentials.members, memory);
  json["enrolKey"] = crypto::to_base64(credentials.enrol_key);
  return wiped_json_text(json);
}

// The password without a copy that nobody wipes.
Secret password_in(const boost::json::value& json) {
  const auto* object = json.if_object();
  const auto* member = object == nullptr ? nullptr : object->if_contains("password");
  const auto* text = member == nullptr ? nullptr : member->if_string();
  return text == nullptr ? Secret() : Secret(std::string_view(*text));
}

std::optional<Credentials> read_plain(std::string_view text) {
  WipingMemory heap;
  boost::json::error_code error;
  const boost::json::value json = boost::json::parse(text, error, &heap);
  if (error || repeats_a_name(text, json)) return std::nullopt;
  Members members(&json);
  Credentials credentials;
  credentials.version = members.optional_number("version").value_or(0);
  credentials.client = members.text("client");
  credentials.user = members.text("user");
  credentials.password = password_in(json);
  credentials.enrol_key = members.octets("enrolKey");
  auto list = read_member_list(members);
  if (!list || !members.good() || credentials.version < 1 || credentials.client.empty() ||
      credentials.user.empty() || credentials.user.size() > kMostUser ||
      credentials.password.empty() || credentials.enrol_key.empty())
    return std::nullopt;
  credentials.members = *std::move(list);
  return credentials;
}

}  // namespace

Result<Bytes, CredentialsError> encrypt_credentials(const Credentials& credentials,
                                                    const Secret& content_key) {
  if (!is_utf8(text_of(credentials.password.reveal())))
    return refused("The appliance password is not UTF-8.");
  const WipedText plain = plain_text(credentials);
  // What nobody could read again is not written.
  if (!read_plain(text_of(plain))) return refused("The credentials are not complete.");
  const auto text = crypto::gcm_encrypt(content_key, view_of(text_of(plain)), view_of(kAlso));
  if (!text)
    return CredentialsError{.kind = CredentialsKind::system,
                            .sentence = "The credentials cannot be encrypted."};
  Bytes encrypted = {kForm};
  encrypted.insert(encrypted.end(), text->nonce.begin(), text->nonce.end());
  encrypted.insert(encrypted.end(), text->ciphertext.begin(), text->ciphertext.end());
  encrypted.insert(encrypted.end(), text->tag.begin(), text->tag.end());
  if (encrypted.size() > kMostCredentials) return refused("The credentials are too long.");
  return encrypted;
}

Result<Credentials, CredentialsError> decrypt_credentials(ByteView encrypted,
                                                          const Secret& content_key,
                                                          const std::string& client) {
  if (encrypted.size() < kFrame || encrypted.size() > kMostCredentials || encrypted[0] != kForm)
    return refused("The credentials are of a form that this version does not read.");
  const ByteView body = encrypted.subspan(1);
  const crypto::GcmText text{copy_of(body.first(crypto::kGcmNonce)),
                             copy_of(body.subspan(crypto::kGcmNonce, encrypted.size() - kFrame)),
                             copy_of(body.last(crypto::kGcmTag))};
  const auto plain = crypto::gcm_decrypt(content_key, text, view_of(kAlso));
  if (!plain) return refused("The credentials were changed, or encrypted under another key.");
  auto credentials = read_plain(text_of(plain->reveal()));
  if (!credentials) return refused("The credentials are not complete.");
  if (credentials->client != client)
    return CredentialsError{.kind = CredentialsKind::another_client,
                            .sentence = "The credentials are another client's."};
  return *std::move(credentials);
}

}  // namespace signet::sealclient
