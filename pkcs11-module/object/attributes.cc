#include "pkcs11-module/object/attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "pkcs11-module/object/attribute_rules.h"

namespace signet::object {
namespace {

std::uint32_t narrow(std::size_t value) {
  return static_cast<std::uint32_t>(value);
}

// Whether the length of a value fits what the type is known to be.
bool length_fits(CK_ATTRIBUTE_TYPE type, std::size_t length) {
  const auto kind = kind_of(type);
  if (!kind) return true;
  switch (*kind) {
    case Kind::boolean:
      return length == sizeof(CK_BBOOL);
    case Kind::number:
      return length == sizeof(CK_ULONG);
    case Kind::date:
      return length == 0 || length == sizeof(CK_DATE);
    case Kind::numbers:
      return length % sizeof(CK_ULONG) == 0;
    case Kind::bytes:
      return true;
  }
  return true;
}

CkError invalid_value(CK_ATTRIBUTE_TYPE type, std::string_view why) {
  return ck_error(CKR_ATTRIBUTE_VALUE_INVALID, fmt::format("attribute 0x{:08x}: {}", type, why));
}

enum class Purpose { make, search };

// One attribute of the caller's array, at any alignment, its value copied.
CkResult<Bytes> read_value(const CK_ATTRIBUTE& given, Purpose purpose) {
  const CK_ULONG limit = given.type == CKA_VALUE ? kMaxObjectValueLength : kMaxValueLength;
  if (given.ulValueLen > limit) return invalid_value(given.type, "the value is too long");
  if (given.ulValueLen == 0) {
    if (purpose == Purpose::make && !length_fits(given.type, 0))
      return invalid_value(given.type, "the value is empty");
    return Bytes{};
  }
  if (given.pValue == nullptr) return invalid_value(given.type, "a length without a value");
  if (purpose == Purpose::make && !length_fits(given.type, given.ulValueLen))
    return invalid_value(given.type, "the value has the wrong length");
  const auto* start = static_cast<const std::uint8_t*>(given.pValue);
  Bytes value(start, start + given.ulValueLen);
  if (value.size() == sizeof(CK_BBOOL) && value.front() != CK_FALSE &&
      kind_of(given.type) == Kind::boolean) {
    value.front() = CK_TRUE;
  }
  return value;
}

CkResult<AttributeSet> read(const CK_ATTRIBUTE* attributes, CK_ULONG count, Purpose purpose) {
  if (count > kMaxTemplateCount) {
    return ck_error(CKR_ARGUMENTS_BAD, fmt::format("the template has {} attributes, more than {}",
                                                   count, kMaxTemplateCount));
  }
  if (count > 0 && attributes == nullptr)
    return ck_error(CKR_ARGUMENTS_BAD, "the template is NULL but has a count");
  AttributeSet result;
  std::size_t total = 0;
  const void* next = attributes;
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_ATTRIBUTE given;
    std::memcpy(&given, next, sizeof given);
    next = static_cast<const std::uint8_t*>(next) + sizeof given;
    BOOST_OUTCOME_TRY(auto value, read_value(given, purpose));
    total += value.size();
    if (total > kMaxTemplateLength) return invalid_value(given.type, "the template is too long");
    const auto known = result.find(given.type);
    if (!known) {
      result.set(given.type, value);
    } else if (!equal(*known, value)) {
      return ck_error(
          purpose == Purpose::make ? CKR_TEMPLATE_INCONSISTENT : CKR_ATTRIBUTE_VALUE_INVALID,
          fmt::format("attribute 0x{:08x} appears twice with different values", given.type));
    }
  }
  return result;
}

}  // namespace

std::vector<AttributeSet::Entry>::const_iterator AttributeSet::position(
    CK_ATTRIBUTE_TYPE type) const {
  return std::lower_bound(entries_.begin(), entries_.end(), type,
                          [](const Entry& entry, CK_ATTRIBUTE_TYPE t) { return entry.type < t; });
}

void AttributeSet::insert(Entry entry) {
  entries_.insert(position(entry.type), entry);
}

ByteView AttributeSet::value_of(const Entry& entry) const {
  return ByteView(values_).subspan(entry.offset, entry.length);
}

void AttributeSet::set(CK_ATTRIBUTE_TYPE type, ByteView value) {
  const Bytes copy(value.begin(), value.end());
  erase(type);
  const Entry entry{type, narrow(values_.size()), narrow(copy.size())};
  values_.insert(values_.end(), copy.begin(), copy.end());
  insert(entry);
}

void AttributeSet::set_bool(CK_ATTRIBUTE_TYPE type, bool value) {
  const CK_BBOOL byte = value ? CK_TRUE : CK_FALSE;
  set(type, {&byte, 1});
}

void AttributeSet::set_number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  std::uint8_t bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  set(type, bytes);
}

void AttributeSet::set_part(CK_ATTRIBUTE_TYPE type, CK_ATTRIBUTE_TYPE whole, std::size_t offset,
                            std::size_t length) {
  erase(type);
  const auto found = position(whole);
  insert({type, narrow(found->offset + offset), narrow(length)});
}

void AttributeSet::erase(CK_ATTRIBUTE_TYPE type) {
  const auto found = position(type);
  if (found == entries_.end() || found->type != type) return;
  entries_.erase(found);
  // Other attributes may be parts of the value that goes: every value gets its own place again.
  const Bytes before = std::move(values_);
  values_.clear();
  for (Entry& entry : entries_) {
    const auto value = ByteView(before).subspan(entry.offset, entry.length);
    entry.offset = narrow(values_.size());
    values_.insert(values_.end(), value.begin(), value.end());
  }
}

void AttributeSet::shrink() {
  entries_.shrink_to_fit();
  values_.shrink_to_fit();
}

std::optional<ByteView> AttributeSet::find(CK_ATTRIBUTE_TYPE type) const {
  const auto found = position(type);
  if (found == entries_.end() || found->type != type) return std::nullopt;
  return value_of(*found);
}

bool AttributeSet::flag(CK_ATTRIBUTE_TYPE type) const {
  const auto value = find(type);
  return value && value->size() == sizeof(CK_BBOOL) && value->front() != CK_FALSE;
}

std::optional<CK_ULONG> AttributeSet::number(CK_ATTRIBUTE_TYPE type) const {
  const auto value = find(type);
  return value ? number_in(*value) : std::nullopt;
}

Attribute AttributeSet::at(std::size_t index) const {
  return {entries_[index].type, value_of(entries_[index])};
}

std::optional<CK_ULONG> number_in(ByteView value) {
  CK_ULONG number = 0;
  if (value.size() != sizeof number) return std::nullopt;
  std::memcpy(&number, value.data(), sizeof number);
  return number;
}

CkResult<AttributeSet> read_template(const CK_ATTRIBUTE* attributes, CK_ULONG count) {
  return read(attributes, count, Purpose::make);
}

CkResult<AttributeSet> read_search_template(const CK_ATTRIBUTE* attributes, CK_ULONG count) {
  return read(attributes, count, Purpose::search);
}

}  // namespace signet::object
