#include "tests/process/hostile_server.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "crypto/base64.h"
#include "dsa-transport/native/wire_objects.h"
#include "https/client/message.h"

namespace signet::tests {

namespace {

using https::TestReply;
using https::TestRequest;

constexpr std::string_view kInfo =
    R"({"manufacturer":"m","model":"m","serialNumber":"1","firmware":{"major":1,"minor":0},)"
    R"("hardware":{"major":1,"minor":0},"clusterId":"c","maxDigestsPerRequest":100,)"
    R"("keyTypes":[{"type":"EC","curves":["P-256","P-521"]}],"algorithms":["ECDSA"],)"
    R"("hashes":["SHA-256"],"rawPkcs1":false})";

constexpr std::size_t kBetweenLists = 1'000'000;  // from the number of an object to the next list's

constexpr std::size_t kLongestPage = 1000;        // objects
constexpr std::size_t kLargestFilling = 261'500;  // bytes; a certificate has some hundred more
constexpr std::size_t kBetweenLarge = 500;        // every so-many-th certificate is a large one
constexpr std::size_t kFillingValues = 35'000;    // beside those of the objects
constexpr std::size_t kAtEveryLimit =
    transport::native::kMostKeys + transport::native::kMostCertificates;
constexpr std::string_view kAccount =
    R"({"user":"seal","commonName":"s","rights":["user"],"signCredential":"none"})";

[[noreturn]] void serve(int told, int wanted, const HostileServer::Handler& handler) {
  {
    const https::TlsTestServer server(std::make_shared<https::TestIdentity>(), handler);
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

std::string id_of(std::size_t number) {
  return fmt::format("id-{:0100}", number);
}

template <typename Item>
std::string items_of(const Page& page, Item item) {
  std::string items;
  for (std::size_t i = 0; i < page.count; ++i) {
    if (i > 0) items += ',';
    items += item(page.first + i);
  }
  return items;
}

const Bytes& usual_key() {
  static const Bytes key = ec_public_key(Point::usual);
  return key;
}

std::string key_item(const std::string& id, std::string_view label, Point point) {
  static const std::array keys = {crypto::to_base64(usual_key()),
                                  crypto::to_base64(ec_public_key(Point::slow))};
  return fmt::format(
      R"({{"id":"{}","label":"{}","ckaId":"AQI=","type":"EC","curve":"{}","publicKey":"{}",)"
      R"("createdAt":"2026-01-01T00:00:00Z","state":"active"}})",
      id, label, point == Point::slow ? "P-521" : "P-256", keys.at(point == Point::slow ? 1 : 0));
}

// The objects of a page at every limit: {"keys":[…],"certificates":[…].
std::string objects_at_every_limit(const ListPage& page) {
  static const std::string small = crypto::to_base64(numbered_certificate(usual_key()));
  static const std::string large =
      crypto::to_base64(numbered_certificate(usual_key(), kLargestFilling));
  const bool keys = page.place < transport::native::kMostKeys;
  const Page objects = {.first = page.first(), .count = kLongestPage};
  if (keys) {
    const std::string label = crypto::to_base64(Bytes(100, 'l'));
    const auto key = [&](std::size_t number) {
      return key_item(id_of(number), label, Point::usual);
    };
    return fmt::format(R"({{"keys":[{}],"certificates":[)", items_of(objects, key)) + "]";
  }
  const auto certificate = [&](std::size_t number) {
    return fmt::format(R"({{"id":"{}","label":"","ckaId":"AQI=","keyId":"{}","der":"{}"}})",
                       id_of(number), id_of(number - transport::native::kMostKeys),
                       number % kBetweenLarge == 0 ? large : small);
  };
  return fmt::format(R"({{"keys":[],"certificates":[{}])", items_of(objects, certificate));
}

// The last page of keys and that of certificates: where memory is scarcest, and no more, for the time that they take.
bool is_filled(const ListPage& page) {
  return (page.place + kLongestPage) % transport::native::kMostKeys == 0;
}

// Makes a body of JSON, an object without its last brace, as long as one may be: by as many values as there may be, and a
// text.
void fill(std::string& body) {
  body += R"(,"values":[0)";
  for (std::size_t i = 1; i < kFillingValues; ++i) body += ",0";
  body += R"(],"text":")";
  body.resize(https::kLargestBody - std::string_view("\"}").size(), 't');
  body += '"';
}

}  // namespace

HostileServer::HostileServer(const Handler& handler) {
  std::array<int, 2> told{};
  std::array<int, 2> wanted{};
  if (pipe(told.data()) != 0 || pipe(wanted.data()) != 0) throw std::runtime_error("no pipe");
  process_ = fork();
  if (process_ == 0) {
    close(told[0]);
    close(wanted[1]);
    serve(told[1], wanted[0], handler);
  }
  close(told[1]);
  close(wanted[0]);
  open_ = Descriptor(wanted[1]);
  const Descriptor reading(told[0]);
  const std::string text = read_all(reading.get());
  const auto end = text.find('\n');
  origin_ = text.substr(0, text.find('/', sizeof "https://"));
  pin_ = text.substr(end + 1, text.rfind('\n') - end - 1);
}

HostileServer::~HostileServer() {
  open_.close();
  kill(process_, SIGKILL);  // it may be busy with an answer that nobody reads
  waitpid(process_, nullptr, 0);
}

Member HostileServer::member(std::string_view path) const {
  return {origin_ + std::string(path), {pin_}};
}

HostileServer::Handler native_appliance(const HostileServer::Handler& objects) {
  return [objects](const TestRequest& request) -> TestReply {
    if (request.path.ends_with("/appliance")) return {.body = std::string(kInfo)};
    if (request.path.ends_with("/account")) return {.body = std::string(kAccount)};
    return objects(request);
  };
}

https::TestReply page_of_unknown_keys(const Page& page) {
  const auto item = [](std::size_t number) {
    return fmt::format(R"({{"type":"?","id":"{}"}})", id_of(number));
  };
  return page_with("keys", items_of(page, item), page);
}

https::TestReply page_of_keys(const Page& page, std::size_t label_size, Point point) {
  const std::string label = crypto::to_base64(Bytes(label_size, 'l'));
  const auto item = [&](std::size_t number) { return key_item(id_of(number), label, point); };
  return page_with("keys", items_of(page, item), page);
}

https::TestReply page_of_certificates(const Page& page, std::size_t size) {
  static const std::string der = crypto::to_base64(numbered_certificate(usual_key(), size));
  const auto item = [&](std::size_t number) {
    return fmt::format(R"({{"id":"{}","label":"","ckaId":"AQI=","der":"{}"}})", id_of(number), der);
  };
  return page_with("certificates", items_of(page, item), page);
}

std::size_t number_in(const https::TestRequest& request) {
  const auto at = request.path.find("cursor=");
  return at == std::string::npos ? 0 : std::stoul(request.path.substr(at + 7));
}

std::size_t ListPage::first() const {
  return list * kBetweenLists + place;
}

std::string ListPage::etag() const {
  return fmt::format("\"{}\"", list);
}

ListPage ChangingList::asked_by(const https::TestRequest& request) {
  const std::size_t cursor = number_in(request);
  if (cursor == 0) return {.list = ++runs_, .place = 0};
  return {.list = cursor / kBetweenLists, .place = cursor % kBetweenLists};
}

https::TestReply page_at_every_limit(const ListPage& page) {
  std::string body = objects_at_every_limit(page);
  if (!is_last_at_every_limit(page)) {
    body += fmt::format(R"(,"next":"{}")", page.first() + kLongestPage);
  }
  if (is_filled(page)) fill(body);
  body += '}';
  TestReply reply = {.body = std::move(body), .headers = {{"ETag", page.etag()}}};
  constexpr std::size_t line = 1024;  // bytes
  for (std::size_t i = 0; i + 1 < https::kLargestHeaders / line; ++i) {
    const std::string name = fmt::format("X-{}", i);
    reply.headers[name] = std::string(line - name.size() - std::string_view(": \r\n").size(), 'x');
  }
  return reply;
}

bool is_last_at_every_limit(const ListPage& page) {
  return page.place + kLongestPage >= kAtEveryLimit;
}

}  // namespace signet::tests
