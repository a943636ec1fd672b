#include "crypto/context.h"

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/ec.h>
#include <openssl/provider.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "crypto/host_errors.h"

namespace signet::crypto {

namespace {

// A provider names an algorithm "SHA2-256:SHA-256:SHA256:2.16.840.1.101.3.4.2.1".
bool has_name(std::string_view names, std::string_view wanted) {
  while (!names.empty()) {
    const std::size_t end = names.find(':');
    if (names.substr(0, end) == wanted) return true;
    names = end == std::string_view::npos ? std::string_view{} : names.substr(end + 1);
  }
  return false;
}

}  // namespace

CkResult<std::shared_ptr<Context>> Context::create() {
  if (openssl_is_gone()) {
    return ck_error(CKR_CRYPTOKI_NOT_INITIALIZED, "OpenSSL has shut down: the process is ending");
  }
  const HostErrors aside;
  std::shared_ptr<Context> context(new Context());
  if (!context->library_) {
    return ck_error(CKR_GENERAL_ERROR, "OpenSSL's default provider cannot be loaded");
  }
  if (!context->find_digests() || !context->find_key_functions() || !context->make_groups()) {
    return ck_error(CKR_GENERAL_ERROR, "OpenSSL's default provider lacks an algorithm or a curve");
  }
  return context;
}

void Context::Algorithms::ask(OSSL_PROVIDER* provider, int operation) {
  int no_cache = 0;
  operation_ = operation;
  list_ = OSSL_PROVIDER_query_operation(provider, operation, &no_cache);
}

void Context::Algorithms::release(OSSL_PROVIDER* provider) const {
  if (list_ != nullptr) OSSL_PROVIDER_unquery_operation(provider, operation_, list_);
}

const OSSL_DISPATCH* Context::Algorithms::functions(std::string_view name) const {
  if (list_ == nullptr) return nullptr;
  const OSSL_ALGORITHM* algorithm = list_;
  while (algorithm->algorithm_names != nullptr && !has_name(algorithm->algorithm_names, name)) {
    ++algorithm;
  }
  return algorithm->algorithm_names == nullptr ? nullptr : algorithm->implementation;
}

bool Context::find_digests() {
  digests_.ask(library_.provider(), OSSL_OP_DIGEST);
  for (const HashRow& row : kRealHashes) {
    const OSSL_DISPATCH* found = digests_.functions(row.name);
    if (found == nullptr) return false;
    digest_functions_[static_cast<std::size_t>(row.hash)] = found;
  }
  return true;
}

bool Context::find_key_functions() {
  managements_.ask(library_.provider(), OSSL_OP_KEYMGMT);
  signatures_.ask(library_.provider(), OSSL_OP_SIGNATURE);
  for (const KeyTypeRow& row : kKeyTypes) {
    const KeyFunctions found{managements_.functions(row.key_management),
                             signatures_.functions(row.signature)};
    if (found.management == nullptr || found.signature == nullptr) return false;
    key_functions_[static_cast<std::size_t>(row.type)] = found;
  }
  return true;
}

bool Context::make_groups() {
  for (const CurveRow& row : kCurves) {
    if (row.type != KeyType::ec) continue;
    EC_GROUP* made = EC_GROUP_new_by_curve_name_ex(library_.get(), nullptr, row.openssl_number);
    groups_[static_cast<std::size_t>(row.curve)] = made;
    if (made == nullptr) return false;
  }
  return true;
}

const OSSL_DISPATCH* Context::digest_functions(Hash hash) const {
  return digest_functions_[static_cast<std::size_t>(hash)];
}

const Context::KeyFunctions& Context::key_functions(KeyType type) const {
  return key_functions_[static_cast<std::size_t>(type)];
}

void* Context::provider_state() const {
  return OSSL_PROVIDER_get0_provider_ctx(library_.provider());
}

const EC_GROUP* Context::group(Curve curve) const {
  return groups_[static_cast<std::size_t>(curve)];
}

Context::~Context() {
  if (openssl_is_gone()) return;
  for (EC_GROUP* group : groups_) EC_GROUP_free(group);
  for (const auto& asked : {digests_, managements_, signatures_})
    asked.release(library_.provider());
}

CkResult<void> random_bytes(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return ck_error(CKR_RANDOM_NO_RNG, "the system's random generator cannot be read");
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return success();
}

}  // namespace signet::crypto
