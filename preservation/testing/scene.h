// For tests: a small world with a clock that can be set: authorities, a signer, revocation data of any moment, and documents that
// are extended in it.
#ifndef SIGNET_PRESERVATION_TESTING_SCENE_H_
#define SIGNET_PRESERVATION_TESTING_SCENE_H_

#include <string>
#include <string_view>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "preservation/extension.h"
#include "validation/testing/test_messages.h"
#include "validation/testing/test_pki.h"
#include "validation/testing/test_revocation.h"

namespace signet::preservation {

namespace pki = validation::pki;

// Trusted: `root` and `stamping_root`, of 2010 to 2040. The signer's authority is `ca`, below `root`.
class Scene {
 public:
  Scene();

  pki::Party root, ca, signer;              // the signer: 2012 to 2015
  pki::Party stamping_root, stamping_unit;  // the unit that stamps now
  Time now;
  ExtensionRequest request;  // its clock is `now`; it stamps by `stamping_unit`

  void set(std::string_view time) { now = pki::at(time); }
  // From now on another unit stamps, of this validity.
  void change_unit(const std::string& name, std::string_view from, std::string_view to);
  // CRLs of all authorities, of that moment, for seven days: the only revocation data at hand. Those of before are forgotten.
  void publish(std::string_view time);
  void publish(Time time);

  // Files with a signature of level B-B.
  std::filesystem::path pdf(const std::string& name = "letter.pdf") const;
  std::filesystem::path message(const std::string& name, bool detached,
                                std::string_view document = "content") const;

  ExtensionResult<Extended> extend(const std::filesystem::path& file, Level level);
  DocumentState examine(const std::filesystem::path& file);
  std::string content(const std::filesystem::path& file) const;

  ScratchFolder folder;
  std::size_t stamps = 0;  // given so far

 private:
  timestamps::StampResult stamp(crypto::Hash hash, ByteView imprint);
  void add_crl(const pki::Party& issuer, Time time);
};

// "TOTAL-PASSED", or with the reasons.
std::string text_of(const validation::Conclusion& verdict);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_TESTING_SCENE_H_
