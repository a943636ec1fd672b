// Any bytes as what a client sends to the emulator inside TLS: requests one after the other, through the parser, the
// calls of the contract and the fault interface, over a real state; only the token is a fake (support/fake_token.cc).
//
// Where an input has no carriage return, its line ends become those of HTTP. A first byte of 1 to 8 is taken off and
// says how large the pieces are in which the rest arrives, in bytes.
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>

#include "softhsm-backend/control.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/faults.h"
#include "softhsm-backend/handler.h"
#include "softhsm-backend/key_types.h"
#include "softhsm-backend/native/service.h"
#include "softhsm-backend/state.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using namespace emulator;
using https::server::Octets;
using https::server::Parser;
using https::server::request_of;
using https::server::set_limits;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr int kMostRequests = 16;

// Ids and accounts that the seeds use. Every password is "pw".
constexpr std::string_view kPassword = "pw";
constexpr const char* kKeys[] = {
    "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002",
    "00000000-0000-4000-8000-000000000003", "00000000-0000-4000-8000-000000000004"};
constexpr const char* kAccounts[] = {"seal", "officer", "otp", "second", "expired", "disabled"};

// The state on disk, made once in a process.
class Stage {
 public:
  Stage() : folder_(make_folder()), state_(folder_ / "state.db") {
    state_.write([this](Database& database) { furnish(database); });
  }

  ~Stage() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  State& state() { return state_; }
  Token& token() { return token_; }

  // As it was made.
  void restore() {
    state_.write([](Database& database) {
      for (const std::string table : {"accounts", "keys", "certificates"}) {
        database.run("DELETE FROM " + table);
        database.run("INSERT INTO " + table + " SELECT * FROM saved_" + table);
      }
      database.run("DELETE FROM journal");
      database.run("DELETE FROM answers");
    });
    for (const std::string& id : token_.key_ids()) {
      if (!is_ours(id)) token_.destroy(id);
    }
    for (std::size_t i = 0; i < std::size(kKeys); ++i) (void)token_.generate(spec(i), kKeys[i]);
  }

 private:
  static std::filesystem::path make_folder() {
    const char* const chosen = std::getenv("TEST_TMPDIR");
    const std::string parent = chosen != nullptr               ? chosen
                               : access("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                                               : "/tmp";
    std::string name = parent + "/signet-fuzz-XXXXXX";
    require(mkdtemp(name.data()) != nullptr, "a folder can be made");
    return name;
  }

  static bool is_ours(const std::string& id) {
    return std::ranges::find(kKeys, id) != std::end(kKeys);
  }

  static crypto::KeyParameters spec(std::size_t index) {
    if (index == 0) return {.bits = 2048};
    return {.type = crypto::KeyType::ec, .curve = kCurves[index - 1].curve};
  }

  void furnish(Database& database) {
    set_setting(database, "serial_number", "1");
    set_setting(database, "cluster_id", "fuzz");
    save_member(database, {"primary", "127.0.0.1:1", "https://127.0.0.1:1/dsa/v1", "", ""});
    for (const char* user : kAccounts) {
      Account account;
      account.user = user;
      account.common_name = user;
      account.administrator = account.user == "officer";
      account.password_hash = hash_password(Secret(kPassword));
      account.key_limit = 8;
      account.certificate_limit = 4;
      add_account(database, account);
    }
    database.run("UPDATE accounts SET password_expires_at = 1 WHERE user = 'expired'");
    database.run("UPDATE accounts SET disabled = 1 WHERE user = 'disabled'");
    database.run(
        "UPDATE accounts SET sign_credential = 'otp', sign_secret = '00' WHERE user = 'otp'");
    database.run(
        "UPDATE accounts SET sign_credential = 'password', sign_secret = ? WHERE user = 'second'",
        hash_password(Secret(kPassword)));
    for (std::size_t i = 0; i < std::size(kKeys); ++i) {
      KeyRow key = new_key(i == 3 ? "second" : "seal", spec(i));
      key.id = kKeys[i];
      key.public_key = token_.generate(spec(i), kKeys[i]);
      insert_key(database, key);
    }
    for (const std::string table : {"accounts", "keys", "certificates"}) {
      database.run("CREATE TABLE saved_" + table + " AS SELECT * FROM " + table);
    }
  }

  std::filesystem::path folder_;
  Token token_{"", "", Secret()};
  State state_;
};

Stage& stage() {
  static Stage made;
  return made;
}

// The answer, read as a client would.
void check_wire(const Request& request, const Answer& answer, const Octets& wire, bool faulty) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(128UL * 1024 * 1024);
  parser.skip(request.method == "HEAD");
  error_code error;
  const std::size_t used =
      parser.put(boost::asio::buffer(wire.text.data(), wire.text.size()), error);
  require(!error && parser.is_done() && used == wire.text.size(),
          "an answer is one whole HTTP message: " + error.message());
  const auto& message = parser.get();
  require(message.result_int() == answer.status, "it has the answer's status");
  require(message["X-Request-Id"] == request.id, "it has an X-Request-Id");
  require(wire.header_size <= wire.text.size(), "a header is not longer than its message");
  if (faulty || answer.body.empty()) return;
  const auto body = boost::json::parse(answer.body, error);
  require(!error, "a body is JSON");
  if (answer.status >= 400) require(body.as_object().contains("status"), "a refusal is a problem");
}

// What a connection does with the bytes that arrive, without TLS and waiting.
class Conversation {
 public:
  void take(std::string_view bytes, std::size_t piece) {
    for (int left = kMostRequests; left > 0; --left) {
      if (!take_one(bytes, piece)) break;
    }
    if (changed_) stage().restore();
  }

 private:
  // False where the connection ends.
  bool take_one(std::string_view& bytes, std::size_t piece) {
    Parser parser;
    set_limits(parser, {});
    error_code error;
    bool whole = read(parser, bytes, piece, false, error);
    if (whole) whole = read(parser, bytes, piece, true, error);
    if (!whole) {
      refuse(parser, error);
      return false;
    }
    const bool keep_alive = parser.keep_alive();
    Request request{request_of(parser, {})};
    request.id = new_uuid();
    answer(std::move(request), keep_alive);
    return keep_alive;
  }

  // As http::async_read_header() and http::async_read() do: more bytes each time until it is enough.
  static bool read(Parser& parser, std::string_view& bytes, std::size_t piece, bool eager,
                   error_code& error) {
    parser.eager(eager);
    std::size_t seen = std::min(piece, bytes.size());
    while (eager ? !parser.is_done() : !parser.is_header_done()) {
      const std::size_t used = parser.put(boost::asio::buffer(bytes.data(), seen), error);
      bytes.remove_prefix(used);
      seen -= used;
      if (error && error != http::error::need_more) return false;
      if (used == 0 && seen == bytes.size()) break;
      if (error || used == 0) seen = std::min(seen + piece, bytes.size());
      error = {};
    }
    if (eager ? parser.is_done() : parser.is_header_done()) return true;
    if (parser.got_some()) {
      parser.put_eof(error);
      if (!error && parser.is_done()) return true;
    } else {
      error = http::error::end_of_stream;
    }
    return false;
  }

  static void refuse(const Parser& parser, error_code error) {
    const auto why = https::server::refusal_of(error);
    if (!why) return;
    Request request;
    request.method = std::string(parser.get().method_string());
    const Answer answer = refusal(*why, error.message());
    request.id = answer.headers.back().second;
    check_wire(request, answer, octets_of(request.method, answer, false), false);
  }

  void answer(Request request, bool keep_alive) {
    if (is_control(request.target)) {
      const Answer answer = finished(request, handle_control(request, faults_, counters_));
      return check_wire(request, answer, octets_of(request.method, answer, keep_alive), false);
    }
    require(!Service::route_name(request.method, request.target).empty(), "a call has a name");
    const auto fault = faults_.next(request.method, request.target);
    if (fault) request.signature_fault = fault->signature_fault;
    changed_ = changed_ || request.method != "GET" || !request.header("Authorization").empty();
    Answer answer = service_.handle(request);
    require(answer.status != 500, "no request makes the emulator fail: " + request.target);
    if (fault) {
      // More than a test asks for, and slow.
      if (fault->after_bytes > 64UL * 1024) return;
      answer = answer_under(*fault, std::move(answer));
    }
    answer = finished(request, std::move(answer));
    check_wire(request, answer, octets_of(request.method, answer, keep_alive), fault.has_value());
  }

  Service service_{stage().state(), stage().token(), "primary"};
  FaultQueue faults_;
  Counters counters_;
  bool changed_ = false;
};

std::string with_http_line_ends(std::string_view text) {
  std::string whole;
  for (const char c : text) {
    if (c == '\n') whole += '\r';
    whole += c;
  }
  return whole;
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet::fuzz;
  std::string_view text = signet::text_of({data, size});
  std::size_t piece = text.size();
  if (!text.empty() && text.front() >= 1 && text.front() <= 8) {
    piece = static_cast<std::size_t>(text.front());
    text.remove_prefix(1);
  }
  std::string bytes(text);
  if (text.find('\r') == std::string_view::npos) bytes = with_http_line_ends(text);
  Conversation().take(bytes, std::max<std::size_t>(piece * 2, 1));
  return 0;
}
