#include "tests/process/hostile_server.h"

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "crypto/base64.h"
#include "crypto/openssl_ptr.h"

namespace signet::tests {

namespace {

using https::TestReply;
using https::TestRequest;

constexpr std::string_view kInfo =
    R"({"manufacturer":"m","model":"m","serialNumber":"1","firmware":{"major":1,"minor":0},)"
    R"("hardware":{"major":1,"minor":0},"clusterId":"c","maxDigestsPerRequest":100,)"
    R"("keyTypes":[{"type":"EC","curves":["P-256","P-521"]}],"algorithms":["ECDSA"],)"
    R"("hashes":["SHA-256"],"rawPkcs1":false})";
constexpr std::string_view kAccount =
    R"({"user":"seal","commonName":"s","rights":["user"],"signCredential":"none"})";

TestReply answer_to(const TestRequest& request, const HostileServer::Objects& objects) {
  if (request.path.ends_with("/appliance")) return {.body = std::string(kInfo)};
  if (request.path.ends_with("/account")) return {.body = std::string(kAccount)};
  return objects(request);
}

[[noreturn]] void serve(int told, int wanted, const HostileServer::Objects& objects) {
  {
    const https::TlsTestServer server(
        std::make_shared<https::TestIdentity>(),
        [&](const TestRequest& request) { return answer_to(request, objects); });
    const std::string text = server.url() + "\n" + server.pin().text() + "\n";
    if (write(told, text.data(), text.size()) < 0) _exit(1);
    close(told);
    char ignored = 0;
    while (read(wanted, &ignored, 1) > 0) {
    }
  }
  _exit(0);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 512> piece{};
  for (ssize_t got = 0; (got = read(descriptor, piece.data(), piece.size())) > 0;) {
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return text;
}

TestReply page_with(const char* list, const std::string& items, const Page& page) {
  const bool keys = std::string_view(list) == "keys";
  std::string body =
      fmt::format(R"({{"{}":[{}],"{}":[])", list, items, keys ? "certificates" : "keys");
  if (page.next) body += fmt::format(R"(,"next":"{}")", page.first + page.count);
  return {.body = body + "}", .headers = {{"ETag", "\"1\""}}};
}

template <typename Item>
std::string items_of(const Page& page, Item item) {
  std::string items;
  for (std::size_t i = 0; i < page.count; ++i) {
    if (i > 0) items += ',';
    items += item(fmt::format("id-{:0100}", page.first + i));
  }
  return items;
}

std::string public_key(Point point) {
  const char* const curve = point == Point::slow ? "P-521" : "P-256";
  const PkeyPtr key(EVP_EC_gen(curve));
  if (point == Point::slow) {
    EVP_PKEY_set_utf8_string_param(key.get(), "point-format", "compressed");
  }
  Bytes der(static_cast<std::size_t>(i2d_PUBKEY(key.get(), nullptr)));
  auto* out = der.data();
  i2d_PUBKEY(key.get(), &out);
  return crypto::to_base64(der);
}

// With an extension of that size.
std::string certificate(std::size_t size) {
  const https::TestIdentity identity;
  X509* const made = identity.certificate();
  const Bytes filling(size, 'x');
  ASN1_OCTET_STRING* text = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(text, filling.data(), static_cast<int>(filling.size()));
  X509_EXTENSION* extension = X509_EXTENSION_create_by_NID(nullptr, NID_netscape_comment, 0, text);
  X509_add_ext(made, extension, -1);
  X509_EXTENSION_free(extension);
  ASN1_OCTET_STRING_free(text);
  X509_sign(made, identity.key(), EVP_sha256());
  return crypto::to_base64(identity.certificate_der());
}

}  // namespace

HostileServer::HostileServer(const Objects& objects) {
  std::array<int, 2> told{};
  std::array<int, 2> wanted{};
  if (pipe(told.data()) != 0 || pipe(wanted.data()) != 0) throw std::runtime_error("no pipe");
  process_ = fork();
  if (process_ == 0) {
    close(told[0]);
    close(wanted[1]);
    serve(told[1], wanted[0], objects);
  }
  close(told[1]);
  close(wanted[0]);
  open_ = Descriptor(wanted[1]);
  const Descriptor reading(told[0]);
  const std::string text = read_all(reading.get());
  const auto end = text.find('\n');
  member_ = {text.substr(0, end), {text.substr(end + 1, text.rfind('\n') - end - 1)}};
}

HostileServer::~HostileServer() {
  open_.close();
  kill(process_, SIGKILL);  // it may be busy with an answer that nobody reads
  waitpid(process_, nullptr, 0);
}

https::TestReply page_of_unknown_keys(const Page& page) {
  const auto item = [](const std::string& id) {
    return fmt::format(R"({{"type":"?","id":"{}"}})", id);
  };
  return page_with("keys", items_of(page, item), page);
}

https::TestReply page_of_keys(const Page& page, std::size_t label_size, Point point) {
  static const std::array keys = {public_key(Point::usual), public_key(Point::slow)};
  const std::string label = crypto::to_base64(Bytes(label_size, 'l'));
  const auto item = [&](const std::string& id) {
    return fmt::format(
        R"({{"id":"{}","label":"{}","ckaId":"AQI=","type":"EC","curve":"{}","publicKey":"{}",)"
        R"("createdAt":"2026-01-01T00:00:00Z","state":"active"}})",
        id, label, point == Point::slow ? "P-521" : "P-256", keys.at(point == Point::slow ? 1 : 0));
  };
  return page_with("keys", items_of(page, item), page);
}

https::TestReply page_of_certificates(const Page& page, std::size_t size) {
  static const std::string der = certificate(size);
  const auto item = [&](const std::string& id) {
    return fmt::format(R"({{"id":"{}","label":"","ckaId":"AQI=","der":"{}"}})", id, der);
  };
  return page_with("certificates", items_of(page, item), page);
}

std::size_t number_in(const https::TestRequest& request) {
  const auto at = request.path.find("cursor=");
  return at == std::string::npos ? 0 : std::stoul(request.path.substr(at + 7));
}

}  // namespace signet::tests
