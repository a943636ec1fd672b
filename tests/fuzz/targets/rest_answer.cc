// Any bytes as the answers of an appliance, to every call of the REST contract: see support/fake_wire.h.
#include <algorithm>
#include <map>
#include <set>

#include "common/log.h"
#include "dsa-transport/factory.h"
#include "dsa-transport/native/wire_values.h"
#include "tests/fuzz/support/fake_wire.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using namespace transport;
using namespace transport::native;

// Ids that the seeds use.
const std::string kRsaKey = "6f1e6a52-7b7e-4f2b-9d55-0c6f3f6f0a01";
const std::string kEcKey = "6f1e6a52-7b7e-4f2b-9d55-0c6f3f6f0a02";
const std::string kCertificate = "6f1e6a52-7b7e-4f2b-9d55-0c6f3f6f0a03";

Settings two_members() {
  Settings options;
  for (const char* url : {"https://127.0.0.1:1/dsa/v1", "https://127.0.0.1:2/dsa/v1"}) {
    config::MemberConfig member;
    member.url = url;
    member.pins = pinning::PinSet({pinning::Pin::of_public_key({})});
    options.members.push_back(std::move(member));
  }
  options.may_create_threads = false;
  options.may_repeat = false;  // an input's answers are used up, not waited for
  return options;
}

void check_plain(std::string_view text, const std::string& what) {
  require(std::ranges::none_of(text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }),
          what + " has no control character: " + std::string(text));
}

void check_error(const ApplianceError& error) {
  require(!error.sentence.empty(), "an error has a sentence");
  check_plain(error.sentence, "an error's sentence");
  check_plain(error.cause.request_id, "a request id");
  check_plain(error.cause.code, "a sapiCode");
  require(error.cause.code.size() <= 200, "a sapiCode is short");
}

void check_key(const KeyInfo& key) {
  require(is_object_id(key.id), "a key's id is one");
  require(!key.public_key.empty(), "a key has a public key");
  require((key.type == KeyType::rsa) == (key.bits != 0), "RSA keys alone have a size");
  require(key.bits <= 16384, "a key's size is believable");
}

void check_certificate(const CertificateInfo& certificate) {
  require(is_object_id(certificate.id), "a certificate's id is one");
  require(!certificate.der.empty(), "a certificate has its bytes");
  require(certificate.key_id.empty() || is_object_id(certificate.key_id), "its key's id is one");
}

void check_set(const ObjectSet& set) {
  std::set<std::string> ids;
  std::set<std::string> keys;
  for (const KeyInfo& key : set.keys) {
    check_key(key);
    require(ids.insert(key.id).second, "no id stands twice");
    keys.insert(key.id);
  }
  for (const CertificateInfo& certificate : set.certificates) {
    check_certificate(certificate);
    require(ids.insert(certificate.id).second, "no id stands twice");
    require(certificate.key_id.empty() || keys.contains(certificate.key_id),
            "a certificate's key is there");
  }
  require(set.etag.starts_with('"'), "the list has a strong ETag");
  check_plain(set.etag, "an ETag");
}

// One run of a client over the answers of an input.
class Run {
 public:
  void call(const std::string& name) {
    static const std::map<std::string, void (Run::*)(), std::less<>> calls{
        {"info", &Run::info},
        {"account", &Run::account},
        {"objects", &Run::objects},
        {"sign-rsa", &Run::sign_rsa},
        {"sign-ec", &Run::sign_ec},
        {"generate-rsa", &Run::generate_rsa},
        {"generate-ec", &Run::generate_ec},
        {"update-key", &Run::update_key},
        {"delete-key", &Run::delete_key},
        {"import", &Run::import},
        {"update-certificate", &Run::update_certificate},
        {"delete-certificate", &Run::delete_certificate},
        {"change-password", &Run::change_password},
        {"set-password", &Run::set_password},
    };
    const auto found = calls.find(name);
    if (found != calls.end()) (this->*found->second)();
  }

 private:
  static Deadline soon() { return Deadline::after(std::chrono::seconds(60)); }

  template <typename T, typename Check>
  static void check(const Answer<T>& answer, Check good) {
    if (answer) {
      good(answer.value());
    } else {
      check_error(answer.error());
    }
  }

  template <typename T>
  static void check(const Answer<T>& answer) {
    if (!answer) check_error(answer.error());
  }

  void info() {
    check(client_->info(soon()), [](const ApplianceInfo& info) {
      require(info.max_digests_per_request > 0, "an appliance takes a digest");
      for (const unsigned bits : info.rsa_bits) require(bits <= 16384, "a size is believable");
    });
  }

  void account() {
    check(client_->account(who_, soon()), [](const AccountInfo& account) {
      require(!account.user.empty(), "an account has a name");
    });
  }

  void objects() {
    const auto answer = client_->objects(who_, etag_, soon());
    if (!answer) return check_error(answer.error());
    if (!answer.value()) return require(!etag_.empty(), "only a known list is unchanged");
    check_set(*answer.value());
    etag_ = answer.value()->etag;
  }

  void sign(const std::string& key, Scheme algorithm, std::size_t count) {
    SignRequest request;
    request.key_id = key;
    request.algorithm = algorithm;
    request.digests.assign(count, Bytes(32, 7));
    check(client_->sign(who_, request, soon()), [&](const Signatures& signatures) {
      require(signatures.values.size() == count, "there is a signature for each digest");
      for (const Bytes& value : signatures.values) {
        require(!value.empty() && value.size() <= 8192, "a signature has a believable size");
        require(algorithm != Scheme::ecdsa || value.size() % 2 == 0, "r and s are of one size");
      }
      check_plain(signatures.trace.request_id, "a request id");
    });
  }

  void sign_rsa() { sign(kRsaKey, Scheme::rsa_pkcs1, 2); }
  void sign_ec() { sign(kEcKey, Scheme::ecdsa, 1); }

  void generate(const KeySpec& spec) {
    check(client_->generate_key(who_, spec, soon()), [&](const KeyInfo& key) {
      check_key(key);
      require(key.type == spec.type && key.bits == spec.bits, "the key is the one asked for");
    });
  }

  void generate_rsa() { generate({KeyType::rsa, 2048, Curve::p256, {1}, {2}}); }
  void generate_ec() { generate({KeyType::ec, 0, Curve::p256, {1}, {2}}); }

  void update_key() {
    check(client_->update_key(who_, kRsaKey, Bytes{1}, {}, soon()), [](const KeyInfo& key) {
      check_key(key);
      require(key.id == kRsaKey, "the answer is about the key");
    });
  }

  void delete_key() { check(client_->delete_key(who_, kRsaKey, soon())); }

  void import() {
    const Bytes der(4, 0x30);
    check(client_->import_certificate(who_, der, {1}, {2}, soon()), check_certificate);
  }

  void update_certificate() {
    check(client_->update_certificate(who_, kCertificate, {}, Bytes{3}, soon()),
          [](const CertificateInfo& certificate) {
            check_certificate(certificate);
            require(certificate.id == kCertificate, "the answer is about the certificate");
          });
  }

  void delete_certificate() { check(client_->delete_certificate(who_, kCertificate, soon())); }
  void change_password() { check(client_->change_password(who_, Secret("new"), soon())); }
  void set_password() { check(client_->set_password(who_, "a/b ü", Secret("new"), soon())); }

  const std::unique_ptr<Appliance> client_ = make_appliance(two_members());
  const Credential who_{"seal", Secret("pass\"word")};
  std::string etag_;
};

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Whatever is logged is made, and goes nowhere.
  static const std::string failure =
      signet::log::open({.level = signet::log::Level::debug, .to = "/dev/null"});
  signet::fuzz::require(failure.empty(), failure);
  const auto calls = signet::fuzz::load_wire(signet::text_of({data, size}));
  signet::fuzz::Run run;
  for (const std::string& call : calls) run.call(call);
  return 0;
}
