#include "pdf/form.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace signet::pdf {

namespace {

constexpr int kDeepestField = 64;
constexpr std::size_t kMostNames =
    std::size_t{16} * 1024 * 1024;  // bytes: a short name may have a long one above it
constexpr std::size_t kMostFields = 1'000'000;
constexpr unsigned kReadOnly = 1;  // /Ff, table 227

std::string first_component(const std::string& name) {
  return name.substr(0, name.find('.'));
}

}  // namespace

class FormReader {
 public:
  PdfResult<Form> read(QPDFObjectHandle form) {
    if (!form.isDictionary()) return std::move(form_);
    form_.has_xfa_ = form.hasKey("/XFA");
    QPDFObjectHandle fields = form.getKey("/Fields");
    if (!fields.isArray()) return std::move(form_);
    const Field above;
    std::set<QPDFObjGen> listed;
    for (int at = 0; at < fields.getArrayNItems(); ++at) {
      QPDFObjectHandle field = fields.getArrayItem(at);
      // Met: one that is in the list twice, which others take for one.
      if (field.isIndirect() && !listed.insert(field.getObjGen()).second) continue;
      BOOST_OUTCOME_TRY(visit(field, above, 0));
    }
    return std::move(form_);
  }

 private:
  PdfResult<void> visit(QPDFObjectHandle node, const Field& above, int depth) {
    if (!node.isDictionary()) return success();  // met; viewers pass over it
    if (depth > kDeepestField || form_.fields_.size() > kMostFields)
      return Error(ErrorKind::broken, "the form has too many fields, or they are nested too deep");
    if (node.isIndirect() && !seen_.insert(node.getObjGen()).second)
      return Error(ErrorKind::broken,
                   fmt::format("the form's fields form a loop, or one is there twice (object {})",
                               node.getObjGen().unparse(' ')));
    Field field = read_own(node, above);
    names_ += field.name.size();
    if (names_ > kMostNames)
      return Error(ErrorKind::broken, "the names of the form's fields are too long");
    const auto kids = kids_of(node);
    bool has_fields = false;
    for (QPDFObjectHandle kid : kids) {
      if (!kid.isDictionary()) continue;
      if (kid.hasKey("/T")) {
        has_fields = true;
        BOOST_OUTCOME_TRY(visit(kid, field, depth + 1));
      } else {
        field.widgets.push_back(kid);
      }
    }
    if (has_fields) return success();
    if (kids.empty()) field.widgets.push_back(node);
    form_.fields_.push_back(std::move(field));
    return success();
  }

  static std::vector<QPDFObjectHandle> kids_of(QPDFObjectHandle node) {
    QPDFObjectHandle kids = node.getKey("/Kids");
    return kids.isArray() ? kids.getArrayAsVector() : std::vector<QPDFObjectHandle>();
  }

  static Field read_own(QPDFObjectHandle node, const Field& above) {
    Field field;
    field.name = above.name;
    std::string part;
    if (node.getKey("/T").getValueAsUTF8(part))
      field.name += (field.name.empty() ? "" : ".") + part;
    if (!node.getKey("/FT").getValueAsName(field.type)) field.type = above.type;
    unsigned flags = 0;
    field.read_only =
        node.getKey("/Ff").getValueAsUInt(flags) ? (flags & kReadOnly) != 0 : above.read_only;
    field.dictionary = node;
    field.value = node.hasKey("/V") ? node.getKey("/V") : above.value;
    if (!field.value.isInitialized()) field.value = QPDFObjectHandle::newNull();
    return field;
  }

  Form form_;
  std::set<QPDFObjGen> seen_;
  std::size_t names_ = 0;  // bytes of all full names
};

PdfResult<Form> Form::read(Document& document) {
  return document.examined([&]() -> PdfResult<Form> {
    QPDFObjectHandle catalog = document.catalog();
    BOOST_OUTCOME_TRY(auto form, FormReader().read(catalog.getKey("/AcroForm")));
    BOOST_OUTCOME_TRY(document.check());
    return form;
  });
}

const Field* Form::find(std::string_view name) const {
  const auto found = std::ranges::find(fields_, name, &Field::name);
  return found == fields_.end() ? nullptr : &*found;
}

std::vector<const Field*> Form::signed_fields() const {
  std::vector<const Field*> found;
  for (const Field& field : fields_) {
    QPDFObjectHandle value = field.value;
    if (field.is_signature() && value.isDictionary()) found.push_back(&field);
  }
  return found;
}

std::string Form::free_name() const {
  std::set<std::string> taken;
  for (const Field& field : fields_) taken.insert(first_component(field.name));
  for (std::size_t number = 1;; ++number) {
    std::string name = fmt::format("SignetSeal{}", number);
    if (!taken.contains(name)) return name;
  }
}

bool name_contains(std::string_view outer, std::string_view name) {
  return name.starts_with(outer) && (name.size() == outer.size() || name[outer.size()] == '.');
}

}  // namespace signet::pdf
