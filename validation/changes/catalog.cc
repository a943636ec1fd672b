// The trailer and the catalog (ISO 32000-2, 7.5.5 and 7.7.2).
#include "common/printable.h"
#include "validation/changes/step.h"

namespace signet::validation {

namespace {

constexpr Sentence kOtherCatalog{"the document has another catalog", "dokument má jiný katalog"};
constexpr Sentence kEncryptionChanged{"the document's encryption was changed",
                                      "šifrování dokumentu bylo změněno"};
constexpr Sentence kIdChanged{"the document's first identifier (/ID) was changed",
                              "první identifikátor dokumentu (/ID) byl změněn"};
constexpr Sentence kInfoChanged{"the document's properties (/Info) were changed",
                                "vlastnosti dokumentu (/Info) byly změněny"};
constexpr Sentence kMetadataChanged{"the document's metadata (XMP) was changed",
                                    "metadata dokumentu (XMP) byla změněna"};
constexpr Sentence kPrivateDataChanged{"private data of an application ({0}) was changed",
                                       "vlastní data aplikace ({0}) byla změněna"};
constexpr Sentence kVersionRaised{"the document's PDF version was raised",
                                  "verze PDF dokumentu byla zvýšena"};
constexpr Sentence kVersionChanged{"the document's PDF version was lowered or removed",
                                   "verze PDF dokumentu byla snížena nebo odstraněna"};
constexpr Sentence kExtensionsRaised{"the PDF extensions that the document names were added to",
                                     "k rozšířením PDF, která dokument uvádí, přibyla další"};
constexpr Sentence kExtensionsChanged{
    "PDF extensions that the document names were changed or removed",
    "rozšíření PDF, která dokument uvádí, byla změněna nebo odstraněna"};
constexpr Sentence kValidationDataAdded{"validation data (DSS) was added",
                                        "byla přidána data pro ověření (DSS)"};
constexpr Sentence kValidationDataRemoved{"validation data (DSS) was removed",
                                          "data pro ověření (DSS) byla odstraněna"};
constexpr Sentence kPermissionsChanged{"the document's permissions (/Perms) were changed",
                                       "oprávnění dokumentu (/Perms) byla změněna"};
constexpr Sentence kOtherPageTree{"the document has another page tree",
                                  "dokument má jiný strom stránek"};
constexpr Sentence kEntryChanged{"the entry {0} of the document's catalog was changed",
                                 "položka {0} katalogu dokumentu byla změněna"};

}  // namespace

void RevisionStep::compare_trailers() {
  Handle before = before_.trailer();
  Handle after = after_.trailer();
  if (!comparison_->same(before.getKey("/Encrypt"), after.getKey("/Encrypt")))
    add(ChangeKind::catalog, Need::never, say(kEncryptionChanged));
  if (!comparison_->same(before.getKey("/Info"), after.getKey("/Info")))
    add(ChangeKind::metadata, Need::nothing, say(kInfoChanged));
  // The second one is each update's own; some writers leave both out.
  const auto first = [](Handle id) {
    return id.isArray() && id.getArrayNItems() == 2 ? id.getArrayItem(0) : Handle::newNull();
  };
  Handle old_id = first(before.getKey("/ID"));
  Handle new_id = first(after.getKey("/ID"));
  if (!old_id.isString() || !new_id.isString() || comparison_->same(old_id, new_id)) return;
  // ISO 32000-2, 14.4 wants it to stay, and some writers make both anew with each update. It is nothing that is seen, but the key of
  // an encrypted document may be made from it (7.6.4.3.2).
  const bool encrypted = before.getKey("/Encrypt").isDictionary();
  add(encrypted ? ChangeKind::catalog : ChangeKind::metadata,
      encrypted ? Need::never : Need::nothing, say(kIdChanged));
}

void RevisionStep::compare_catalogs() {
  Handle before = before_.catalog();
  Handle after = after_.catalog();
  if (before.getObjGen() != after.getObjGen()) {
    add(ChangeKind::catalog, Need::never, say(kOtherCatalog));
    return;
  }
  static const std::set<std::string> kOnTheirOwn = {
      "/AcroForm", "/Pages",          "/DSS",       "/Metadata",    "/Version", "/Extensions",
      "/Perms",    "/StructTreeRoot", "/PieceInfo", "/LastModified"};
  for (const std::string& key : comparison_->differing_keys(before, after, kOnTheirOwn))
    compare_other_entry(key);
  if (!pdf::same_object(before.getKey("/Pages"), after.getKey("/Pages")))
    add(ChangeKind::page_tree, Need::never, say(kOtherPageTree));
  if (!comparison_->same(before.getKey("/DSS"), after.getKey("/DSS"))) {
    const bool removed = !after.getKey("/DSS").isDictionary();
    add(ChangeKind::validation_data, Need::nothing,
        say(removed ? kValidationDataRemoved : kValidationDataAdded));
  }
  if (!comparison_->same(before.getKey("/Metadata"), after.getKey("/Metadata")))
    add(ChangeKind::metadata, Need::nothing, say(kMetadataChanged));
  for (const char* const key : {"/PieceInfo", "/LastModified"})
    if (!comparison_->same(before.getKey(key), after.getKey(key)))
      add(ChangeKind::metadata, Need::nothing, say(kPrivateDataChanged, std::string(key)));
  compare_version(before.getKey("/Version"), after.getKey("/Version"));
  compare_extensions(before.getKey("/Extensions"), after.getKey("/Extensions"));
  compare_permissions(before.getKey("/Perms"), after.getKey("/Perms"));
  compare_forms();
  compare_structure(before.getKey("/StructTreeRoot"), after.getKey("/StructTreeRoot"));
}

void RevisionStep::compare_other_entry(const std::string& key) {
  // Says how well the document is tagged, not how (14.7.1).
  if (key == "/MarkInfo") {
    add(ChangeKind::metadata, Need::nothing, say(kEntryChanged, printable(key)));
    return;
  }
  add(ChangeKind::catalog, Need::never, say(kEntryChanged, printable(key)));
}

void RevisionStep::compare_version(Handle before, Handle after) {
  if (comparison_->same(before, after)) return;
  std::string old;
  std::string now;
  if (before.isName()) old = before.getName();
  if (after.isName()) now = after.getName();
  // "/1.7", "/2.0": as text they sort as they should.
  if (now.size() == 4 && old < now) {
    add(ChangeKind::metadata, Need::nothing, say(kVersionRaised));
  } else {
    add(ChangeKind::catalog, Need::never, say(kVersionChanged));
  }
}

// ISO 32000-2, 7.12: developers' prefixes, each with one extension or an array of them.
void RevisionStep::compare_extensions(Handle before, Handle after) {
  if (comparison_->same(before, after)) return;
  const auto is_continued = [&](Handle old, Handle now) {
    if (!old.isArray() || !now.isArray() || old.getArrayNItems() > now.getArrayNItems())
      return false;
    for (int at = 0; at < old.getArrayNItems(); ++at)
      if (!comparison_->same(old.getArrayItem(at), now.getArrayItem(at))) return false;
    return true;
  };
  const auto is_raised = [&](Handle old, Handle now) {
    if (old.isNull() || comparison_->same(old, now) || is_continued(old, now)) return true;
    long long from = 0;
    long long to = 0;
    return old.isDictionary() && now.isDictionary() &&
           comparison_->differing_keys(old, now, {"/ExtensionLevel", "/ExtensionRevision", "/URL"})
               .empty() &&
           old.getKey("/ExtensionLevel").getValueAsInt(from) &&
           now.getKey("/ExtensionLevel").getValueAsInt(to) && from < to;
  };
  bool raised = after.isDictionary() && (before.isNull() || before.isDictionary());
  if (raised)
    for (const std::string& key : comparison_->differing_keys(before, after, {}))
      raised =
          raised && is_raised(before.isNull() ? before : before.getKey(key), after.getKey(key));
  if (raised) {
    add(ChangeKind::metadata, Need::nothing, say(kExtensionsRaised));
  } else {
    add(ChangeKind::catalog, Need::never, say(kExtensionsChanged));
  }
}

// A document is certified by its first signature: what is added later permits nothing, and takes nothing away.
void RevisionStep::compare_permissions(Handle before, Handle after) {
  if (comparison_->same(before, after)) return;
  add(ChangeKind::signature_changed, Need::never, say(kPermissionsChanged));
}

}  // namespace signet::validation
