#include "seal-client/installation_key.h"

#include <openssl/pem.h>

#include "common/bounded_file.h"
#include "common/secret.h"
#include "common/trusted_file.h"
#include "crypto/openssl.h"
#include "seal-client/key_pair.h"

namespace signet::sealclient {

namespace {

constexpr std::size_t kMostKeyFile = std::size_t{16} * 1024;  // bytes

PkeyPtr key_in_pem(ByteView pem) {
  const BioPtr in = crypto::bio_over(pem);
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  const PkeyPtr key(PEM_read_bio_PrivateKey_ex(in.get(), nullptr, no_passphrase, nullptr,
                                               crypto::library_context(), nullptr));
  // Through PKCS#8, which looks at the curve.
  return key ? key_pair_of(private_key_of(key.get()).reveal()) : nullptr;
}

}  // namespace

Result<PkeyPtr, FileError> read_installation_key(const std::filesystem::path& file) {
  auto pem = read_trusted(file, {.most = kMostKeyFile, .readers = Readers::owner_own_group});
  if (!pem) return std::move(pem).assume_error();
  PkeyPtr key = key_in_pem(pem.assume_value());
  wipe(pem.assume_value().data(), pem.assume_value().size());
  if (!key) return file_refused(file, "is not an installation key (PKCS#8 on P-256 in PEM)");
  return key;
}

}  // namespace signet::sealclient
