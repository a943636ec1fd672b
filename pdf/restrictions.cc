#include "pdf/restrictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "common/printable.h"

namespace signet::pdf {

namespace {

Error forbidden_by(const std::string& name, std::string_view why) {
  Error error(ErrorKind::forbidden,
              name.empty()
                  ? fmt::format("a signature in the document forbids it: {}", why)
                  : fmt::format("the signature \"{}\" forbids it: {}", printable(name), why));
  error.by = name;
  return error;
}

// The parameters of one signature's transforms of this kind.
std::vector<QPDFObjectHandle> parameters_of(QPDFObjectHandle signature, const std::string& method) {
  std::vector<QPDFObjectHandle> found;
  QPDFObjectHandle references = signature.getKey("/Reference");
  if (!references.isArray()) return found;
  for (QPDFObjectHandle reference : references.getArrayAsVector())
    if (reference.isDictionary() && reference.getKey("/TransformMethod").isNameAndEquals(method))
      found.push_back(reference.getKey("/TransformParams"));
  return found;
}

std::optional<int> permission_in(QPDFObjectHandle parameters) {
  long long permission = 0;  // an int would be a warning of qpdf where the number is larger
  if (!parameters.isDictionary() || !parameters.getKey("/P").getValueAsInt(permission))
    return std::nullopt;
  return static_cast<int>(std::clamp(permission, 0LL, 4LL));
}

class Check {
 public:
  explicit Check(const Intent& intent) : intent_(intent) {}

  PdfResult<void> signature(const std::string& name, QPDFObjectHandle value) {
    for (const QPDFObjectHandle& parameters : parameters_of(value, "/DocMDP")) {
      BOOST_OUTCOME_TRY(document_lock(name, permission_in(parameters).value_or(2)));
    }
    for (const QPDFObjectHandle& parameters : parameters_of(value, "/FieldMDP")) {
      BOOST_OUTCOME_TRY(lock(name, parameters));
    }
    return success();
  }

  // Of FieldMDP's parameters, or of a /Lock.
  PdfResult<void> lock(const std::string& name, QPDFObjectHandle parameters) {
    if (!parameters.isDictionary()) return success();
    if (const auto permission = permission_in(parameters)) {
      BOOST_OUTCOME_TRY(document_lock(name, *permission));
    }
    std::string action;
    if (!parameters.getKey("/Action").getValueAsName(action)) return success();
    const bool named = names_field(parameters.getKey("/Fields"));
    const bool locked =
        action == "/All" || (action == "/Include" && named) || (action == "/Exclude" && !named);
    if (locked && !intent_.time_stamp)
      return forbidden_by(name, fmt::format("it locks the field \"{}\"", printable(intent_.field)));
    return success();
  }

 private:
  PdfResult<void> document_lock(const std::string& name, int permission) const {
    if (intent_.time_stamp) return success();
    if (permission == 1)
      return forbidden_by(name, "it allows no changes of the document (DocMDP 1)");
    if (intent_.new_field && intent_.visible)
      return forbidden_by(name,
                          fmt::format("it allows no new visible field (DocMDP {}); an invisible "
                                      "seal, or one in a field that is there, is possible",
                                      permission));
    return success();
  }

  bool names_field(QPDFObjectHandle names) const {
    if (!names.isArray()) return false;
    return std::ranges::any_of(names.getArrayAsVector(), [&](QPDFObjectHandle one) {
      std::string name;
      return one.getValueAsUTF8(name) && name_contains(name, intent_.field);
    });
  }

  const Intent& intent_;
};

PdfResult<void> check_permissions(Document& document, const Intent& intent) {
  const Permissions may = document.permissions();
  const bool allowed = intent.new_field ? may.modify && may.annotate : may.fill_forms;
  if (allowed) return success();
  return Error(ErrorKind::forbidden,
               fmt::format("the document's encryption does not allow {} with this password; the "
                           "owner's password does",
                           intent.new_field ? "new fields" : "that fields are filled in"));
}

}  // namespace

PdfResult<void> check_restrictions(Document& document, const Form& form, const Intent& intent) {
  return document.examined([&]() -> PdfResult<void> {
    BOOST_OUTCOME_TRY(check_permissions(document, intent));
    const auto present = form.signed_fields();
    if (intent.certify && !present.empty()) {
      Error error(
          ErrorKind::forbidden,
          fmt::format(
              "only the first signature can certify a document, and \"{}\" is there already",
              printable(present.front()->name)));
      error.by = present.front()->name;
      return error;
    }
    Check check(intent);
    QPDFObjectHandle catalog = document.catalog();
    QPDFObjectHandle certified = catalog.getKey("/Perms").isDictionary()
                                     ? catalog.getKey("/Perms").getKey("/DocMDP")
                                     : QPDFObjectHandle::newNull();
    if (intent.certify && certified.isDictionary())
      return Error(ErrorKind::forbidden, "the document is certified already");
    bool met = false;
    for (const Field* const field : present) {
      BOOST_OUTCOME_TRY(check.signature(field->name, field->value));
      QPDFObjectHandle dictionary = field->dictionary;
      BOOST_OUTCOME_TRY(check.lock(field->name, dictionary.getKey("/Lock")));
      met = met || same_object(certified, field->value);
    }
    if (certified.isDictionary() && !met) {
      BOOST_OUTCOME_TRY(check.signature("", certified));
    }
    return document.check();
  });
}

}  // namespace signet::pdf
