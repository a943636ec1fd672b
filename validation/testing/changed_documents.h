// Documents that were changed after they were signed, for tests: what is allowed, and the published attacks (incremental saving,
// signature wrapping, universal forgery, shadow attacks, evil annotations, sneaky signatures). Each is made from a base that
// anybody may seal, so that independent judges see good signatures in them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "pdf/signature.h"
#include "validation/pdf_change.h"

namespace signet::validation {

struct ChangedDocument {
  std::string name;  // "shadow-replace-font"
  std::string base;  // to be sealed
  int certify = 0;   // with this DocMDP; 0: none
  std::function<std::string(const std::string& sealed)> change;
  std::vector<ChangeKind>
      kinds;  // that have to be found, not allowed or (with `allowed`) all allowed
  bool allowed = false;
  bool warned = false;  // one of the changes has a warning
};

std::vector<ChangedDocument> attacks();
std::vector<ChangedDocument> good_updates();

// A signature whose contents are no CMS message: enough for what changes are compared with. `field`: gets its name.
std::string signed_as(const std::string& bytes, const pdf::SignatureWish& wish,
                      std::string_view password = {}, std::string* field = nullptr);
pdf::SignatureWish plain_signature(int certify = 0);
pdf::SignatureWish plain_time_stamp();

// An object as it is in the document's last revision, as text, and with the last `from` in it replaced.
std::string object_text(const std::string& bytes, int number);
std::string edited(const std::string& bytes, int number, const std::string& from,
                   const std::string& to);

// An update whose table has these rows only: object numbers and offsets.
std::string with_table(const std::string& bytes,
                       const std::vector<std::pair<int, std::size_t>>& rows,
                       const std::string& trailer = "/Root 1 0 R");

}  // namespace signet::validation
