// The standard output of a program, for "command:" credentials.
#ifndef SIGNET_CONFIG_CREDENTIAL_COMMAND_H_
#define SIGNET_CONFIG_CREDENTIAL_COMMAND_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/clock.h"
#include "common/result.h"

namespace signet::config {

// Words between blanks; there is no shell, and no quoting.
std::vector<std::string> split_words(std::string_view text);

// Runs words[0] (an absolute path that only root or the effective user may change, nor any folder or link on the way)
// without a shell, in a process group of its own, with /dev/null as standard input, the host's standard error and no other
// descriptor but its own file, and with every signal as by default. Its environment is PATH, LANG and, of the effective
// user, HOME, USER, LOGNAME and XDG_RUNTIME_DIR; nothing of the host's. Gives what it wrote, which the caller wipes. The
// error is the end of a sentence, without any output.
//
// Whatever the time limit, the child is ended and reaped by its own id; no other child of the host
// is touched and no signal handler set. (The host receives SIGCHLD as for any child. Where the host
// lets the system reap children, the exit status is unknown and the output counts.)
Result<Bytes, std::string> output_of(const std::vector<std::string>& words, Milliseconds limit,
                                     std::size_t most);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_CREDENTIAL_COMMAND_H_
