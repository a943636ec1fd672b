#include "softhsm-backend/sapiws/pages.h"

#include <fmt/format.h>

#include <string>

#include "wsdl_text.h"

namespace signet::emulator::sapiws {

namespace {

constexpr std::string_view kVendorHost = "cosign:8080";

// Letters, digits and what host names and addresses have beside them: nothing that XML or a URL gives a meaning.
bool is_host(std::string_view host) {
  constexpr std::size_t longest = 260;
  return !host.empty() && host.size() <= longest &&
         host.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") ==
             std::string_view::npos;
}

std::string with_host(std::string text, std::string_view host) {
  for (std::size_t at = text.find(kVendorHost); at != std::string::npos;
       at = text.find(kVendorHost, at + host.size())) {
    text.replace(at, kVendorHost.size(), host);
  }
  return text;
}

}  // namespace

Answer page_answer(bool dss) {
  const char* const name = dss ? "dss.asmx" : "spml.asmx";
  const char* const operations =
      dss ? "DssSign, DssVerify"
          : "listTargets, add, lookup, modify, delete, setPassword, expirePassword, resetPassword, "
            "validatePassword, search, iterate, closeIterator";
  return {.status = 200,
          .body = fmt::format("<!DOCTYPE html>\n<html lang=\"en\"><head><title>{0}</title></head>\n"
                              "<body><h1>{0}</h1><p>Operations: {1}.</p>\n"
                              "<p><a href=\"{0}?WSDL\">Service description</a></p></body></html>\n",
                              name, operations),
          .headers = {{"Content-Type", "text/html; charset=utf-8"}}};
}

Answer wsdl_answer(bool dss, std::string_view host) {
  std::string text = dss ? kDssWsdl : kSpmlWsdl;
  if (is_host(host)) text = with_host(std::move(text), host);
  return {.status = 200,
          .body = std::move(text),
          .headers = {{"Content-Type", "text/xml; charset=utf-8"}}};
}

}  // namespace signet::emulator::sapiws
