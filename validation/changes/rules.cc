#include "validation/changes/rules.h"

#include <algorithm>

#include "common/printable.h"
#include "pdf/form.h"

namespace signet::validation {

namespace {

constexpr int kDefaultPermission = 2;
constexpr int kMostLockedNames = 100'000;

constexpr Sentence kNothingPermits{"nothing permits that after a signature",
                                   "to po podpisu nic nedovoluje"};
constexpr Sentence kNoChanges{"the signature {0} allows no changes (DocMDP, P = 1)",
                              "podpis {0} nedovoluje žádné změny (DocMDP, P = 1)"};
constexpr Sentence kFillingOnly{
    "the signature {0} allows only that fields are filled in and signed (DocMDP, P = 2)",
    "podpis {0} dovoluje jen vyplnění a podepsání polí (DocMDP, P = 2)"};
constexpr Sentence kFillingByDefault{
    "after a signature without DocMDP only filling in and signing fields is allowed",
    "po podpisu bez DocMDP je dovoleno jen vyplnění a podepsání polí"};
constexpr Sentence kLocked{"the signature {0} locks the field {1}", "podpis {0} zamyká pole {1}"};

void lower(std::optional<int>& permission, int other) {
  permission = permission ? std::min(*permission, other) : other;
}

// Of a DocMDP, whose P has a default; of others P is an addition that may be missing.
void take_permission(QPDFObjectHandle parameters, bool has_default, Restriction& into) {
  long long permission = kDefaultPermission;
  const bool is_there = parameters.isDictionary() && parameters.hasKey("/P");
  if (!is_there && !has_default) return;
  if (is_there && !parameters.getKey("/P").getValueAsInt(permission)) permission = 1;
  lower(into.permission, permission < 1 || permission > 3 ? 1 : static_cast<int>(permission));
}

void take_lock(QPDFObjectHandle parameters, Restriction& into) {
  if (!parameters.isDictionary()) return;
  take_permission(parameters, false, into);
  std::string action;
  if (!parameters.getKey("/Action").getValueAsName(action)) return;
  FieldLock lock;
  if (action == "/Include") lock.action = FieldLock::Action::include;
  if (action == "/Exclude") lock.action = FieldLock::Action::exclude;
  QPDFObjectHandle names = parameters.getKey("/Fields");
  const int all = names.isArray() ? std::min(names.getArrayNItems(), kMostLockedNames) : 0;
  for (int at = 0; at < all; ++at) {
    std::string name;
    if (names.getArrayItem(at).getValueAsUTF8(name)) lock.fields.push_back(std::move(name));
  }
  into.locks.push_back(std::move(lock));
}

const Restriction* locking(const std::string& field, const Restriction& own,
                           const std::vector<const Restriction*>& later) {
  const auto locks = [&](const Restriction& one) {
    return std::ranges::any_of(one.locks, [&](const FieldLock& lock) { return lock.locks(field); });
  };
  if (locks(own)) return &own;
  const auto found = std::ranges::find_if(later, [&](const auto* one) { return locks(*one); });
  return found == later.end() ? nullptr : *found;
}

}  // namespace

bool FieldLock::locks(const std::string& field) const {
  const bool named = std::ranges::any_of(
      fields, [&](const std::string& name) { return pdf::name_contains(name, field); });
  return action == Action::all || (action == Action::include) == named;
}

Restriction restriction_of(const FormNode& signature) {
  Restriction made;
  made.field = signature.name;
  QPDFObjectHandle value = signature.value;
  QPDFObjectHandle references = value.getKey("/Reference");
  if (references.isArray()) {
    for (QPDFObjectHandle reference : references.getArrayAsVector()) {
      if (!reference.isDictionary()) continue;
      QPDFObjectHandle method = reference.getKey("/TransformMethod");
      QPDFObjectHandle parameters = reference.getKey("/TransformParams");
      if (method.isNameAndEquals("/DocMDP")) take_permission(parameters, true, made);
      if (method.isNameAndEquals("/FieldMDP")) take_lock(parameters, made);
    }
  }
  QPDFObjectHandle dictionary = signature.dictionary;
  take_lock(dictionary.getKey("/Lock"), made);
  return made;
}

PdfChange judged(const Difference& difference, const Restriction& own,
                 const std::vector<const Restriction*>& later) {
  PdfChange change = difference.change;
  change.allowed = false;
  if (difference.need == Need::never) {
    change.rule = say(kNothingPermits);
    return change;
  }
  int permission = own.permission.value_or(kDefaultPermission);
  const Restriction* by = &own;
  for (const Restriction* const one : later) {
    if (!one->permission || *one->permission >= permission) continue;
    permission = *one->permission;
    by = one;
  }
  const int needed = difference.need == Need::nothing   ? 0
                     : difference.need == Need::filling ? 2
                                                        : 3;
  if (permission < needed) {
    if (permission == 1) {
      change.rule = say(kNoChanges, printable(by->field));
    } else if (by->permission) {
      change.rule = say(kFillingOnly, printable(by->field));
    } else {
      change.rule = say(kFillingByDefault);
    }
    return change;
  }
  if (needed > 0 && !difference.passes_locks && !difference.field.empty() &&
      change.kind != ChangeKind::time_stamp) {
    if (const Restriction* const lock = locking(difference.field, own, later)) {
      change.rule = say(kLocked, printable(lock->field), change.field);
      return change;
    }
  }
  change.allowed = true;
  return change;
}

}  // namespace signet::validation
