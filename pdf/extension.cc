#include "pdf/extension.h"

#include <algorithm>

#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

constexpr int kVersion2 = 20;

// /ExtensionLevel of an extension, or the highest of a list of them; 0: none.
long long level_of(QPDFObjectHandle extension) {
  long long level = 0;
  if (extension.isDictionary()) extension.getKey("/ExtensionLevel").getValueAsInt(level);
  if (!extension.isArray()) return level;
  for (QPDFObjectHandle each : extension.getArrayAsVector())
    if (each.isDictionary()) level = std::max(level, level_of(each));
  return level;
}

// What it says beside its level stays: readers that compare revisions take a higher level, and no other change.
QPDFObjectHandle raised(QPDFObjectHandle present, int level) {
  const bool is_one = present.isDictionary();
  QPDFObjectHandle own = is_one ? present.shallowCopy() : QPDFObjectHandle::newDictionary();
  if (!own.hasKey("/BaseVersion")) own.replaceKey("/BaseVersion", named("/1.7"));
  own.replaceKey("/ExtensionLevel", QPDFObjectHandle::newInteger(level));
  if (!present.isArray()) return own;
  QPDFObjectHandle all = present.shallowCopy();
  all.appendItem(own);
  return all;
}

}  // namespace

void declare_extension(Document& document, Update& update, ExtensionLevel level) {
  if (document.version() >= kVersion2) return;
  QPDFObjectHandle catalog = document.catalog();
  QPDFObjectHandle extensions = catalog.getKey("/Extensions");
  const QPDFObjectHandle present =
      extensions.isDictionary() ? extensions.getKey("/ESIC") : QPDFObjectHandle::newNull();
  const int wanted = static_cast<int>(level);
  if (level_of(present) >= wanted) return;
  extensions =
      extensions.isDictionary() ? extensions.shallowCopy() : QPDFObjectHandle::newDictionary();
  extensions.replaceKey("/ESIC", raised(present, wanted));
  update.change(catalog).replaceKey("/Extensions", extensions);
}

}  // namespace signet::pdf
