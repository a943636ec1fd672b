#include "validation/testing/sealed_pdf.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "pdf/document.h"
#include "pdf/testing/pdf_maker.h"

namespace signet::validation::pki {

namespace {

std::string filled(const std::string& bytes, const pdf::SignatureWish& wish,
                   std::string_view password, const std::function<Bytes(Bytes covered)>& sign) {
  const auto document = pdf::Document::open(pdf::Source::of(view_of(bytes)), password);
  if (!document) throw std::runtime_error(document.error().sentence);
  auto planned = pdf::plan_signature(*document.value(), wish);
  if (!planned) throw std::runtime_error(planned.error().sentence);
  pdf::Tail& tail = planned.value().tail;
  std::string covered = bytes + std::string(signet::text_of(tail.before_gap()));
  covered += signet::text_of(tail.behind_gap());
  if (!tail.fill(sign(copy_of(view_of(covered))))) throw std::runtime_error("too little room");
  return bytes + std::string(signet::text_of(tail.bytes));
}

std::string stream(ByteView bytes) {
  return fmt::format("<< /Length {} >>\nstream\n{}\nendstream", bytes.size(),
                     signet::text_of(bytes));
}

}  // namespace

pdf::SignatureWish plain_pdf_wish(pdf::SignatureKind kind) {
  pdf::SignatureWish wish;
  wish.kind = kind;
  wish.room = 20'000;
  wish.digest = "SHA256";
  wish.signed_at = at("2015-01-01");
  return wish;
}

std::string sealed_pdf(const std::string& bytes, const Party& signer, MessageWish message,
                       const pdf::SignatureWish& wish, std::string_view password,
                       const Finish& finish) {
  return filled(bytes, wish, password, [&](Bytes covered) {
    message.content = std::move(covered);
    Bytes made = pki::message(signer, message);
    return finish ? finish(std::move(made), message.content) : made;
  });
}

std::string stamped_pdf(const std::string& bytes, const Party& authority, TokenWish token,
                        std::string_view password) {
  return filled(bytes, plain_pdf_wish(pdf::SignatureKind::time_stamp), password,
                [&](Bytes covered) {
                  token.stamped = std::move(covered);
                  return pki::token(authority, token);
                });
}

std::string with_dss(const std::string& bytes, const DssWish& wish, int first) {
  std::map<int, std::string> objects;
  int next = first;
  const auto list = [&](const std::vector<Bytes>& elements) {
    std::string references;
    for (const Bytes& one : elements) {
      objects[next] = stream(one);
      references += fmt::format("{} 0 R ", next++);
    }
    return references;
  };
  std::string dss = fmt::format("<< /Certs [ {}] ", list(wish.certificates));
  dss += fmt::format("/CRLs [ {}] ", list(wish.crls));
  dss += fmt::format("/OCSPs [ {}] /VRI << ", list(wish.ocsps));
  for (const auto& [key, value] : wish.vri) dss += fmt::format("/{} {} ", key, value);
  dss += ">> " + wish.more + " >>";
  const auto document = pdf::Document::open(pdf::Source::of(view_of(bytes)));
  if (!document) throw std::runtime_error(document.error().sentence);
  QPDFObjectHandle root = document.value()->qpdf().getObjectByID(1, 0);
  root.removeKey("/DSS");
  std::string catalog = root.unparseResolved();
  objects[1] = pdf::replaced(std::move(catalog), ">>", "/DSS " + dss + " >>");
  return pdf::updated(bytes, objects);
}

}  // namespace signet::validation::pki
