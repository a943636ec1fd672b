// What the seal server's register costs: one measurement a call, as JSON. bench/register drives it.
//
//   registerbench load|alone|search|idle --port N --identities DIR …     DIR: 0.crt and 0.key, 1.crt …, one for each client
//   registerbench fill --folder DIR --database ADDRESS --client ID --first N --seals N
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <random>
#include <thread>

#include "bench/register_fill.h"
#include "common/bytes.h"
#include "crypto/base64.h"
#include "crypto/openssl.h"

namespace signet::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;

struct Options {
  unsigned short port = 0;
  std::filesystem::path identities;
  unsigned clients = 64;
  double seconds = 10;
  unsigned connections = 2000;
  std::uint64_t searches = 1000;
  RegisterFill fill;
};

// A kept-open connection with a client certificate. The server is this machine's, so that nobody checks who it is.
class Line {
 public:
  explicit Line(const Options& options, unsigned client = 0)
      : tls_(asio::ssl::context::tls_client), stream_(io_, configured(options, client)) {
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
  asio::ssl::context& configured(const Options& options, unsigned client) {
    const std::string name = (options.identities / std::to_string(client)).string();
    tls_.use_certificate_chain_file(name + ".crt");
    tls_.use_private_key_file(name + ".key", asio::ssl::context::pem);
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
      : line_(options, number),
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

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text)
    encoded += std::isalnum(static_cast<unsigned char>(c)) != 0
                   ? std::string(1, c)
                   : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return encoded;
}

// What fill_register() wrote, anywhere in it.
std::string question(std::string_view what, std::uint64_t number) {
  if (what == "digest") return "digest=" + percent_encoded(digest_of(number));
  if (what == "reference") return "reference=" + filled_reference(number);
  const std::string until = percent_encoded(filled_time(number));
  return what == "state" ? "state=sealed&to=" + until : "to=" + until;
}

void search(const Options& options) {
  Line line(options);
  std::mt19937_64 random(20);
  std::uniform_int_distribution<std::uint64_t> any(1, options.fill.seals - 1);
  boost::json::object json;
  for (const char* what : {"digest", "reference", "date", "state"}) {
    Times times;
    for (std::uint64_t i = 0; i < options.searches; ++i) {
      const std::string target = "/seal/v1/transactions?" + question(what, any(random));
      std::string answer;
      timed(times, [&] { answer = line.ask(http::verb::get, target); });
      const auto found = boost::json::parse(answer);
      if (found.at("transactions").as_array().empty())
        throw std::runtime_error("nothing is found by " + target);
    }
    json[what] = times.json();
  }
  std::cout << json << '\n';
}

// Both ends of a connection are descriptors of this machine.
void allow_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Holds connections until the input ends.
void idle(const Options& options) {
  allow_descriptors();
  std::vector<std::unique_ptr<Line>> lines;
  for (unsigned i = 0; i < options.connections; ++i) {
    lines.push_back(std::make_unique<Line>(options));
    lines.back()->ask(http::verb::get, "/healthz");
  }
  std::cout << boost::json::object{{"connections", lines.size()}} << std::endl;
  std::string line;
  std::getline(std::cin, line);
}

void fill(const Options& options) {
  const auto begin = Clock::now();
  fill_register(options.fill);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::cout << boost::json::object{{"seals", options.fill.seals}, {"seconds", seconds}} << '\n';
}

int measure(int argc, char** argv) {
  CLI::App app("The seal server's register, measured", "registerbench");
  app.require_subcommand(1);
  Options options;
  app.add_option("--port", options.port);
  app.add_option("--identities", options.identities);
  app.add_option("--clients", options.clients);
  app.add_option("--seconds", options.seconds);
  app.add_option("--connections", options.connections);
  app.add_option("--searches", options.searches);
  app.add_option("--folder", options.fill.folder);
  app.add_option("--database", options.fill.database);
  app.add_option("--client", options.fill.client);
  app.add_option("--first", options.fill.first);
  app.add_option("--seals", options.fill.seals);
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
