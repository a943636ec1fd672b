// The one door to p11-kit. Its header brings PKCS#11 2.40 types of its own; the project's are those
// of common/cryptoki.h (3.0), which have the same layout. Defining p11-kit's include guard keeps
// the second set out, so that no file ever sees both.
#ifndef SIGNET_PKCS11_CLIENT_P11KIT_H_
#define SIGNET_PKCS11_CLIENT_P11KIT_H_

#include "cryptoki/cryptoki.h"

#ifndef PKCS11_H
#define PKCS11_H 1
#endif

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#endif  // SIGNET_PKCS11_CLIENT_P11KIT_H_
