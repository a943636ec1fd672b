// The arguments of one call of a case, read when the call is made.
#ifndef SIGNET_CONFORMANCE_PROFILES_ARGUMENTS_H_
#define SIGNET_CONFORMANCE_PROFILES_ARGUMENTS_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/profiles/case_file.h"
#include "conformance/profiles/value.h"

namespace signet::profiles {

// CKA_LABEL="x" and CKA_LABEL, among the arguments of a call with a template.
struct TemplateEntry {
  std::string name;
  CK_ATTRIBUTE_TYPE type = 0;
  std::optional<Value> value;
};

// Everything throws std::runtime_error where an argument is missing or of the wrong kind.
class Arguments {
 public:
  Arguments(const Step& step, const Values& variables) : step_(step), variables_(variables) {}

  CK_ULONG number(std::string_view name);
  CK_ULONG number_or(std::string_view name, CK_ULONG standard);
  Bytes bytes(std::string_view name);

  // Nothing where the argument is not given: NULL is passed, which asks for the length.
  std::optional<CK_ULONG> room(std::string_view name);

  std::vector<TemplateEntry> entries();

  // Throws where the case gives an argument that the call did not ask for.
  void expect_all_used() const;

 private:
  const Argument* find(std::string_view name);

  const Step& step_;
  const Values& variables_;
  std::set<std::string, std::less<>> used_;
};

}  // namespace signet::profiles

#endif  // SIGNET_CONFORMANCE_PROFILES_ARGUMENTS_H_
