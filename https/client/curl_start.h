// libcurl's global start in a process that is somebody else's.
#ifndef SIGNET_HTTPS_CLIENT_CURL_START_H_
#define SIGNET_HTTPS_CLIENT_CURL_START_H_

namespace signet::https {

// Once per process and never undone: others in the process may use libcurl too. It changes none of OpenSSL's defaults,
// and under raised rights (AT_SECURE) it reads nothing of the environment. Reads the host's OpenSSL configuration where
// nobody has done so yet, which may call this module: no lock may be held. False where it fails.
bool start_curl();

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_CURL_START_H_
