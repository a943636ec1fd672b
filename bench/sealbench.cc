// Seals in one process that is running already, and the least that a seal can cost: lines of JSON in, one out for each.
// bench/sealing drives it, and the workers of other programs (peers/) in the same way.
//
//   {"form": "external" | "internal" | "pades", "documents": [PATHS], "outputs": [PATHS], "threads": 1}
//   {"milliseconds": [one for each document], "seconds": 1.25}
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "bench/first_line.h"
#include "bench/module_bench.h"
#include "common/descriptor.h"
#include "common/secret.h"
#include "keygen/certificate.h"
#include "pkcs11-client/module.h"
#include "pkcs11-client/uri.h"
#include "sealing/sealer.h"
#include "tests/support/x509.h"

namespace signet::bench {

namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

// Forms; the third one is "internal".
constexpr std::string_view kExternal = "external";
constexpr std::string_view kPades = "pades";

// Throws where it fails.
using Seal = std::function<void(const std::string& document, const std::string& output)>;

struct Options {
  std::string key;
  std::string pin_file;
  std::string chain;
  bool synced = false;
};

template <typename Result>
auto value_of(Result result) {
  if (!result) throw std::runtime_error(result.error().sentence);
  return std::move(result).value();
}

// --- by the sealing library

class Library {
 public:
  explicit Library(const Options& options) : sealer_(make(options)) {}

  // Thread-safe.
  void seal(const std::string& form, const std::string& document, const std::string& output) const {
    sealing::SealWish wish;
    wish.external = form == kExternal;
    auto out = value_of(sealing::Output::file(output, sealing::Output::Existing::refuse));
    const auto in = value_of(sealing::Input::file(document));
    (void)value_of(form == kPades ? sealer_.seal_pades(in, out, wish, sealing::PdfWish())
                                  : sealer_.seal_cades(in, out, wish));
  }

 private:
  static sealing::Sealer make(const Options& options) {
    sealing::SealKeyChoice choice;
    choice.module = value_of(pkcs11::Module::load(pkcs11::default_module()));
    choice.token = value_of(choice.module->token(pkcs11::Uri::of_token("seal")));
    choice.pin = [pin = first_line(options.pin_file)](const pkcs11::TokenInfo&) {
      return pkcs11::TokenResult<std::optional<Secret>>(Secret(pin));
    };
    choice.key.label = options.key;
    for (const auto& issuer : value_of(keygen::read_certificates(options.chain)))
      choice.issuers.push_back(issuer.der());
    auto context = crypto::Context::create();
    if (!context) throw std::runtime_error("OpenSSL's default provider cannot be used");
    return {std::move(context).value(), value_of(sealing::SealKey::open(std::move(choice))),
            nullptr};
  }

  const sealing::Sealer sealer_;
};

// --- by nothing but one C_Sign, reading, digesting and writing

void check(bool good, const std::string& what) {
  if (!good) throw std::system_error(errno, std::generic_category(), what);
}

void read_all(const std::string& path, Bytes& bytes) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  check(bool(file), path);
  const off_t size = lseek(file.get(), 0, SEEK_END);
  check(size >= 0 && lseek(file.get(), 0, SEEK_SET) == 0, path);
  bytes.resize(static_cast<std::size_t>(size));
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t got = read(file.get(), bytes.data() + at, bytes.size() - at);
    check(got > 0, path);
    at += static_cast<std::size_t>(got);
  }
}

// A file that is opened before the signature is made, as the library opens its own.
class NewFile {
 public:
  // `durable`: with the calls of the library: without a name, on disk, with its name, and the folder on disk.
  NewFile(std::string path, bool durable)
      : path_(std::move(path)),
        folder_(std::filesystem::path(path_).parent_path()),
        durable_(durable),
        file_(durable ? open(folder_.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666)
                      : open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
    check(bool(file_), path_);
  }

  void write(ByteView bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
      check(written > 0, path_);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    if (!durable_) return;
    check(fsync(file_.get()) == 0, path_);
    const std::string open_file = "/proc/self/fd/" + std::to_string(file_.get());
    check(linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW) == 0,
          path_);
    const Descriptor opened(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    check(opened && fsync(opened.get()) == 0, folder_);
  }

 private:
  const std::string path_;
  const std::string folder_;
  const bool durable_;
  const Descriptor file_;
};

class Floor {
 public:
  explicit Floor(const Options& options)
      : module_(module_options(options)), synced_(options.synced) {}

  // For one thread, which keeps its session and its memory. Ends before this object.
  std::function<void(const std::string& form, const std::string&, const std::string&)> sealer()
      const {
    auto content = std::make_shared<Bytes>();
    return [sign = module_.signer(), synced = synced_, content](
               const std::string& form, const std::string& document, const std::string& output) {
      const NewFile out(output, synced);
      read_all(document, *content);
      const Bytes digest = tests::sha256(*content);
      sign(digest);
      out.write(form == kExternal ? ByteView(digest) : ByteView(*content));
    };
  }

 private:
  static ModuleOptions module_options(const Options& options) {
    ModuleOptions wanted;
    wanted.key = options.key;
    wanted.pin = first_line(options.pin_file);
    return wanted;
  }

  const SigningModule module_;
  const bool synced_;
};

// --- lines

std::vector<std::string> strings(const json::value& array) {
  return json::value_to<std::vector<std::string>>(array);
}

// One Seal for each thread.
json::object answer(const json::object& request, const std::vector<Seal>& seals) {
  const auto documents = strings(request.at("documents"));
  const auto outputs = strings(request.at("outputs"));
  std::vector<double> milliseconds(documents.size());
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&](const Seal& seal) {
    try {
      for (std::size_t mine = next++; mine < documents.size(); mine = next++) {
        const auto began = Clock::now();
        seal(documents.at(mine), outputs.at(mine));
        milliseconds[mine] =
            std::chrono::duration<double, std::milli>(Clock::now() - began).count();
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  const auto began = Clock::now();
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < seals.size(); ++i) threads.emplace_back(work, std::cref(seals[i]));
  work(seals[0]);
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  return {{"milliseconds", json::value_from(milliseconds)}, {"seconds", seconds}};
}

// Until the standard input ends. `make`: a Seal for one thread, for seals of one form.
void serve(const std::function<Seal(const std::string& form)>& make) {
  std::string line;
  while (std::getline(std::cin, line)) {
    const json::object request = json::parse(line).as_object();
    const std::string form(request.at("form").as_string());
    std::vector<Seal> seals;
    const json::value* const threads = request.if_contains("threads");
    const auto wanted = threads != nullptr ? threads->to_number<std::size_t>() : 1;
    while (seals.size() < wanted) seals.push_back(make(form));
    std::cout << answer(request, seals) << std::endl;
  }
}

int run(int argc, char** argv) {
  CLI::App app("Seals for as long as it is asked, with $SIGNET_MODULE. bench/sealing drives it.");
  app.require_subcommand(1);
  Options options;
  CLI::App& library = *app.add_subcommand("library", "By the sealing library");
  library.add_option("--chain", options.chain, "The issuers' certificates")->required();
  CLI::App& floor = *app.add_subcommand("floor", "One C_Sign, reading, digesting and writing");
  floor.add_flag("--synced", options.synced, "Written as durably as by the library");
  for (CLI::App* const each : {&library, &floor}) {
    each->add_option("--key", options.key, "Label of a P-256 key")->required();
    each->add_option("--pin-file", options.pin_file, "File with the PIN")->required();
  }
  CLI11_PARSE(app, argc, argv);
  if (library) {
    const Library sealer(options);
    serve([&](const std::string& form) -> Seal {
      return [&sealer, form](const std::string& document, const std::string& output) {
        sealer.seal(form, document, output);
      };
    });
  } else {
    const Floor sealer(options);
    serve([&](const std::string& form) -> Seal {
      return
          [seal = sealer.sealer(), form](const std::string& document, const std::string& output) {
            seal(form, document, output);
          };
    });
  }
  return 0;
}

}  // namespace

}  // namespace signet::bench

int main(int argc, char** argv) {
  try {
    return signet::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "sealbench: " << error.what() << '\n';
    return 1;
  }
}
