#include "keygen/subject.h"

#include <fmt/format.h>

#include <vector>

#include "crypto/openssl.h"

namespace signet::keygen {
namespace {

// "TYPE=value" pieces between separators; a backslash takes the next character as it is.
std::vector<std::string> pieces_of(std::string_view text, std::string_view separators) {
  std::vector<std::string> pieces(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      pieces.back() += text[++at];
    } else if (separators.find(text[at]) != std::string_view::npos) {
      pieces.emplace_back();
    } else {
      pieces.back() += text[at];
    }
  }
  return pieces;
}

std::string trimmed(const std::string& text) {
  constexpr const char* blank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

NamePtr name_of(ByteView der) {
  const unsigned char* in = der.data();
  return NamePtr(d2i_X509_NAME(nullptr, &in, static_cast<long>(der.size())));
}

TokenResult<void> add(X509_NAME* name, const std::string& piece) {
  const std::size_t equals = piece.find('=');
  if (equals == std::string::npos)
    return token_error(
        Reason::unreadable,
        fmt::format("\"{}\" in the subject has no \"=\": write CN=Seal,O=Office", piece));
  const std::string type = trimmed(piece.substr(0, equals));
  const std::string value = trimmed(piece.substr(equals + 1));
  if (OBJ_txt2nid(type.c_str()) == NID_undef && type.find('.') == std::string::npos)
    return token_error(Reason::unreadable,
                       fmt::format("the subject's \"{}\" is not a name attribute", type));
  if (value.empty())
    return token_error(Reason::unreadable, fmt::format("the subject's {} is empty", type));
  if (X509_NAME_add_entry_by_txt(name, type.c_str(), MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(value.data()),
                                 static_cast<int>(value.size()), -1, 0) != 1)
    return token_error(Reason::unreadable, fmt::format("the subject's {} cannot be \"{}\": {}",
                                                       type, value, crypto::openssl_reason()));
  return success();
}

}  // namespace

TokenResult<Bytes> parse_subject(std::string_view text) {
  const bool slashes = trimmed(std::string(text)).starts_with('/');
  const NamePtr name(X509_NAME_new());
  for (const std::string& piece : pieces_of(text, slashes ? "/\n" : ",\n")) {
    if (trimmed(piece).empty()) continue;
    BOOST_OUTCOME_TRY(add(name.get(), piece));
  }
  if (X509_NAME_entry_count(name.get()) == 0)
    return token_error(Reason::unreadable, "the subject is empty");
  return crypto::der_of(name.get(), i2d_X509_NAME);
}

std::string subject_text(ByteView der) {
  const NamePtr name = name_of(der);
  if (!name) return {};
  const BioPtr out(BIO_new(BIO_s_mem()));
  constexpr unsigned long form = static_cast<unsigned long>(XN_FLAG_RFC2253) &
                                 ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB) &
                                 ~static_cast<unsigned long>(XN_FLAG_DN_REV);
  X509_NAME_print_ex(out.get(), name.get(), 0, form);
  return crypto::text_in(out.get());
}

TokenResult<void> check_eseal_subject(ByteView der) {
  const NamePtr name = name_of(der);
  std::string missing;
  for (const int nid :
       {NID_countryName, NID_organizationName, NID_organizationIdentifier, NID_commonName}) {
    if (name && X509_NAME_get_index_by_NID(name.get(), nid, -1) >= 0) continue;
    missing += fmt::format("{}{}", missing.empty() ? "" : ", ", OBJ_nid2ln(nid));
  }
  if (missing.empty()) return success();
  return token_error(Reason::unreadable,
                     fmt::format("a seal's subject (EN 319 412-3) also needs: {}", missing));
}

}  // namespace signet::keygen
