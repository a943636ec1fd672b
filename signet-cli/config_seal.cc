#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "common/descriptor.h"
#include "common/secret.h"
#include "common/trusted_file.h"
#include "config/seal.h"
#include "crypto/base64.h"
#include "signet-cli/command.h"
#include "signet-cli/config_load.h"

namespace signet::cli {

namespace {

namespace fs = std::filesystem;
using config::Seal;

struct SealOptions {
  std::string file;
  std::string key;
  std::string series = "default";
  std::optional<std::uint64_t> counter;
};

// For the steps of sealing, which all end in a sentence.
struct TokenError {
  std::string sentence;
};

Result<Bytes, TokenError> read(const fs::path& file, const FileDemands& demands) {
  auto content = read_trusted(file, demands);
  if (content.has_error()) return TokenError{content.error().sentence};
  return std::move(content).value();
}

// The counter of the seal that is there; 0 where there is none of this series.
std::uint64_t former_counter(const fs::path& seal_file, const std::string& series) {
  const auto content = read_trusted(seal_file, {.most = config::kLargestSeal});
  if (content.has_error()) return 0;
  const auto seal = Seal::parse(text_of(content.value()));
  return seal.has_value() && seal.value().series == series ? seal.value().counter : 0;
}

// Seconds since 1970 grow also where the former seal was lost.
Result<std::uint64_t, TokenError> next_counter(const SealOptions& options, std::uint64_t former) {
  if (options.counter && *options.counter <= former) {
    return TokenError{
        fmt::format("--counter {} is not above the former seal's {}", *options.counter, former)};
  }
  if (options.counter) return *options.counter;
  if (former == std::numeric_limits<std::uint64_t>::max()) {
    return TokenError{fmt::format(
        "the former seal's counter, {}, is the highest that there is: begin another --series",
        former)};
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  return std::max(static_cast<std::uint64_t>(seconds), former + 1);
}

// The new content stands under the name at once, or the old one stays.
Result<void, TokenError> replace_file(const fs::path& file, const std::string& content) {
  const std::string fresh = fmt::format("{}.{}.new", file.string(), getpid());
  const auto failed = [&](int error_number) {
    ::unlink(fresh.c_str());
    return TokenError{fmt::format("cannot write {}: {}", file.string(), system_text(error_number))};
  };
  const Descriptor out(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!out) return failed(errno);
  const bool written =
      ::write(out.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
      fchmod(out.get(), 0644) == 0 && fsync(out.get()) == 0;
  if (!written || ::rename(fresh.c_str(), file.c_str()) != 0) return failed(errno);
  return success();
}

Result<Seal, TokenError> seal_file(const SealOptions& options, const fs::path& file) {
  BOOST_OUTCOME_TRY(const Bytes content, read(file, {.most = config::kLargestConfig}));
  const auto parsed = config::parse_config(text_of(content), file.string());
  if (parsed.has_error()) return TokenError{parsed.error().sentence};
  const fs::path beside = config::seal_file_of(file);
  BOOST_OUTCOME_TRY(const std::uint64_t counter,
                    next_counter(options, former_counter(beside, options.series)));
  BOOST_OUTCOME_TRY(Bytes key, read(options.key, {.most = config::kLargestKeyFile,
                                                  .readers = Readers::owner_only}));
  const auto seal = config::make_seal(key, content, options.series, counter);
  wipe(key.data(), key.size());
  if (seal.has_error()) return TokenError{seal.error().sentence};
  BOOST_OUTCOME_TRY(replace_file(beside, seal.value().text()));
  return seal.value();
}

void seal_config(const SealOptions& options, Context& context) {
  const auto file = chosen_config_file(options.file);
  if (file.has_error()) return context.fail(file.error().sentence);
  const auto seal = seal_file(options, file.value());
  if (seal.has_error()) return context.fail(seal.error().sentence);
  context.out << fmt::format("{}: sealed in {} (series {}, counter {}, key {})\n",
                             file.value().string(), config::seal_file_of(file.value()).string(),
                             seal.value().series, seal.value().counter,
                             crypto::to_base64(seal.value().key));
}

}  // namespace

void add_config_seal(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("seal", "Seal the configuration, so that any change of it is noticed");
  const auto options = std::make_shared<SealOptions>();
  command->add_option("FILE", options->file,
                      "Configuration; default: the one the module would read");
  command
      ->add_option("--key", options->key, "Ed25519 private key (PEM, readable by its owner only)")
      ->required();
  command->add_option("--series", options->series, "Name within which counters are compared")
      ->capture_default_str();
  command->add_option(
      "--counter", options->counter,
      "Counter against roll-back; default: seconds since 1970, above the former seal's");
  command->callback([options, &context] { seal_config(*options, context); });
}

}  // namespace signet::cli
