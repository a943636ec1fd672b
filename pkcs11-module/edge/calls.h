// The functions behind the exports, one member each, from the list in functions.inc. A call object lives for
// one call and knows the library's present run. The members check arguments and states; the work is done in
// the folders below. Sources: calls_*.cc, one per chapter of the standard.
#ifndef SIGNET_PKCS11_MODULE_EDGE_CALLS_H_
#define SIGNET_PKCS11_MODULE_EDGE_CALLS_H_

#include "crypto/ck_result.h"
#include "cryptoki/pkcs11_3_2.h"
#include "pkcs11-module/token/library.h"

namespace signet::edge {

class Calls {
 public:
  explicit Calls(token::Library& library) : library_(library) {}

#define SIGNET_FUNCTION(version, name, parameters, arguments) CkResult<void> name parameters;
#define SIGNET_FREE_FUNCTION(version, name, parameters, arguments)
#define SIGNET_ABSENT_FUNCTION(version, name, parameters, arguments)
#include "pkcs11-module/edge/functions.inc"
#undef SIGNET_FUNCTION
#undef SIGNET_FREE_FUNCTION
#undef SIGNET_ABSENT_FUNCTION

 private:
  enum class Waiting { always, as_the_session_does };
  CkResult<void> login_as(CK_SESSION_HANDLE session, CK_USER_TYPE user_type, ByteView user_name,
                          const CK_UTF8CHAR* pin, CK_ULONG pin_len, Waiting waiting);
  static CkResult<void> context_login(token::Session& session, std::optional<Secret> pin);

  token::Library& library_;
};

// Those of the vendor interface (cryptoki/signet-pkcs11.h).
namespace vendor_calls {

CkResult<void> set_reference(token::Library& library, CK_SESSION_HANDLE session,
                             const CK_UTF8CHAR* reference, CK_ULONG size);
CkResult<void> last_request_id(token::Library& library, CK_SESSION_HANDLE session, CK_UTF8CHAR* id,
                               CK_ULONG* size);

struct WantedTimeStamp {
  CK_MECHANISM_TYPE hash;
  const CK_BYTE* digest;
  CK_ULONG digest_size;
  const CK_BYTE* nonce;
  CK_ULONG nonce_size;
  CK_ULONG milliseconds;
};
CkResult<void> time_stamp(token::Library& library, CK_SESSION_HANDLE session,
                          const WantedTimeStamp& wanted, CK_BYTE* token, CK_ULONG* token_size);

}  // namespace vendor_calls

// Those that work without a run.
namespace free_calls {

#define SIGNET_FUNCTION(version, name, parameters, arguments)
#define SIGNET_FREE_FUNCTION(version, name, parameters, arguments) CkResult<void> name parameters;
#define SIGNET_ABSENT_FUNCTION(version, name, parameters, arguments)
#include "pkcs11-module/edge/functions.inc"
#undef SIGNET_FUNCTION
#undef SIGNET_FREE_FUNCTION
#undef SIGNET_ABSENT_FUNCTION

}  // namespace free_calls

}  // namespace signet::edge

#endif  // SIGNET_PKCS11_MODULE_EDGE_CALLS_H_
