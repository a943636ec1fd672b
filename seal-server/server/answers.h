// The answers of the contract.
#ifndef SIGNET_SEAL_SERVER_SERVER_ANSWERS_H_
#define SIGNET_SEAL_SERVER_SERVER_ANSWERS_H_

#include <boost/json/value.hpp>
#include <string>

#include "https/server/message.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

https::server::Response json_answer(const boost::json::value& value);

// What json_answer() makes of a text that is JSON already.
https::server::Response ready_answer(std::string json);

// Status 202: what it is about goes on.
https::server::Response accepted_answer(std::string json);

https::server::Response text_answer(std::string text);
https::server::Response octets_answer(std::string octets);

// application/problem+json (RFC 9457).
https::server::Response problem_answer(const Problem& problem);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SERVER_ANSWERS_H_
