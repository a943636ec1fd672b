#include "tests/support/http2_front.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/files.h"
#include "tests/support/loopback.h"

namespace signet::tests {
namespace {

std::uint16_t free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const std::uint16_t port = bind_to_free_port(descriptor, own_address());
  close(descriptor);
  return port;
}

bool accepts(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = local_address(port, own_address());
  const bool connected =
      connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(descriptor);
  return connected;
}

constexpr char kConfiguration[] = R"(daemon off;
master_process off;
pid {0}/nginx.pid;
error_log {0}/error.log;
events {{ worker_connections 256; }}
http {{
  log_format form '$server_protocol $connection $status';
  access_log {0}/access.log form;
  client_body_temp_path {0}/body;
  proxy_temp_path {0}/proxy;
  fastcgi_temp_path {0}/fastcgi;
  uwsgi_temp_path {0}/uwsgi;
  scgi_temp_path {0}/scgi;
  client_max_body_size 16m;
  server {{
    listen {6}:{1} ssl{2};
    ssl_certificate {3};
    ssl_certificate_key {4};
    keepalive_timeout 60s;
    location / {{
      proxy_pass https://127.0.0.1:{5};
      proxy_http_version 1.1;
      proxy_ssl_verify off;
      proxy_next_upstream off;
      proxy_read_timeout 30s;
    }}
  }}
}}
)";

}  // namespace

Http2Front::Http2Front(std::uint16_t upstream_port, const std::filesystem::path& certificate,
                       const std::filesystem::path& key, Offers offers)
    : port_(free_port()) {
  write_file(dir_ / "nginx.conf",
             fmt::format(kConfiguration, dir_.path().string(), port_,
                         offers == Offers::http2 ? " http2" : "", certificate.string(),
                         key.string(), upstream_port, own_address()));
  start();
}

void Http2Front::start() {
  process_ = std::make_unique<Process>(
      std::vector<std::string>{"/usr/sbin/nginx", "-p", dir_.path().string(), "-c",
                               (dir_ / "nginx.conf").string(), "-e", (dir_ / "error.log").string()},
      dir_ / "nginx.out", dir_ / "nginx.out");
  for (int i = 0; i < 3'000; ++i) {
    if (accepts(port_)) return;
    if (!process_->running()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  throw std::runtime_error("nginx does not serve: " + read_file(dir_ / "nginx.out"));
}

void Http2Front::kill() {
  process_->end(SIGKILL);
}

std::string Http2Front::url() const {
  return fmt::format("https://{}:{}/dsa/v1", own_address(), port_);
}

std::vector<Http2Front::Request> Http2Front::requests() const {
  std::istringstream lines(read_file(dir_ / "access.log"));
  std::vector<Request> requests;
  for (Request request; lines >> request.protocol >> request.connection >> request.status;) {
    requests.push_back(request);
  }
  return requests;
}

}  // namespace signet::tests
