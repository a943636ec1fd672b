#include "pdf/signature_dictionary.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <utility>

#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

void add_text(QPDFObjectHandle dictionary, const char* key, const std::string& text) {
  if (!text.empty()) dictionary.replaceKey(key, QPDFObjectHandle::newUnicodeString(text));
}

// ISO 32000-2, 7.9.4; in UTC.
std::string date_of(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  return fmt::format("D:{:%Y%m%d%H%M%S}+00'00'", fmt::gmtime(seconds));
}

// One reference alone: Acrobat does not take two.
QPDFObjectHandle references(const char* method, QPDFObjectHandle parameters) {
  parameters.replaceKey("/Type", named("/TransformParams"));
  parameters.replaceKey("/V", named("/1.2"));
  QPDFObjectHandle reference = QPDFObjectHandle::newDictionary();
  reference.replaceKey("/Type", named("/SigRef"));
  reference.replaceKey("/TransformMethod", named(method));
  reference.replaceKey("/TransformParams", parameters);
  QPDFObjectHandle all = QPDFObjectHandle::newArray();
  all.appendItem(reference);
  return all;
}

// As Acrobat writes it: the lock's /P inside (12.8.2.4).
QPDFObjectHandle lock_parameters(QPDFObjectHandle lock) {
  QPDFObjectHandle parameters = QPDFObjectHandle::newDictionary();
  for (const char* const key : {"/Action", "/Fields", "/P"})
    if (lock.hasKey(key)) parameters.replaceKey(key, lock.getKey(key));
  return parameters;
}

}  // namespace

const char* sub_filter(SignatureKind kind) {
  switch (kind) {
    case SignatureKind::pkcs7:
      return "/adbe.pkcs7.detached";
    case SignatureKind::time_stamp:
      return "/ETSI.RFC3161";
    case SignatureKind::signature:
      break;
  }
  return "/ETSI.CAdES.detached";
}

PdfResult<QPDFObjectHandle> signature_dictionary(const SignatureWish& wish, QPDFObjectHandle lock,
                                                 const QPDFObjectHandle& catalog) {
  QPDFObjectHandle made = QPDFObjectHandle::newDictionary();
  made.replaceKey("/Filter", named("/Adobe.PPKLite"));
  made.replaceKey("/SubFilter", named(sub_filter(wish.kind)));
  if (wish.kind == SignatureKind::time_stamp) {
    made.replaceKey("/Type", named("/DocTimeStamp"));
    return made;
  }
  made.replaceKey("/Type", named("/Sig"));
  made.replaceKey("/M", QPDFObjectHandle::newString(date_of(wish.signed_at)));
  add_text(made, "/Name", wish.name);
  add_text(made, "/Reason", wish.reason);
  add_text(made, "/Location", wish.location);
  add_text(made, "/ContactInfo", wish.contact);
  if (lock.isDictionary() && wish.certify != 0)
    return Error(ErrorKind::unsupported,
                 "a field that locks others cannot hold a signature that certifies the document");
  if (lock.isDictionary()) {
    QPDFObjectHandle all = references("/FieldMDP", lock_parameters(lock));
    // Required of this method alone (table 256): what the fields are a part of.
    all.getArrayItem(0).replaceKey("/Data", catalog);
    made.replaceKey("/Reference", all);
  }
  if (wish.certify != 0) {
    QPDFObjectHandle parameters = QPDFObjectHandle::newDictionary();
    parameters.replaceKey("/P", QPDFObjectHandle::newInteger(wish.certify));
    made.replaceKey("/Reference", references("/DocMDP", parameters));
  }
  return made;
}

}  // namespace signet::pdf
