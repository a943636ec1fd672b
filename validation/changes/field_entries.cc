// Which entries of a field and its widgets may change while it is filled in, signed or locked (ISO 32000-2, 12.5.6.19 and 12.7.4).
//
// What may be drawn in a field that is filled in or signed is not compared with its value: each viewer draws it in its own way. An
// entry that tells how to draw it adds nothing to that, and may change with the value; without it, none may.
#include "validation/changes/step.h"

namespace signet::validation {

namespace {

constexpr long long kReadOnlyFlag = 1;  // /Ff (table 227)
constexpr long long kPrintFlag = 4, kNoViewFlag = 32, kLockedFlag = 128,
                    kLockedContentsFlag = 512;  // /F (table 167)

long long flags_in(QPDFObjectHandle dictionary, const FormNode& node) {
  long long flags = node.flags;
  dictionary.getKey("/Ff").getValueAsInt(flags);
  return flags;
}

bool is_empty(const QPDFObjectHandle& rectangle) {
  const auto area = pdf::rectangle_of(rectangle);
  return area && (*area)[0] == (*area)[2] && (*area)[1] == (*area)[3];
}

}  // namespace

bool RevisionStep::only_adds_bits(const KeyChange& change, long long bits) {
  long long old = 0;
  long long now = 0;
  Handle before = change.before;
  Handle after = change.after;
  before.getKey(change.key).getValueAsInt(old);
  return after.getKey(change.key).getValueAsInt(now) && (old & ~now) == 0 &&
         (now & ~old & ~bits) == 0;
}

// It is optional, and changes nothing: /Subtype says what is drawn.
bool RevisionStep::only_adds_annotation_type(const KeyChange& change) {
  Handle before = change.before;
  Handle after = change.after;
  return change.key == "/Type" && !before.hasKey(change.key) &&
         after.getKey(change.key).isNameAndEquals("/Annot") &&
         after.getKey("/Subtype").isNameAndEquals("/Widget");
}

// A later signer's program locks fields so. Flags that were inherited have to be named with it: else they are lost.
bool RevisionStep::only_makes_read_only(const KeyChange& change, const FormNode& before,
                                        const FormNode& after) {
  Handle dictionary = change.after;
  if (change.key != "/Ff" || !dictionary.getKey(change.key).isInteger()) return false;
  return flags_in(dictionary, after) == (flags_in(change.before, before) | kReadOnlyFlag);
}

bool RevisionStep::may_change(const KeyChange& change, const FieldChange& field) {
  const std::string& key = change.key;
  Handle before = change.before;
  const bool has_new_value = field.is_filled || field.is_signed;
  // Where no screen shows it, nobody has seen what would be printed.
  if (key == "/F") {
    long long flags = 0;
    before.getKey(key).getValueAsInt(flags);
    const bool prints = has_new_value || (flags & kNoViewFlag) == 0;
    return only_adds_bits(change, kLockedFlag + kLockedContentsFlag + (prints ? kPrintFlag : 0));
  }
  if (has_new_value) {
    if (key == "/V" || key == "/AP" || key == "/AS" || key == "/I" || key == "/RV" || key == "/M")
      return true;
    if (key == "/DA") return !before.hasKey(key);
    return field.is_signed ? may_sign(change) : may_fill(change, field.before.type);
  }
  // A field for signatures is drawn when it is signed.
  if (field.before.is_signature()) return false;
  if (key == "/V") return !field.before.is_push_button();
  return key == "/AP" && !before.hasKey(key);
}

// PDFBox and Firefox write these. Colours, border and rotation (/BG, /BC, /R) are a part of any appearance. Captions and icons say
// something by themselves, whatever the value is, and may only go: Firefox keeps the first three alone.
bool RevisionStep::may_fill(const KeyChange& change, const std::string& type) {
  if (change.key == "/Q") return type == "/Tx" || type == "/Ch";
  if (change.key == "/TI") return type == "/Ch";
  if (change.key != "/MK") return false;
  Handle before = change.before;
  Handle after = change.after;
  Handle old = before.getKey(change.key);
  Handle now = after.getKey(change.key);
  if (now.isNull()) return true;
  if (!now.isDictionary()) return false;
  for (const std::string& key : comparison_->differing_keys(old, now, {"/BG", "/BC", "/R"}))
    if (now.hasKey(key)) return false;
  return true;
}

// A lock only forbids, and is honoured; /P is where the widget is already. A signature that is not to be seen has an area of no size
// (12.7.5.5): what is drawn in the field may become nothing anyway, and PDFBox takes the area away as well.
bool RevisionStep::may_sign(const KeyChange& change) {
  const std::string& key = change.key;
  Handle before = change.before;
  Handle after = change.after;
  if (key == "/Lock") return !before.hasKey(key);
  if (key == "/Rect") return is_empty(after.getKey(key)) && !has_look(after);
  if (key != "/P" || before.hasKey(key)) return false;
  for (const auto& [index, page] : pages_with(after))
    if (pdf::same_object(page, after.getKey(key))) return true;
  return false;
}

}  // namespace signet::validation
