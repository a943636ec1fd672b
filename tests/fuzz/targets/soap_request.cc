// Any bytes as the body of a request to the emulator's SOAP service: the XML reader, envelopes, both services and both
// firmwares, over a real state; only the token is a fake (support/fake_token.cc).
//
// The first line says where the rest goes, by the words in it: "spml" (else DSS), "1.2" (else SOAP 1.1), "5.2" (else 8).
// Every password is "word".
#include <openssl/ec.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "crypto/openssl_ptr.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/public_key.h"
#include "softhsm-backend/sapiws/service.h"
#include "softhsm-backend/sapiws/xml_reader.h"
#include "softhsm-backend/state.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using namespace emulator;

constexpr std::string_view kPassword = "word";
constexpr const char* kKey = "00000000-0000-4000-8000-000000000001";
constexpr const char* kTables[] = {"certificates", "keys",
                                   "accounts"};  // what refers to others comes first

std::filesystem::path make_folder() {
  const char* const chosen = std::getenv("TEST_TMPDIR");
  const std::string parent = chosen != nullptr               ? chosen
                             : access("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                                             : "/tmp";
  std::string name = parent + "/signet-fuzz-XXXXXX";
  require(mkdtemp(name.data()) != nullptr, "a folder can be made");
  return name;
}

// By an authority that is thrown away.
Bytes certificate_of(EVP_PKEY* key) {
  const PkeyPtr signer(EVP_EC_gen("P-256"));
  const X509Ptr made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 7);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_set_pubkey(made.get(), key);
  X509_sign(made.get(), signer.get(), EVP_sha256());
  return crypto::der_of(made.get(), i2d_X509);
}

// The state on disk, made once in a process.
class SoapFixture {
 public:
  SoapFixture() : folder_(make_folder()), state_(folder_ / "state.db") {
    state_.write([this](Database& database) { furnish(database); });
  }
  ~SoapFixture() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  SoapFixture(const SoapFixture&) = delete;
  SoapFixture& operator=(const SoapFixture&) = delete;

  State& state() { return state_; }
  Token& token() { return token_; }

  // As it was made.
  void restore() {
    state_.write([](Database& database) {
      for (const std::string table : kTables) database.run("DELETE FROM " + table);
      for (const std::string table : {"accounts", "keys", "certificates"}) {
        database.run("INSERT INTO " + table + " SELECT * FROM saved_" + table);
      }
      database.run("DELETE FROM journal");
    });
    (void)token_.generate({.bits = 2048}, kKey);  // the fake makes the same one again
  }

 private:
  void furnish(Database& database) {
    set_setting(database, "serial_number", "1");
    set_setting(database, "cluster_id", new_uuid());
    for (const std::string user : {"seal", "admin"}) {
      Account account;
      account.user = user;
      account.common_name = user;
      account.administrator = user == "admin";
      account.password_hash = hash_password(Secret(kPassword));
      add_account(database, account);
    }
    KeyRow key = new_key("seal", {.bits = 2048});
    key.id = kKey;
    key.public_key = token_.generate({.bits = 2048}, kKey);
    insert_key(database, key);
    const unsigned char* at = key.public_key.data();
    const PkeyPtr parsed(d2i_PUBKEY(nullptr, &at, static_cast<long>(key.public_key.size())));
    insert_certificate(database, {.seq = 0,
                                  .id = new_uuid(),
                                  .owner = "seal",
                                  .label = {},
                                  .cka_id = {},
                                  .der = certificate_of(parsed.get()),
                                  .public_key = key.public_key,
                                  .key_id = {}});
    for (const std::string table : kTables) {
      database.run("CREATE TABLE saved_" + table + " AS SELECT * FROM " + table);
    }
  }

  std::filesystem::path folder_;
  Token token_{"", "", Secret()};
  State state_;
};

SoapFixture& fixture() {
  static SoapFixture made;
  return made;
}

sapiws::Service& service(bool old) {
  static sapiws::Service current(fixture().state(), fixture().token(), "primary", {});
  static sapiws::Service former(fixture().state(), fixture().token(), "primary",
                                {.profile = sapiws::Profile::v5_2});
  return old ? former : current;
}

void answer(std::string_view words, std::string_view body) {
  const auto says = [&](std::string_view word) {
    return words.find(word) != std::string_view::npos;
  };
  Request request;
  request.method = "POST";
  request.target = says("spml") ? "/SAPIWS/spml.asmx" : "/SAPIWS/dss.asmx";
  request.set_header("Content-Type", says("1.2") ? "application/soap+xml" : "text/xml");
  request.id = "fuzz";
  request.body = std::string(body);
  const Answer made = service(says("5.2")).handle(request);
  require(made.status == 200 || made.status == 500, "SOAP knows two statuses");
  require(made.body.find("unable to process request") == std::string::npos,
          "no request makes the service fail");
  const auto read = sapiws::read_xml(made.body);
  require(read.has_value(), "an answer is well-formed");
  require(read.assume_value().name == "Envelope" && read.assume_value().children.size() == 1,
          "an answer is an envelope");
  if (body.find("DssVerify") == std::string_view::npos) fixture().restore();
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = signet::text_of({data, size});
  const std::size_t line = std::min(text.find('\n'), text.size());
  signet::fuzz::answer(text.substr(0, line), text.substr(std::min(line + 1, text.size())));
  return 0;
}
