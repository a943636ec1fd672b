// Which call a path and a method are, and who may make it.
#include <algorithm>
#include <vector>

#include "seal-server/certificates/orders.h"
#include "seal-server/server/service.h"
#include "seal-server/server/wrong_method.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

Problem no_such_path() {
  return problems::no_such("There is nothing at this path.");
}

void expect_method(const Call& call, const std::string& allowed) {
  if (call.request.method != allowed) throw WrongMethod(allowed);
}

// What the state of its key leaves a client.
enum class Need {
  any,      // every key that is admitted
  trusted,  // not one that is yet to be confirmed
  active,   // nor one that is superseded
};

void expect_key(const Call& call, Need need) {
  const std::string& state = call.key.state;
  if (need != Need::any && state == "registered")
    throw problems::not_admitted("This key is to be confirmed first.");
  if (need == Need::active && state == "superseded")
    throw problems::not_admitted("This key is superseded: it may log in and report, nothing else.");
}

void expect_administrator(const Call& call) {
  if (call.official->role != Role::administrator)
    throw problems::not_admitted("This is for administrators.");
}

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> segments;
  for (std::size_t at = 0;;) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    segments.push_back(path.substr(at, end - at));
    if (end == path.size()) return segments;
    at = end + 1;
  }
}

}  // namespace

https::server::Response Service::dispatch(const Call& call) {
  const bool lists = call.path == "transactions" || call.path == "clients";
  if (!call.query.empty() && !(lists && call.request.method == "GET"))
    throw problems::malformed("This path takes no query.");
  const std::vector<std::string> path = segments_of(call.path);
  if (path.front() == "log") return dispatch_log(call);
  if (call.official) {
    if (path.front() != "clients") throw problems::not_admitted("This is for clients.");
    expect_administrator(call);
    return dispatch_administration(call, path);
  }
  if (path.front() == "clients") throw problems::not_admitted("This is for administrators.");
  if (path.front() == "authentication-certificates") return dispatch_authentication(call, path);
  if (path.front() == "sealing-certificates") return dispatch_sealing(call, path);
  if (path.front() == "transactions") return dispatch_transactions(call, path);
  if (call.path == "client") {
    expect_method(call, "GET");
    return show_client(call);
  }
  if (call.path == "cryptogram") {
    expect_method(call, "GET");
    return show_cryptogram(call);
  }
  const bool changes = call.path == "credentials/change";
  if (!changes && call.path != "credentials/commit") throw no_such_path();
  expect_method(call, "POST");
  expect_key(call, Need::active);
  return changes ? change_credentials(call) : commit_credentials(call);
}

https::server::Response Service::dispatch_log(const Call& call) {
  const std::string part = call.path.substr(std::min(call.path.size(), std::size_t{4}));
  if (part.empty()) throw no_such_path();
  expect_method(call, "GET");
  return part == "checkpoint" ? show_checkpoint() : show_tile(call, part);
}

https::server::Response Service::dispatch_transactions(const Call& call,
                                                       const std::vector<std::string>& path) {
  expect_key(call, Need::trusted);
  if (path.size() == 1) {
    if (call.request.method == "POST") return open_transactions(call);
    if (call.request.method == "GET") return list_transactions(call);
    throw WrongMethod("GET, POST");
  }
  if (path.size() > 2) throw no_such_path();
  if (call.request.method == "PUT") return end_transaction(call, path[1]);
  if (call.request.method == "GET") return show_transaction(call, path[1]);
  throw WrongMethod("GET, PUT");
}

https::server::Response Service::dispatch_authentication(const Call& call,
                                                         const std::vector<std::string>& path) {
  if (path.size() == 1) {
    expect_method(call, "POST");
    expect_key(call, Need::active);
    return order_authentication(call);
  }
  if (path.size() == 2) {
    expect_method(call, "GET");
    return show_order(call, kAuthentication, path[1]);
  }
  if (path.size() != 3 || path[2] != "confirm") throw no_such_path();
  expect_method(call, "POST");
  return confirm_authentication(call, path[1]);
}

https::server::Response Service::dispatch_sealing(const Call& call,
                                                  const std::vector<std::string>& path) {
  expect_key(call, Need::trusted);
  if (path.size() == 1 || call.path == "sealing-certificates/lease") {
    expect_method(call, "POST");
    expect_key(call, Need::active);
    return path.size() == 1 ? order_sealing(call) : lease_sealing(call);
  }
  if (path.size() != 2) throw no_such_path();
  if (call.request.method == "GET") return show_order(call, kSealing, path[1]);
  if (call.request.method != "PUT") throw WrongMethod("GET, PUT");
  expect_key(call, Need::active);
  return activate_sealing(call, path[1]);
}

https::server::Response Service::dispatch_administration(const Call& call,
                                                         const std::vector<std::string>& path) {
  if (path.size() == 1) {
    if (call.request.method == "POST") return add_client(call);
    if (call.request.method == "GET") return list_clients(call);
    throw WrongMethod("GET, POST");
  }
  if (path.size() == 2) {
    expect_method(call, "GET");
    return show_any_client(path[1]);
  }
  if (path.size() == 3) {
    if (path[2] == "keys" || path[2] == "sealing-certificates") {
      expect_method(call, "POST");
      return path[2] == "keys" ? add_client_key(call, path[1])
                               : add_client_sealing_certificate(call, path[1]);
    }
    if (path[2] != "state" && path[2] != "limits" && path[2] != "statement") throw no_such_path();
    expect_method(call, "PUT");
    return change_client(call, path[1], path[2]);
  }
  if (path.size() != 5 || path[2] != "keys") throw no_such_path();
  if (path[4] == "cryptogram") {
    expect_method(call, "PUT");
    return put_key_cryptogram(call, path[1], path[3]);
  }
  if (path[4] != "revoke") throw no_such_path();
  expect_method(call, "POST");
  return revoke_client_key(call, path[1], path[3]);
}

}  // namespace signet::sealserver
