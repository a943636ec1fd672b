#include "pdf/extension.h"

#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

constexpr int kVersion2 = 20;
constexpr int kBaselineLevel = 2;  // /ExtensionLevel

}  // namespace

void declare_extension(Document& document, Update& update) {
  if (document.version() >= kVersion2) return;
  QPDFObjectHandle catalog = document.catalog();
  QPDFObjectHandle extensions = catalog.getKey("/Extensions");
  QPDFObjectHandle present =
      extensions.isDictionary() ? extensions.getKey("/ESIC") : QPDFObjectHandle::newNull();
  long long level = 0;
  if (present.isDictionary() && present.getKey("/ExtensionLevel").getValueAsInt(level) &&
      level >= kBaselineLevel)
    return;
  QPDFObjectHandle own = QPDFObjectHandle::newDictionary();
  own.replaceKey("/BaseVersion", named("/1.7"));
  own.replaceKey("/ExtensionLevel", QPDFObjectHandle::newInteger(kBaselineLevel));
  extensions =
      extensions.isDictionary() ? extensions.shallowCopy() : QPDFObjectHandle::newDictionary();
  extensions.replaceKey("/ESIC", own);
  update.change(catalog).replaceKey("/Extensions", extensions);
}

}  // namespace signet::pdf
