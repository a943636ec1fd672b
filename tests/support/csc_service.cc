#include "tests/support/csc_service.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tests/support/files.h"
#include "tests/support/process.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

std::string without_line_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string origin_of(const std::string& url) {
  return url.substr(0, url.find('/', sizeof "https://"));
}

}  // namespace

CscService::CscService(const std::vector<std::string>& run) {
  write_file(dir_ / "pin", pin_);
  init_emulator(state_, dir_ / "pin", {"--key", "ec:P-256:signer", "--key", "rsa:2048:rsa"});
  member_.emplace(state_, "primary", members_of(state_ / "client.toml").front(),
                  dir_ / "emulator.log");
  member_->start(run, "debug");
  certify_keys();
}

// Through the appliance's own contract: this API stores nothing.
void CscService::certify_keys() const {
  use_config(state_ / "client.toml");
  const Module module;
  Session session(module);
  session.login(pin_);
  for (const char* label : {"signer", "rsa"}) {
    const auto key = session.find_one({CKO_PUBLIC_KEY, label, {}});
    const Bytes public_key = session.attribute(key, CKA_PUBLIC_KEY_INFO);
    session.write_certificate(certificate_for(public_key, label), label,
                              session.attribute(key, CKA_ID));
  }
}

void CscService::change_account(const std::vector<std::string>& words) const {
  std::vector<std::string> command = {SIGNET_TEST_EMULATOR, "account", state_.string(), "seal"};
  command.insert(command.end(), words.begin(), words.end());
  output_of(command);
}

std::string CscService::ClientFiles::config() const {
  return fmt::format("client_certificate = \"{}\"\nclient_key = \"{}\"\n", certificate.string(),
                     key.string());
}

CscService::ClientFiles CscService::make_client_certificate(const std::string& name) const {
  ClientFiles files{.certificate = dir_ / (name + ".pem"), .key = dir_ / (name + ".key")};
  output_of({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name, "-keyout",
             files.key.string(), "-out", files.certificate.string()});
  return files;
}

void CscService::configure(const std::string& token, const std::string& csc,
                           std::optional<Member> at) const {
  Member member = at.value_or(member_->member());
  member.url = origin_of(member.url) + "/csc/v2";
  write_file(dir_ / "csc.toml",
             fmt::format("cache_dir = \"{0}/cache\"\n[log]\nlevel = \"trace\"\nto = \"{0}/log\"\n"
                         "[[token]]\nlabel = \"seal\"\nuser = \"seal\"\ndialect = \"csc\"\n{1}"
                         "[token.csc]\n{2}",
                         folder().string(), token, csc) +
                 members_text({member}));
  use_config(dir_ / "csc.toml");
}

void CscService::configure_dialect(const std::string& dialect) const {
  Member member = member_->member();
  if (dialect == "sapiws") member.url = origin_of(member.url) + "/SAPIWS";
  write_file(dir_ / "other.toml", fmt::format("[[token]]\nlabel = \"seal\"\nuser = \"seal\"\n"
                                              "dialect = \"{}\"\n",
                                              dialect) +
                                      members_text({member}));
  use_config(dir_ / "other.toml");
}

std::string CscService::client_secret() const {
  return without_line_end(read_file(state_ / "seal.client-secret"));
}

std::string CscService::oauth2(const std::optional<std::string>& secret) const {
  write_file(dir_ / "client-secret", secret.value_or(client_secret()));
  return fmt::format("secret = \"file:{}\"\n", (dir_ / "client-secret").string());
}

std::uint64_t CscService::calls(const std::string& method) const {
  const auto all = member_->calls();
  const auto found = all.find("/csc/v2/" + method);
  return found == all.end() ? 0 : found->second;
}

std::string CscService::log() const {
  return read_file(dir_ / "log");
}

void CscService::clear_log() const {
  write_file(dir_ / "log", "");
}

CK_RV sign_and_verify(Session& session) {
  const auto keys = session.find({CKO_PRIVATE_KEY, "signer", {}});
  const auto certificates = session.find({CKO_CERTIFICATE, "signer", {}});
  if (keys.size() != 1 || certificates.size() != 1) {
    throw std::runtime_error("the token does not show one key and one certificate");
  }
  const Bytes document = copy_of(view_of("a document"));
  try {
    const Bytes signature = session.sign(CKM_ECDSA_SHA256, keys.front(), document);
    const Bytes certificate = session.attribute(certificates.front(), CKA_VALUE);
    if (!certificate_verifies(certificate, document, signature)) {
      throw std::runtime_error("the signature is not good");
    }
  } catch (const CryptokiError& error) {
    return error.code();
  }
  return CKR_OK;
}

}  // namespace signet::tests
