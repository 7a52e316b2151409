#include "connect.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace {

std::string valueOf(const Parameters &parameters, const char *name) {
  auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

std::string gatewayPort(const std::string &instance) { return "33" + (instance.empty() ? std::string("00") : instance); }

/** `/H/host/S/3299/H/...`: the first host and its service. */
Address firstHop(const std::string &router) {
  auto after = [&router](const char *mark, size_t from) {
    size_t begin = router.find(mark, from);
    if (begin == std::string::npos) return std::string();
    begin += std::strlen(mark);
    return router.substr(begin, router.find('/', begin) - begin);
  };
  size_t secondHop = router.find("/H/", 3);
  size_t service = router.find("/S/");
  bool own = service != std::string::npos && service < secondHop;
  return {after("/H/", 0), own ? after("/S/", 0) : "3299"};
}

/** `sapgw42`, `3342` or empty. */
std::string gatewayService(const std::string &service) {
  return service.rfind("sapgw", 0) == 0 ? gatewayPort(service.substr(5)) : service;
}

}  // namespace

Address addressOf(const Parameters &parameters) {
  std::string gateway = valueOf(parameters, "gwhost");
  std::string server = valueOf(parameters, "ashost");
  if (server.empty()) server = valueOf(parameters, "mshost");
  if (gateway.empty() && server.empty()) return {};

  if (const char *port = std::getenv("SAP_SIM_PORT")) {
    const char *host = std::getenv("SAP_SIM_HOST");
    return {host ? host : "127.0.0.1", port};
  }
  std::string router = valueOf(parameters, "saprouter");
  if (!router.empty()) return firstHop(router);
  std::string port = gatewayPort(valueOf(parameters, "sysnr"));
  if (gateway.empty()) return {server, port};
  std::string service = gatewayService(valueOf(parameters, "gwserv"));
  return {gateway, service.empty() ? port : service};
}

int connectTo(const Address &address, std::string &reason) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo *found = nullptr;
  int problem = getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
  if (problem) {
    reason = gai_strerror(problem);
    return -1;
  }
  int connected = -1;
  for (addrinfo *one = found; one && connected < 0; one = one->ai_next) {
    int candidate = socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (candidate >= 0 && connect(candidate, one->ai_addr, one->ai_addrlen) == 0) {
      connected = candidate;
      break;
    }
    reason = std::strerror(errno);
    if (candidate >= 0) close(candidate);
  }
  freeaddrinfo(found);
  int on = 1;
  if (connected >= 0) setsockopt(connected, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connected;
}
