// Copies of a request that libcurl made in its own memory and freed without wiping.
#ifndef SIGNET_HTTPS_CLIENT_FREED_MEMORY_H_
#define SIGNET_HTTPS_CLIENT_FREED_MEMORY_H_

namespace signet::https {

enum class HttpVersion { http1, http2 };

// libcurl builds each request in a buffer that doubles as it grows, sends it from another one, and
// frees them all; its interface offers no way to wipe them. Asked right afterwards, in the same
// thread, the allocator hands the same places out again: they are taken, zeroised and given back.
// This rests on how allocators work, not on a promise of theirs; docs/security.md says so.
// 18 blocks for HTTP/1.1, 200 for HTTP/2.
void wipe_freed_memory(HttpVersion version) noexcept;

// libcurl's send buffer, in bytes: the least that it takes, so that there is less to wipe.
inline constexpr long kSendBuffer = 16'384;

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_FREED_MEMORY_H_
