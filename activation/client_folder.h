// The folder of the clients on this machine: the installation key, an activation for each client, and which files were
// imported.
#ifndef SIGNET_ACTIVATION_CLIENT_FOLDER_H_
#define SIGNET_ACTIVATION_CLIENT_FOLDER_H_

#include <filesystem>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/descriptor.h"
#include "pkcs11-client/error.h"
#include "seal-client/credentials.h"

namespace signet::activation {

// Of an activation file whose import was begun.
struct ImportRecord {
  std::string client;
  std::string file;
  std::string issued;    // RFC 3339 in UTC with milliseconds
  std::string imported;  // likewise; empty: not to the end

  bool operator==(const ImportRecord&) const = default;
};

// While it lives, no other process changes anything in the folder.
class ClientFolder {
 public:
  // not_found where there is no such folder; exists where another process is at work in it.
  static pkcs11::TokenResult<ClientFolder> open(const std::filesystem::path& folder);

  const std::filesystem::path& path() const { return folder_; }

  pkcs11::TokenResult<std::vector<ImportRecord>> records() const;

  // In place of that of the same file. Durable.
  pkcs11::TokenResult<void> keep(const ImportRecord& record) const;

  // NAME.account and NAME.activation, readable by whoever may read the installation key. Durable. The account is for programs
  // that want to know, before there is a login, which appliance this will be at: user, addresses and pins, in TOML. The
  // password goes by the credentials alone.
  pkcs11::TokenResult<void> store(const std::string& name, ByteView file,
                                  const sealclient::Credentials& account) const;

  std::filesystem::path file_of(const std::string& name) const {
    return folder_ / (name + ".activation");
  }

 private:
  pkcs11::TokenResult<void> place(const std::filesystem::path& file, ByteView content) const;
  ClientFolder(std::filesystem::path folder, Descriptor lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}

  std::filesystem::path folder_;
  Descriptor lock_;
};

// Letters, digits, ".", "_" and "-", and no "." in front.
bool is_client_name(const std::string& name);

// The activations in the folder, by name.
std::vector<std::string> client_names(const std::filesystem::path& folder);

}  // namespace signet::activation

#endif  // SIGNET_ACTIVATION_CLIENT_FOLDER_H_
