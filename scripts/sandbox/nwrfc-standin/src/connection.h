// A connection to the simulated system: one TCP connection is one ABAP session.
//
// Frames, both ways: u32 length of the rest, u32 length of the JSON, JSON, blocks (all numbers little-endian).
// A block holds the rows of a big one-field table: u32 rows, u32 bytes, u32 end offset of each row, UTF-8 texts.
// Requests: {op: open|ping|reset|describe|invoke, ...}. Answers: {error: {...}, close: true when the session is over} or what was asked for.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "container.h"
#include "json.h"
#include "sapnwrfc.h"

struct Answer {
  Json json;
  std::vector<PackedRows> blocks;
};

class Connection {
public:
  /** Takes over the socket. */
  explicit Connection(int socket) : socket_(socket) {}
  ~Connection();
  Connection(const Connection &) = delete;

  /** Sends one request and waits for its answer. A lost connection and an error in the answer both fill `error`. */
  RFC_RC request(const Json &request, Answer &answer, RFC_ERROR_INFO *error);
  /** From any thread; a request under way fails with RFC_CANCELED, as does the next one. Never waits. */
  void cancel();
  /** From any thread; a request under way fails. Never waits. */
  void shutDown();
  /** The line broke, or the session ended with an error. */
  bool isClosed() const { return closed_; }

  RFC_ATTRIBUTES attributes{};
  std::string systemId;

private:
  bool exchange(const Json &request, Answer &answer);
  bool send(const std::string &bytes);
  bool receive(char *target, size_t length);

  const int socket_;
  std::mutex oneAtATime_;
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> closed_{false};
};

/** Handles are numbers that are never used twice, so that a stale one is recognised. */
RFC_CONNECTION_HANDLE registerConnection(std::shared_ptr<Connection> connection);
/** Sends a request over the connection of that handle, and forgets the handle when the connection does not outlive it. */
RFC_RC requestOver(RFC_CONNECTION_HANDLE handle, const Json &request, Answer &answer, RFC_ERROR_INFO *error);
/** Empty, with `error` filled, when the handle is unknown or closed. */
std::shared_ptr<Connection> connectionOf(RFC_CONNECTION_HANDLE handle, RFC_ERROR_INFO *error);
void forget(RFC_CONNECTION_HANDLE handle);
