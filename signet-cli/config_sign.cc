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
#include "config/signature.h"
#include "crypto/base64.h"
#include "signet-cli/command.h"
#include "signet-cli/config_load.h"

namespace signet::cli {

namespace {

namespace fs = std::filesystem;
using config::ConfigSignature;
using config::SignatureError;

struct SignOptions {
  std::string file;
  std::string key;
  std::string series = "default";
  std::optional<std::uint64_t> counter;
};

Result<Bytes, SignatureError> read(const fs::path& file, const FileDemands& demands) {
  auto content = read_trusted(file, demands);
  if (content.has_error()) return SignatureError{content.error().sentence};
  return std::move(content).value();
}

// The counter of the signature that is there; 0 where there is none of this series.
std::uint64_t former_counter(const fs::path& signature_file, const std::string& series) {
  const auto content = read_trusted(signature_file, {.most = config::kLargestSignature});
  if (content.has_error()) return 0;
  const auto signature = ConfigSignature::parse(text_of(content.value()));
  return signature.has_value() && signature.value().series == series ? signature.value().counter
                                                                     : 0;
}

// Seconds since 1970 grow also where the former signature was lost.
Result<std::uint64_t, SignatureError> next_counter(const SignOptions& options,
                                                   std::uint64_t former) {
  if (options.counter && *options.counter <= former) {
    return SignatureError{fmt::format("--counter {} is not above the former signature's {}",
                                      *options.counter, former)};
  }
  if (options.counter) return *options.counter;
  if (former == std::numeric_limits<std::uint64_t>::max()) {
    return SignatureError{fmt::format(
        "the former signature's counter, {}, is the highest that there is: start another --series",
        former)};
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  return std::max(static_cast<std::uint64_t>(seconds), former + 1);
}

// The new content stands under the name at once, or the old one stays.
Result<void, SignatureError> replace_file(const fs::path& file, const std::string& content) {
  const std::string fresh = fmt::format("{}.{}.new", file.string(), getpid());
  const auto failed = [&](int error_number) {
    ::unlink(fresh.c_str());
    return SignatureError{
        fmt::format("cannot write {}: {}", file.string(), system_text(error_number))};
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

Result<ConfigSignature, SignatureError> sign_file(const SignOptions& options,
                                                  const fs::path& file) {
  BOOST_OUTCOME_TRY(const Bytes content, read(file, {.most = config::kLargestConfig}));
  const auto parsed = config::parse_config(text_of(content), file.string());
  if (parsed.has_error()) return SignatureError{parsed.error().sentence};
  const fs::path beside = config::signature_file_of(file);
  BOOST_OUTCOME_TRY(const std::uint64_t counter,
                    next_counter(options, former_counter(beside, options.series)));
  BOOST_OUTCOME_TRY(Bytes key, read(options.key, {.most = config::kLargestKeyFile,
                                                  .readers = Readers::owner_only}));
  const auto signature = config::sign_config(key, content, options.series, counter);
  wipe(key.data(), key.size());
  if (signature.has_error()) return SignatureError{signature.error().sentence};
  BOOST_OUTCOME_TRY(replace_file(beside, signature.value().text()));
  return signature.value();
}

void sign_config(const SignOptions& options, Context& context) {
  const auto file = chosen_config_file(options.file);
  if (file.has_error()) return context.fail(file.error().sentence);
  const auto signature = sign_file(options, file.value());
  if (signature.has_error()) return context.fail(signature.error().sentence);
  context.out << fmt::format("{}: signed in {} (series {}, counter {}, key {})\n",
                             printable(file.value().string()),
                             printable(config::signature_file_of(file.value()).string()),
                             printable(signature.value().series), signature.value().counter,
                             crypto::to_base64(signature.value().key));
}

CLI::App* add_command(CLI::App& parent, const std::string& name, Context& context) {
  CLI::App* const command =
      parent.add_subcommand(name, "Sign the configuration, so that any change of it is noticed");
  const auto options = std::make_shared<SignOptions>();
  command->add_option("FILE", options->file,
                      "Configuration; default: the one the module would read");
  command
      ->add_option("--key", options->key, "Ed25519 private key (PEM, readable by its owner only)")
      ->required();
  command->add_option("--series", options->series, "Name within which counters are compared")
      ->capture_default_str();
  command->add_option(
      "--counter", options->counter,
      "Counter against rollback; default: seconds since 1970, above that of the last signature");
  command->callback([options, &context] { sign_config(*options, context); });
  return command;
}

}  // namespace

void add_config_sign(CLI::App& parent, Context& context) {
  add_command(parent, "sign", context);
  // Its name in version 0.1, taken in 0.2 for the last time.
  CLI::App* const former = add_command(parent, "seal", context)->group("");
  former->preparse_callback([&context](std::size_t) {
    context.err << "signet: \"config seal\" is now \"config sign\"; the old name ends with 0.2\n";
  });
}

}  // namespace signet::cli
