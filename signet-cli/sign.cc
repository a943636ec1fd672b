// Plain signatures of files: made by a key of a token, verified with its certificate, without any other format around them.
#include <fmt/format.h>
#include <openssl/rsa.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "crypto/openssl.h"
#include "signet-cli/command.h"
#include "signet-cli/output.h"
#include "signet-cli/sign_options.h"
#include "signet-cli/token_options.h"
#include "signet-cli/verify/register_proof.h"
#include "signet-cli/verify/verify.h"

namespace signet::cli {
namespace {

using pkcs11::DigestSignature;
using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenResult;

// Ed25519 signs the message itself, and no more than this goes to an appliance.
constexpr std::uintmax_t kLargestMessage = 64U * 1024;  // bytes
constexpr std::uintmax_t kLargestSignature = 16U * 1024;

struct FileOptions {
  TokenOptions token;
  SignOptions sign;
  std::string key;
  std::string id;
  std::string certificate;
  std::string file;
  std::string signature;
  std::string sign_pin_file;
  bool json = false;
};

TokenResult<std::ifstream> open_file(const std::string& name) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(name, error))
    return token_error(Reason::not_found, fmt::format("\"{}\" is not a file", name));
  std::ifstream in(name, std::ios::binary);
  if (!in) return token_error(Reason::not_found, fmt::format("cannot read \"{}\"", name));
  return in;
}

TokenResult<Bytes> content_of(const std::string& name, std::uintmax_t most) {
  BOOST_OUTCOME_TRY(auto in, open_file(name));
  Bytes content(most + 1);
  in.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return token_error(Reason::failed, fmt::format("cannot read \"{}\"", name));
  if (content.size() <= most) return content;
  return token_error(Reason::unreadable, fmt::format("\"{}\" is larger than {} bytes", name, most));
}

// Piece by piece: a document may be larger than the memory.
TokenResult<Bytes> digest_of(const std::string& name, const std::string& hash) {
  BOOST_OUTCOME_TRY(auto in, open_file(name));
  const OpensslPtr<EVP_MD, EVP_MD_free> function(
      EVP_MD_fetch(crypto::library_context(), hash.c_str(), nullptr));
  const DigestContextPtr state(EVP_MD_CTX_new());
  bool good = function && state && EVP_DigestInit_ex(state.get(), function.get(), nullptr) == 1;
  char piece[65536];
  while (good && (in.read(piece, sizeof piece) || in.gcount() > 0))
    good = EVP_DigestUpdate(state.get(), piece, static_cast<std::size_t>(in.gcount())) == 1;
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  good = good && !in.bad() && EVP_DigestFinal_ex(state.get(), digest.data(), &size) == 1;
  if (!good) return token_error(Reason::failed, fmt::format("cannot digest \"{}\"", name));
  digest.resize(size);
  return digest;
}

bool is_edwards(const pkcs11::KeyType& type) {
  return type.kind == crypto::KeyType::edwards;
}

bool is_rsa(const pkcs11::KeyType& type) {
  return type.kind == crypto::KeyType::rsa;
}

// Of a digest, with OpenSSL alone.
bool fits_digest(EVP_PKEY* key, const SignOptions& options, const std::string& hash,
                 ByteView digest, ByteView signature) {
  const PkeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), key, nullptr));
  const OpensslPtr<EVP_MD, EVP_MD_free> function(
      EVP_MD_fetch(crypto::library_context(), hash.c_str(), nullptr));
  if (!context || EVP_PKEY_verify_init(context.get()) != 1) return false;
  if (EVP_PKEY_CTX_set_signature_md(context.get(), function.get()) != 1) return false;
  if (options.pss && (EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING) != 1 ||
                      EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), RSA_PSS_SALTLEN_DIGEST) != 1))
    return false;
  return EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                         digest.size()) == 1;
}

bool fits_message(EVP_PKEY* key, ByteView message, ByteView signature) {
  const DigestContextPtr state(EVP_MD_CTX_new());
  return state &&
         EVP_DigestVerifyInit_ex(state.get(), nullptr, nullptr, crypto::library_context(), nullptr,
                                 key, nullptr) == 1 &&
         EVP_DigestVerify(state.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

// Whether it is a signature of the file by this key. The error: it could not be found out.
TokenResult<bool> is_valid(const FileOptions& options, ByteView spki, ByteView signature) {
  const pkcs11::KeyType type = pkcs11::KeyType::of_public_key(spki);
  BOOST_OUTCOME_TRY(check_sign_options(options.sign, type));
  const unsigned char* at = spki.data();
  const PkeyPtr key(d2i_PUBKEY_ex(nullptr, &at, static_cast<long>(spki.size()),
                                  crypto::library_context(), nullptr));
  if (!key) return token_error(Reason::unreadable, "the public key cannot be read");
  bool valid = false;
  if (is_edwards(type)) {
    BOOST_OUTCOME_TRY(const auto message, content_of(options.file, kLargestMessage));
    valid = fits_message(key.get(), message, signature);
  } else {
    const std::string hash = hash_of(options.sign, type);
    BOOST_OUTCOME_TRY(const auto digest, digest_of(options.file, hash));
    valid = fits_digest(key.get(), options.sign, hash, digest, signature);
  }
  (void)crypto::openssl_reason();
  return valid;
}

TokenResult<Bytes> signature_by(const pkcs11::TokenSession& token, const pkcs11::Key& key,
                                const FileOptions& options) {
  BOOST_OUTCOME_TRY(check_sign_options(options.sign, key.type));
  if (is_edwards(key.type)) {
    BOOST_OUTCOME_TRY(const auto message, content_of(options.file, kLargestMessage));
    return token.sign(key, {}, message);
  }
  const std::string hash = hash_of(options.sign, key.type);
  BOOST_OUTCOME_TRY(const auto digest, digest_of(options.file, hash));
  DigestSignature wish{DigestSignature::Scheme::ecdsa, hash, hash, digest.size()};
  if (is_rsa(key.type))
    wish.scheme =
        options.sign.pss ? DigestSignature::Scheme::rsa_pss : DigestSignature::Scheme::rsa_pkcs1;
  return token.sign(key, wish, digest);
}

Json json_of_signature(const FileOptions& options, const pkcs11::KeyType& type) {
  Json json{{"file", options.file},
            {"signature", options.signature},
            {"type", type.text()},
            {"algorithm", algorithm_of(options.sign, type)}};
  if (!is_edwards(type)) json["hash"] = hash_of(options.sign, type);
  return json;
}

TokenResult<void> sign(const FileOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(const auto choice, object_choice(options.key, options.id));
  BOOST_OUTCOME_TRY(const auto token, open_token(options.token, options.key));
  token->set_signing_pin(signing_pin_provider(options.sign_pin_file));
  BOOST_OUTCOME_TRY(const auto key, token->key(choice));
  BOOST_OUTCOME_TRY(const auto signature, signature_by(*token, key, options));
  if (!key.public_key.empty()) {
    BOOST_OUTCOME_TRY(const bool valid, is_valid(options, key.public_key, signature));
    if (!valid)
      return token_error(Reason::bad_signature,
                         "the token's signature is wrong; it is not written");
  }
  BOOST_OUTCOME_TRY(write_out({options.signature, true}, "", signature, context));
  if (options.json) {
    Json json = json_of_signature(options, key.type);
    json["key"] = json_of(key);
    print_json(json, context.out);
  } else {
    context.out << fmt::format("signed with the {} key \"{}\": {}, {}\n", key.type.text(),
                               printable(key.label), algorithm_of(options.sign, key.type),
                               printable(options.signature));
  }
  return success();
}

// From the certificate's file, or the token.
TokenResult<Bytes> public_key_of(const FileOptions& options) {
  if (!options.certificate.empty()) {
    BOOST_OUTCOME_TRY(const auto certificates, keygen::read_certificates(options.certificate));
    return certificates.front().public_key();
  }
  BOOST_OUTCOME_TRY(const auto choice, object_choice(options.key, options.id));
  BOOST_OUTCOME_TRY(const auto token, open_token(options.token, options.key));
  BOOST_OUTCOME_TRY(const auto key, token->key(choice));
  if (!key.public_key.empty()) return key.public_key;
  return token_error(Reason::not_supported, "the token does not show this key's public key");
}

TokenResult<void> verify(const FileOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(const auto spki, public_key_of(options));
  BOOST_OUTCOME_TRY(const auto signature, content_of(options.signature, kLargestSignature));
  BOOST_OUTCOME_TRY(const bool valid, is_valid(options, spki, signature));
  if (!valid)
    return token_error(Reason::bad_signature,
                       fmt::format("\"{}\" is not a signature of \"{}\" by this key",
                                   options.signature, options.file));
  const pkcs11::KeyType type = pkcs11::KeyType::of_public_key(spki);
  if (options.json) {
    Json json = json_of_signature(options, type);
    json["valid"] = true;
    print_json(json, context.out);
  } else {
    context.out << fmt::format("the signature is valid: {} key, {}\n", type.text(),
                               algorithm_of(options.sign, type));
  }
  return success();
}

void add_common_options(CLI::App& command, FileOptions& options) {
  command
      .add_option("--id", options.id, "Its CKA_ID in hexadecimal, where the label is not enough")
      ->type_name("HEX");
  add_sign_options(command, options.sign);
  add_token_options(command, options.token);
  command.add_flag("--json", options.json, "Write one JSON object");
}

}  // namespace

void add_sign(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("sign", "Sign a file with a key of a token");
  const auto options = std::make_shared<FileOptions>();
  command->add_option("KEY", options->key, "The key's label, or its pkcs11: URI")->required();
  command->add_option("FILE", options->file, "The file to sign")->required();
  command->add_option("--out", options->signature, "File to write the signature to")
      ->type_name("FILE")
      ->required();
  add_common_options(*command, *options);
  command
      ->add_option("--sign-pin-file", options->sign_pin_file,
                   "File with the second credential that each signature of the key needs")
      ->type_name("FILE");
  command->callback([options, &context] {
    if (const auto done = sign(*options, context); !done)
      fail(context, done.error(), options->json);
  });
}

void add_verify(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "verify", "Validate sealed documents, or verify a plain signature of a file");
  const auto options = std::make_shared<FileOptions>();
  const auto sealed = std::make_shared<VerifyOptions>();
  const auto registered = std::make_shared<RegisterProofOptions>();
  command->add_option(
      "FILE", sealed->files,
      "Sealed documents; a document and its external seal; or with --cert or --key a "
      "file and its plain signature");
  auto* const certificate =
      command->add_option("--cert", options->certificate, "The signer's certificate, a file")
          ->type_name("FILE");
  command->add_option("--key", options->key, "A key of the token: its label, or its pkcs11: URI")
      ->type_name("KEY")
      ->excludes(certificate);
  add_verify_options(*command, *sealed);
  add_register_proof_options(*command, *registered);
  add_common_options(*command, *options);
  command->callback([options, sealed, registered, &context] {
    if (sealed->files.empty() && registered->proof.empty()) throw CLI::RequiredError("FILE");
    if (options->certificate.empty() && options->key.empty()) {
      sealed->json = options->json;
      if (!registered->proof.empty()) return verify_register_proof(*registered, *sealed, context);
      return verify_documents(*sealed, context);
    }
    if (sealed->files.size() != 2 || !registered->proof.empty())
      throw CLI::ValidationError("FILE", "with --cert or --key: a file and its signature");
    options->file = sealed->files[0];
    options->signature = sealed->files[1];
    if (const auto done = verify(*options, context); !done)
      fail(context, done.error(), options->json);
  });
}

}  // namespace signet::cli
