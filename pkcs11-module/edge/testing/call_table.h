// Reads call_table.txt: for each function a good call, and what it answers when something is different.
//
//   C_Sign  user+sign  data=bytes:32 signature=buffer signature_len=length:64
//     -                       => OK                [-]
//     signature=NULL          => OK                [sign]  signature_len==64
//     @user                   => OPERATION_NOT_INITIALIZED [-]
//
// The first line names the function, the state before the call and the good arguments. Each line below it gives
// what differs (arguments, or the state after "@"), the answer without "CKR_", the operations that are active
// afterwards, and lengths that were written. Lines that begin with "#" are remarks.
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_CALL_TABLE_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_CALL_TABLE_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cryptoki/cryptoki.h"

namespace signet::edge::testing {

struct Assignment {
  std::string parameter;
  std::string value;  // "NULL", "bytes:32", "0x80000000", …
};

struct CallCase {
  int line = 0;
  std::string function;
  std::string state;  // "user+sign"
  std::vector<Assignment> arguments;
  std::string answer;                       // "OK"
  std::set<std::string> active;             // "sign", …
  std::map<std::string, CK_ULONG> written;  // length parameter to value

  std::string name() const;  // for messages: line and what differs
};

// "C_Sign user+sign data=bytes:32 …": a function, its state and the arguments of a good call.
CallCase good_call_of(int line, const std::string& text);

// "[sign,find]"; "[-]" for none.
std::set<std::string> active_of(int line, const std::string& word);

// Throws std::runtime_error with the line of what cannot be read.
std::vector<CallCase> read_call_table(const std::string& file);

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_CALL_TABLE_H_
