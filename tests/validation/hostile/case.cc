#include "tests/validation/hostile/case.h"

#include <fstream>
#include <stdexcept>

namespace signet::tests {

namespace {

constexpr const char* kAt = "2016-01-05";

}  // namespace

std::string CaseFolder::put(const std::string& name, ByteView bytes) const {
  const std::filesystem::path file = path_ / name;
  std::ofstream stream(file, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
  return file;
}

std::vector<std::string> CaseFolder::message(ByteView message, const pki::Party& root) const {
  return {put("document.p7s", message),
          "--data",
          put("document", signed_document()),
          "--trust",
          put("root.der", root.der()),
          "--at",
          kAt,
          "--without-revocation"};
}

std::vector<std::string> CaseFolder::pdf(ByteView bytes, const pki::Party& root) const {
  return {put("document.pdf", bytes), "--trust", put("root.der", root.der()), "--at", kAt,
          "--without-revocation"};
}

const Bytes& signed_document() {
  static const Bytes one = copy_of(view_of("a document"));
  return one;
}

const pki::Party& hostile_root() {
  static const pki::Party one = pki::root(pki::authority("Root"));
  return one;
}

pki::Party signer_below(const pki::Party& issuer) {
  return pki::issue(issuer, pki::signer("Seal"));
}

Bytes message_with(const pki::Party& signer, std::vector<Bytes> certificates) {
  pki::MessageWish wish;
  wish.content = signed_document();
  wish.certificates = std::move(certificates);
  return pki::message(signer, wish);
}

}  // namespace signet::tests
