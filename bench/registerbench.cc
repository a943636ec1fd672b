// What the seal server's register costs: one measurement a call, as JSON. bench/register drives it.
//
//   registerbench load|alone|search|idle --port N --certificate FILE --key FILE …
//   registerbench fill --folder DIR --client ID --events N
#include <fmt/format.h>
#include <openssl/ssl.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <thread>

#include "crypto/base64.h"
#include "crypto/openssl.h"
#include "seal-server/clients/clients.h"
#include "seal-server/register/sequencer.h"
#include "seal-server/seals/seals.h"

namespace signet::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;

struct Options {
  unsigned short port = 0;
  std::string certificate;
  std::string key;
  unsigned clients = 64;
  double seconds = 10;
  unsigned connections = 2000;
  std::uint64_t events = 0;
  std::uint64_t searches = 1000;
  std::string folder;
  std::string client;
  std::string origin = "seals.example/log";
};

// A kept-open connection with a client certificate. The server is this machine's, so that nobody checks who it is.
class Line {
 public:
  explicit Line(const Options& options)
      : tls_(asio::ssl::context::tls_client), stream_(io_, configured(options)) {
    stream_.next_layer().connect({asio::ip::make_address("127.0.0.1"), options.port});
    stream_.next_layer().set_option(asio::ip::tcp::no_delay(true));
    stream_.handshake(asio::ssl::stream_base::client);
  }

  std::string ask(http::verb method, const std::string& target, std::string body = {},
                  const std::string& idempotency_key = {}) {
    http::request<http::string_body> request(method, target, 11);
    request.set(http::field::host, "localhost");
    if (!body.empty()) request.set(http::field::content_type, "application/json");
    if (!idempotency_key.empty()) request.set("Idempotency-Key", idempotency_key);
    request.body() = std::move(body);
    request.prepare_payload();
    http::write(stream_, request);
    http::response<http::string_body> response;
    http::read(stream_, buffer_, response);
    if (response.result() != http::status::ok)
      throw std::runtime_error(fmt::format("{}: {}", response.result_int(), response.body()));
    return std::move(response).body();
  }

 private:
  asio::ssl::context& configured(const Options& options) {
    tls_.use_certificate_chain_file(options.certificate);
    tls_.use_private_key_file(options.key, asio::ssl::context::pem);
    return tls_;
  }

  asio::io_context io_;
  asio::ssl::context tls_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  beast::flat_buffer buffer_;
};

class Times {
 public:
  void add(Clock::duration span) { spans_.push_back(span); }
  void add(const Times& other) {
    spans_.insert(spans_.end(), other.spans_.begin(), other.spans_.end());
  }
  std::size_t size() const { return spans_.size(); }

  // Milliseconds.
  double quantile(double part) {
    std::ranges::sort(spans_);
    if (spans_.empty()) return 0;
    const auto at = static_cast<std::size_t>(part * static_cast<double>(spans_.size() - 1));
    return std::chrono::duration<double, std::milli>(spans_[at]).count();
  }

  boost::json::object json() {
    return {{"count", spans_.size()}, {"p50_ms", quantile(0.5)}, {"p99_ms", quantile(0.99)}};
  }

 private:
  std::vector<Clock::duration> spans_;
};

template <typename Work>
void timed(Times& times, Work work) {
  const auto begin = Clock::now();
  work();
  times.add(Clock::now() - begin);
}

std::string digest_of(std::uint64_t number) {
  return crypto::to_base64(crypto::sha256(view_of(std::to_string(number))));
}

// A sealing client: announces a seal and tells how the one before has ended, in one request.
class Sealer {
 public:
  Sealer(const Options& options, unsigned number)
      : line_(options),
        name_(fmt::format("{}-{}", Clock::now().time_since_epoch().count(), number)) {}

  void seal() {
    const std::string key = fmt::format("{}-{}", name_, ++count_);
    boost::json::object body{
        {"transactions", boost::json::array{{{"kind", "seal"},
                                             {"reference", key},
                                             {"digest", digest_of(count_)},
                                             {"sealingCertificate", std::string(64, 'c')}}}}};
    if (!open_.empty())
      body["results"] = boost::json::array{
          {{"id", open_}, {"state", "sealed"}, {"sealedDigest", digest_of(count_)}}};
    std::string answer;
    timed(times, [&] {
      answer =
          line_.ask(http::verb::post, "/seal/v1/transactions", boost::json::serialize(body), key);
    });
    const auto opened = boost::json::parse(answer);
    open_ = std::string(opened.at("transactions").at(0).at("id").as_string());
  }

  Times times;

 private:
  Line line_;
  const std::string name_;
  std::string open_;
  std::uint64_t count_ = 0;
};

void load(const Options& options) {
  std::vector<std::unique_ptr<Sealer>> sealers;
  for (unsigned i = 0; i < options.clients; ++i)
    sealers.push_back(std::make_unique<Sealer>(options, i));
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::duration_cast<Clock::duration>(
                               std::chrono::duration<double>(options.seconds));
  std::vector<std::thread> threads;
  for (auto& sealer : sealers)
    threads.emplace_back([&sealer, end] {
      while (Clock::now() < end) sealer->seal();
    });
  for (std::thread& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  Times times;
  for (const auto& sealer : sealers) times.add(sealer->times);
  boost::json::object json = times.json();
  json["transactions_per_second"] = static_cast<double>(times.size()) / seconds;
  std::cout << json << '\n';
}

// An announcement beside the emptiest answer of the same server, in turns.
void alone(const Options& options) {
  Sealer sealer(options, 0);
  Line line(options);
  Times empty;
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(options.seconds));
  while (Clock::now() < end) {
    sealer.seal();
    timed(empty, [&] { line.ask(http::verb::get, "/healthz"); });
  }
  std::cout << boost::json::object{{"transaction", sealer.times.json()}, {"empty", empty.json()}}
            << '\n';
}

std::string hexadecimal(std::string_view text) {
  std::string escaped;
  for (const char c : text)
    escaped += std::isalnum(static_cast<unsigned char>(c)) != 0
                   ? std::string(1, c)
                   : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return escaped;
}

// What fill() wrote, anywhere in it.
void search(const Options& options) {
  Line line(options);
  std::uint64_t random = 20;
  boost::json::object json;
  for (const char* what : {"digest", "reference", "from"}) {
    Times times;
    for (std::uint64_t i = 0; i < options.searches; ++i) {
      random = random * 6364136223846793005ULL + 1442695040888963407ULL;
      const std::uint64_t number = (random >> 20) % std::max<std::uint64_t>(options.events / 2, 1);
      const std::string value =
          std::string_view(what) == "digest" ? digest_of(number)
          : std::string_view(what) == "reference"
              ? fmt::format("REF-{:08}", number)
              : fmt::format("2026-{:02}-{:02}T00:00:00Z", 1 + number % 12, 1 + number % 28);
      timed(times, [&] {
        line.ask(http::verb::get,
                 fmt::format("/seal/v1/transactions?{}={}", what, hexadecimal(value)));
      });
    }
    json[what] = times.json();
  }
  std::cout << json << '\n';
}

// Holds connections until the input ends.
void idle(const Options& options) {
  std::vector<std::unique_ptr<Line>> lines;
  for (unsigned i = 0; i < options.connections; ++i) {
    lines.push_back(std::make_unique<Line>(options));
    lines.back()->ask(http::verb::get, "/healthz");
  }
  std::cout << boost::json::object{{"connections", lines.size()}} << std::endl;
  std::string line;
  std::getline(std::cin, line);
}

// Transactions that were opened and sealed, through the sequencer as the server writes them.
void fill(const Options& options) {
  constexpr std::uint64_t kGroup = 1000;
  const std::filesystem::path folder = options.folder;
  auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'767'225'600));  // 2026
  sealserver::Sequencer sequencer(sealserver::LogKey::read(options.origin, folder / "log.key"),
                                  {.database = (folder / "seald.db").string(),
                                   .checkpoint_file = folder / "checkpoint",
                                   .now = [&now] { return now; }});
  const std::uint64_t transactions = options.events / 2;
  sealserver::Client client;
  client.id = options.client;
  const auto begin = Clock::now();
  for (std::uint64_t first = 0; first < transactions; first += kGroup) {
    sequencer.write([&](sealserver::Group& group) {
      for (std::uint64_t i = first; i < std::min(first + kGroup, transactions); ++i) {
        sealserver::NewSeal seal;
        seal.kind = "seal";
        seal.reference = fmt::format("REF-{:08}", i);
        seal.digest = to_hex(crypto::sha256(view_of(std::to_string(i))));
        seal.certificate = std::string(64, 'c');
        const auto opened = sealserver::open_seals(group, client, {seal});
        sealserver::SealResult result;
        result.state = "sealed";
        result.sealed_digest = to_hex(crypto::sha256(view_of("sealed " + std::to_string(i))));
        sealserver::end_seal(group, client, opened.front().id, result);
      }
    });
    now += std::chrono::seconds(30'000'000) * kGroup / std::max<std::uint64_t>(transactions, 1);
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::cout << boost::json::object{{"events", transactions * 2}, {"seconds", seconds}} << '\n';
}

int measure(int argc, char** argv) {
  CLI::App app("The seal server's register, measured", "registerbench");
  app.require_subcommand(1);
  Options options;
  app.add_option("--port", options.port);
  app.add_option("--certificate", options.certificate);
  app.add_option("--key", options.key);
  app.add_option("--clients", options.clients);
  app.add_option("--seconds", options.seconds);
  app.add_option("--connections", options.connections);
  app.add_option("--events", options.events);
  app.add_option("--searches", options.searches);
  app.add_option("--folder", options.folder);
  app.add_option("--client", options.client);
  for (const auto& [name, work] :
       std::initializer_list<std::pair<const char*, void (*)(const Options&)>>{
           {"load", load}, {"alone", alone}, {"search", search}, {"idle", idle}, {"fill", fill}})
    app.add_subcommand(name)->fallthrough()->callback([&options, work = work] { work(options); });
  CLI11_PARSE(app, argc, argv);
  return 0;
}

}  // namespace
}  // namespace signet::bench

int main(int argc, char** argv) {
  try {
    return signet::bench::measure(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "registerbench: " << error.what() << '\n';
    return 1;
  }
}
