// From connection parameters to a socket.
#pragma once

#include <map>
#include <string>

#include "sapnwrfc.h"

/** Names in lower case, as the real library ignores case. */
using Parameters = std::map<std::string, std::string>;

struct Address {
  std::string host;
  std::string port;
};

/**
 * Where the parameters lead: SAP_SIM_PORT (host SAP_SIM_HOST or 127.0.0.1) when the process was started with it, else the first hop of
 * the router string, else gwhost and gwserv, else ashost or mshost with port 33NN of sysnr. The host is empty when none is named.
 */
Address addressOf(const Parameters &parameters);

/** A connected socket without Nagle's delay, or -1 with the system's reason. */
int connectTo(const Address &address, std::string &reason);
