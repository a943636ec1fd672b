// The driver of the benchmarks: each call measures one thing and prints one JSON object.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <limits>
#include <string>

#include "bench/beside.h"
#include "bench/delayed_link.h"
#include "bench/first_line.h"
#include "bench/floor_bench.h"
#include "bench/in_flight.h"
#include "bench/module_bench.h"

namespace signet::bench {

namespace {

void add_work(CLI::App& command, Work& work) {
  command.add_option("--threads", work.threads, "Threads that sign")->check(CLI::Range(1, 1'024));
  command.add_option("--signatures", work.signatures, "Signatures of all threads together");
  command.add_option("--seconds", work.seconds, "Longest time to sign");
  command.add_option("--warm-up", work.warm_up,
                     "Signatures of each thread before the clock starts");
}

struct KeyChoice {
  std::string label;
  std::string pin_file;
  bool rsa = false;
};

void add_key(CLI::App& command, KeyChoice& key) {
  command.add_option("--key", key.label, "Label of the key")->required();
  command.add_option("--pin-file", key.pin_file, "File with the PIN")->required();
  command.add_flag("--rsa", key.rsa, "An RSA key (PKCS#1 v1.5); without it ECDSA. SHA-256 both");
}

// Until the standard input ends.
void run_link(std::uint16_t upstream, double milliseconds) {
  const DelayedLink link(upstream, milliseconds / 2);
  std::cout << link.port() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max(), EOF);
}

void add_beside(CLI::App& command, BesideOptions& options) {
  command.add_option("--threads", options.threads, "Threads that sign")
      ->check(CLI::Range(1, 1'024));
  command.add_option("--seconds", options.seconds, "For each of the three, all turns together");
  command.add_option("--turn-signatures", options.turn_signatures, "Most of a thread in a turn");
  command.add_option("--turn-milliseconds", options.turn_milliseconds, "Longest turn");
  command.add_option("--warm-up", options.warm_up, "Signatures of each thread before the turns");
  command.add_option("--counters-url", options.counters_url, "The appliance, past any delay")
      ->required();
  for (const char* process : {"emulator", "link"}) {
    command.add_option_function<int>(
        std::string("--") + process,
        [&options, process](int id) { options.processes[process] = id; },
        "Process id: its processor time is told as well");
  }
}

int run(int argc, char** argv) {
  CLI::App app("Measures PKCS#11 modules; prints JSON. bench/run drives it.");
  app.require_subcommand(1);
  Work work;
  KeyChoice key;
  ModuleOptions module;
  FloorOptions floor;
  std::uint16_t upstream = 0;
  double round_trip = 0;

  CLI::App& sign = *app.add_subcommand("module", "Signatures by the module $SIGNET_MODULE");
  add_work(sign, work);
  add_key(sign, key);
  sign.add_option("--token", module.token, "Label of the token");
  sign.add_option("--counters-url", module.counters_url, "The appliance, to count what finds ask");
  std::size_t keys = 0;
  CLI::App& fill = *app.add_subcommand("fill", "Makes keys with certificates by bare requests");
  fill.add_option("--keys", keys, "How many")->required();
  fill.add_option("--url", floor.url, "Base URL of the appliance")->required();
  fill.add_option("--pin-file", key.pin_file, "File with the PIN")->required();
  CLI::App& bare = *app.add_subcommand("floor", "The same requests by libcurl alone");
  add_work(bare, work);
  add_key(bare, key);
  bare.add_option("--url", floor.url, "Base URL of the appliance")->required();
  bare.add_option("--user", floor.user, "Account");
  bare.add_flag("!--no-verify", floor.verify, "Do not verify the signatures");
  CLI::App& beside = *app.add_subcommand(
      "beside", "The module and the bare request with and without a verification, in turns");
  BesideOptions turns;
  add_key(beside, key);
  add_beside(beside, turns);
  beside.add_option("--url", floor.url, "Base URL of the appliance")->required();
  beside.add_option("--request", floor.request_file, "The bare request of another dialect");
  CLI::App& flight = *app.add_subcommand(
      "in-flight", "One thread with many signatures in flight, by asynchronous sessions");
  InFlightOptions in_flight;
  add_key(flight, key);
  flight.add_option("--number", in_flight.number, "Signatures in flight, or threads")
      ->check(CLI::Range(1, 20'000));
  flight.add_flag("--threads", in_flight.threads, "As many threads that wait instead");
  flight.add_option("--signatures", in_flight.signatures, "Signatures that are counted");
  CLI::App& proxy = *app.add_subcommand(
      "proxy", "A link with a delay: prints its port, ends with the standard input");
  proxy.add_option("--to", upstream, "Port on 127.0.0.1")->required();
  proxy.add_option("--round-trip", round_trip, "Added to a round trip, in milliseconds");
  CLI11_PARSE(app, argc, argv);

  if (proxy) {
    run_link(upstream, round_trip);
  } else if (fill) {
    floor.pin = first_line(key.pin_file);
    fill_appliance(floor, keys);
  } else if (sign) {
    module.key = key.label;
    module.rsa = key.rsa;
    module.pin = first_line(key.pin_file);
    std::cout << measure_module(module, work) << '\n';
  } else if (flight) {
    module.key = key.label;
    module.pin = first_line(key.pin_file);
    std::cout << measure_in_flight(module, in_flight) << '\n';
  } else if (beside) {
    module.key = floor.key = key.label;
    module.rsa = floor.rsa = key.rsa;
    module.pin = floor.pin = first_line(key.pin_file);
    std::cout << measure_beside(turns, module, floor) << '\n';
  } else if (bare) {
    floor.key = key.label;
    floor.rsa = key.rsa;
    floor.pin = first_line(key.pin_file);
    std::cout << measure_floor(floor, work) << '\n';
  }
  return 0;
}

}  // namespace

}  // namespace signet::bench

int main(int argc, char** argv) {
  try {
    return signet::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "signbench: " << error.what() << '\n';
    return 1;
  }
}
