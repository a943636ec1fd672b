// One document validated again and again while it grows, with everything that was fetched for it meanwhile. For this component
// alone.
#ifndef SIGNET_PRESERVATION_ASSESSMENT_H_
#define SIGNET_PRESERVATION_ASSESSMENT_H_

#include <memory>
#include <vector>

#include "preservation/draft.h"
#include "preservation/needed_values.h"
#include "validation/result.h"

namespace signet::preservation {

// The result points to the parts.
struct Assessment {
  std::unique_ptr<const validation::DocumentParts> parts;
  validation::ValidationResult result;

  validation::Conclusion verdict() const;  // the worst; indeterminate where there is no signature
};

DocumentState state_of(const Assessment& assessment);

class Assessor {
 public:
  // All outlive it.
  Assessor(const ExtensionRequest& request, const ExtensionControl& control)
      : request_(request), control_(control) {}

  // Fetches what is lacking where that is allowed.
  ExtensionResult<Assessment> assess(const Draft& draft, const Bytestream& bytes);

  // Fetches revocation data that is newer than what the values say. False where nothing new came.
  bool fetch_newer(const Assessment& assessment, const NeededValues& values);

  std::vector<validation::Fetch> fetches() && { return std::move(fetches_); }

 private:
  validation::Time now() const;
  validation::Policy policy() const;
  bool fetch(validation::DocumentParts& parts, validation::Policy& policy,
             validation::OnlineOptions options);

  const ExtensionRequest& request_;
  const ExtensionControl& control_;
  validation::Evidence fetched_;
  std::vector<validation::Fetch> fetches_;
};

bool is_cancelled(const ExtensionControl& control);
ExtensionError cancelled_error();

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_ASSESSMENT_H_
