#include "config/credential_source.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "common/trusted_file.h"
#include "config/credential_command.h"
#include "config/default_folders.h"

namespace signet::config {

namespace {

using Kind = CredentialSource::Kind;

constexpr std::size_t kLongestCredential = 4096;  // bytes
constexpr Milliseconds kCommandLimit{10'000};

struct Form {
  std::string_view prefix;
  Kind kind;
};

constexpr std::array<Form, 4> kForms = {{{"file:", Kind::file},
                                         {"env:", Kind::environment},
                                         {"systemd:", Kind::systemd_credential},
                                         {"command:", Kind::command}}};

bool is_variable_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, allowed);
}

bool is_file_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
         name.find('/') == std::string_view::npos;
}

// Empty where the name suits its kind.
std::string fault_of(Kind kind, std::string_view name) {
  if (name.find('\0') != std::string_view::npos) return "it contains a zero byte";
  switch (kind) {
    case Kind::file:
      return name.starts_with('/')
                 ? ""
                 : "\"file:\" needs an absolute path: \"file:/etc/signet/seal.pin\"";
    case Kind::environment:
      return is_variable_name(name) ? "" : "\"env:\" needs a variable's name: \"env:SIGNET_PIN\"";
    case Kind::systemd_credential:
      return is_file_name(name) ? ""
                                : "\"systemd:\" needs a credential's name: \"systemd:seal.pin\"";
    case Kind::command:
      break;
  }
  return name.starts_with('/') ? ""
                               : "\"command:\" needs a program's absolute path and its arguments";
}

// One line end at the end belongs to the file, not to the password.
Result<Secret, std::string> secret_of(Bytes content, const std::string& where) {
  std::size_t size = content.size();
  if (size > 0 && content[size - 1] == '\n') --size;
  if (size + 1 == content.size() && size > 0 && content[size - 1] == '\r') --size;
  Secret secret(ByteView(content).first(size));
  wipe(content.data(), content.size());
  if (secret.empty()) return fmt::format("{} holds no password", where);
  return secret;
}

Result<Secret, std::string> read_file(const std::string& path, Readers readers) {
  auto content = read_trusted(path, {.most = kLongestCredential, .readers = readers});
  if (content.has_error()) return std::move(content).error().sentence;
  return secret_of(std::move(content).value(), path);
}

Result<Secret, std::string> read_variable(const std::string& name) {
  const char* const value = secure_getenv(name.c_str());
  if (value == nullptr || *value == '\0') {
    return fmt::format("the environment variable {} is not set for this process", name);
  }
  return Secret(std::string_view(value));
}

Result<Secret, std::string> read_systemd(const std::string& name) {
  const std::string folder = environment("CREDENTIALS_DIRECTORY");
  if (!folder.starts_with('/')) {
    return fmt::format(
        "systemd gave this process no credentials; add LoadCredential={}:… to its unit", name);
  }
  return read_file(folder + "/" + name, Readers::owner_group);
}

// Without a copy of what may be a password.
bool is_set(const char* variable) {
  const char* const value = secure_getenv(variable);
  return value != nullptr && *value != '\0';
}

// What is missing is a mistake of the configuration, not of this process's rights.
bool has_right_to(const std::string& path, int right) {
  return ::eaccess(path.c_str(), right) == 0 || (errno != EACCES && errno != EPERM);
}

Result<Secret, std::string> run_command(const std::string& line) {
  const std::vector<std::string> words = split_words(line);
  auto output = output_of(words, kCommandLimit, kLongestCredential);
  const std::string where = fmt::format("the credential command {}", words.front());
  if (output.has_error()) return fmt::format("{} {}", where, output.error());
  return secret_of(std::move(output).value(), where);
}

}  // namespace

// What was given is never part of the error: it may be the password itself, put into the wrong
// place.
Result<CredentialSource, std::string> CredentialSource::parse(std::string_view text) {
  for (const Form& form : kForms) {
    if (!text.starts_with(form.prefix)) continue;
    const std::string_view name = text.substr(form.prefix.size());
    std::string fault = fault_of(form.kind, name);
    if (!fault.empty()) return fault;
    return CredentialSource{form.kind, std::string(name)};
  }
  return std::string(
      "it must have the form \"file:/path\", \"env:NAME\", \"systemd:NAME\" or \"command:/path arg "
      "…\"; "
      "a password itself does not belong in the configuration");
}

bool CredentialSource::is_given() const {
  switch (kind) {
    case Kind::file:
      return has_right_to(name, R_OK);
    case Kind::environment:
      return is_set(name.c_str());
    case Kind::systemd_credential:
      return is_set("CREDENTIALS_DIRECTORY");
    case Kind::command:
      break;
  }
  return has_right_to(split_words(name).front(), X_OK);
}

Result<Secret, std::string> CredentialSource::read() const {
  switch (kind) {
    case Kind::file:
      return read_file(name, Readers::owner_own_group);
    case Kind::environment:
      return read_variable(name);
    case Kind::systemd_credential:
      return read_systemd(name);
    case Kind::command:
      break;
  }
  return run_command(name);
}

}  // namespace signet::config
