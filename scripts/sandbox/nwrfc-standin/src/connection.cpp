#include "connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <stdexcept>

#include "errors.h"

namespace {

void appendNumber(std::string &out, uint32_t number) { out.append(reinterpret_cast<const char *>(&number), sizeof number); }

uint32_t takeNumber(std::string_view &bytes) {
  uint32_t number;
  if (bytes.size() < sizeof number) throw std::runtime_error("frame too short");
  std::memcpy(&number, bytes.data(), sizeof number);
  bytes.remove_prefix(sizeof number);
  return number;
}

std::string_view takeBytes(std::string_view &bytes, size_t length) {
  if (bytes.size() < length) throw std::runtime_error("frame too short");
  std::string_view taken = bytes.substr(0, length);
  bytes.remove_prefix(length);
  return taken;
}

PackedRows takeBlock(std::string_view &frame) {
  PackedRows rows;
  uint32_t count = takeNumber(frame);
  uint32_t length = takeNumber(frame);
  rows.ends.resize(count);
  std::memcpy(rows.ends.data(), takeBytes(frame, count * sizeof(uint32_t)).data(), count * sizeof(uint32_t));
  rows.bytes = takeBytes(frame, length);
  if (count && rows.ends.back() != length) throw std::runtime_error("row ends do not match the block");
  return rows;
}

Answer parseFrame(std::string_view frame) {
  Answer answer;
  uint32_t jsonLength = takeNumber(frame);
  answer.json = Json::parse(takeBytes(frame, jsonLength));
  while (!frame.empty()) answer.blocks.push_back(takeBlock(frame));
  return answer;
}

std::mutex registryMutex;
uintptr_t lastHandle = 0;
std::map<uintptr_t, std::shared_ptr<Connection>> &registry() {
  static auto *connections = new std::map<uintptr_t, std::shared_ptr<Connection>>;
  return *connections;
}

}  // namespace

Connection::~Connection() { close(socket_); }

void Connection::shutDown() {
  closed_ = true;
  shutdown(socket_, SHUT_RDWR);
}

void Connection::cancel() {
  cancelled_ = true;
  shutdown(socket_, SHUT_RDWR);
}

RFC_RC Connection::request(const Json &request, Answer &answer, RFC_ERROR_INFO *error) {
  std::lock_guard<std::mutex> lock(oneAtATime_);
  if (!exchange(request, answer)) {
    shutDown();
    if (cancelled_) return fail(error, RFC_CANCELED, COMMUNICATION_FAILURE, "Connection was canceled.");
    return fail(error, RFC_COMMUNICATION_FAILURE, COMMUNICATION_FAILURE,
                "\nLOCATION    CPIC (TCP/IP) on local host with Unicode\nERROR       connection to partner broken\n"
                "RELEASE     753\nCOMPONENT   NI (network interface)\nVERSION     40\nRC          -6\nDETAIL      NiIRead: connection closed");
  }
  if (answer.json.flagOf("close")) shutDown();
  const Json *reported = answer.json.find("error");
  return reported ? failWith(error, *reported) : succeed(error);
}

bool Connection::exchange(const Json &request, Answer &answer) {
  std::string json;
  request.writeTo(json);
  std::string frame;
  appendNumber(frame, static_cast<uint32_t>(json.size() + sizeof(uint32_t)));
  appendNumber(frame, static_cast<uint32_t>(json.size()));
  frame += json;
  uint32_t length;
  if (!send(frame) || !receive(reinterpret_cast<char *>(&length), sizeof length)) return false;
  std::string body(length, '\0');
  if (!receive(body.data(), length)) return false;
  try {
    answer = parseFrame(body);
    return true;
  } catch (const std::exception &malformed) {
    std::fprintf(stderr, "stand-in: malformed answer of the simulator: %s\n", malformed.what());
    return false;
  }
}

bool Connection::send(const std::string &bytes) {
  for (size_t sent = 0; sent < bytes.size();) {
    ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<size_t>(count);
  }
  return true;
}

bool Connection::receive(char *target, size_t length) {
  for (size_t received = 0; received < length;) {
    ssize_t count = recv(socket_, target + received, length - received, 0);
    if (count <= 0) return false;
    received += static_cast<size_t>(count);
  }
  return true;
}

RFC_CONNECTION_HANDLE registerConnection(std::shared_ptr<Connection> connection) {
  std::lock_guard<std::mutex> lock(registryMutex);
  registry().emplace(++lastHandle, std::move(connection));
  return reinterpret_cast<RFC_CONNECTION_HANDLE>(lastHandle);
}

std::shared_ptr<Connection> connectionOf(RFC_CONNECTION_HANDLE handle, RFC_ERROR_INFO *error) {
  std::lock_guard<std::mutex> lock(registryMutex);
  auto found = registry().find(reinterpret_cast<uintptr_t>(handle));
  if (found != registry().end()) return found->second;
  misuse(error, RFC_INVALID_HANDLE, "An invalid handle 'RFC_CONNECTION_HANDLE' was passed to the API call");
  return nullptr;
}

RFC_RC requestOver(RFC_CONNECTION_HANDLE handle, const Json &request, Answer &answer, RFC_ERROR_INFO *error) {
  auto connection = connectionOf(handle, error);
  if (!connection) return RFC_INVALID_HANDLE;
  RFC_RC code = connection->request(request, answer, error);
  if (connection->isClosed()) forget(handle);
  return code;
}

void forget(RFC_CONNECTION_HANDLE handle) {
  std::lock_guard<std::mutex> lock(registryMutex);
  registry().erase(reinterpret_cast<uintptr_t>(handle));
}
