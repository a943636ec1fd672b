// The whole module in this process, over an appliance in memory, for the tests of the edge.
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_MODULE_SETUP_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_MODULE_SETUP_H_

#include <functional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/testing/scratch_folder.h"
#include "cryptoki/pkcs11_3_2.h"
#include "dsa-transport/testing/fake_appliance.h"

namespace signet::edge::testing {

inline constexpr char kPin[] = "secret";
inline constexpr CK_SLOT_ID kSlot = 0;

// Throws std::runtime_error for anything but CKR_OK.
void must(CK_RV rv, const std::string& what);

// A configuration file and a cache folder of its own; initialised when made, finalised when it goes. The
// account "seal" (PIN "secret") has an RSA-2048 key (label "rsa", id 01), a P-256 key ("ec", 02) and a
// self-signed certificate for each.
class ModuleSetup {
 public:
  using Furnish = std::function<void(transport::FakeAppliance&)>;

  // What the appliances of later runs hold instead of those keys and certificates; empty: those again.
  static void furnish_with(Furnish furnish);

  // `extra`: more lines for the token's table in the configuration.
  explicit ModuleSetup(const std::string& extra = "");
  ~ModuleSetup();
  ModuleSetup(const ModuleSetup&) = delete;
  ModuleSetup& operator=(const ModuleSetup&) = delete;

  // C_Finalize and C_Initialize: another appliance, the same folders.
  void restart();

  // Owned by the library, from C_Initialize to C_Finalize.
  transport::FakeAppliance& appliance();

  CK_SESSION_HANDLE open(CK_FLAGS flags = CKF_RW_SESSION) const;
  void login(CK_SESSION_HANDLE session) const;
  void login_officer(CK_SESSION_HANDLE session) const;  // account "officer", PIN "officer-secret"

  // The one object of this class and label.
  static CK_OBJECT_HANDLE find(CK_SESSION_HANDLE session, CK_OBJECT_CLASS object_class,
                               const std::string& label);
  static std::vector<CK_OBJECT_HANDLE> find_all(CK_SESSION_HANDLE session,
                                                std::vector<CK_ATTRIBUTE> search);

  // In a read-write session with the user logged in.
  static CK_OBJECT_HANDLE make_spare_key(CK_SESSION_HANDLE session);
  CK_OBJECT_HANDLE make_disabled_key(CK_SESSION_HANDLE session);
  static CK_OBJECT_HANDLE make_certificate(CK_SESSION_HANDLE session, Bytes der, CK_BBOOL on_token);
  static Bytes signature_by_ec_key(CK_SESSION_HANDLE session, Bytes digest);

 private:
  ScratchFolder folder_;
};

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_MODULE_SETUP_H_
