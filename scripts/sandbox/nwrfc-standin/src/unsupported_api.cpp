// Servers (ABAP calls us) and throughput counters: the addon needs the symbols, the product uses neither.
#include "errors.h"

static RFC_RC unsupported(RFC_ERROR_INFO *error) { return misuse(error, RFC_NOT_SUPPORTED, "not part of the test stand-in"); }

#define UNSUPPORTED(name, ...) \
  RFC_EXPORT_API RFC_RC name(__VA_ARGS__, RFC_ERROR_INFO *error) { return unsupported(error); }

UNSUPPORTED(RfcDestroyServer, RFC_SERVER_HANDLE)
UNSUPPORTED(RfcLaunchServer, RFC_SERVER_HANDLE)
UNSUPPORTED(RfcShutdownServer, RFC_SERVER_HANDLE, unsigned)
UNSUPPORTED(RfcInstallGenericServerFunction, void *, void *)
UNSUPPORTED(RfcInstallAuthorizationCheckHandler, void *)
UNSUPPORTED(RfcGetServerContext, RFC_CONNECTION_HANDLE, void *)
UNSUPPORTED(RfcDestroyThroughput, RFC_THROUGHPUT_HANDLE)
UNSUPPORTED(RfcResetThroughput, RFC_THROUGHPUT_HANDLE)
UNSUPPORTED(RfcSetThroughputOnConnection, RFC_CONNECTION_HANDLE, RFC_THROUGHPUT_HANDLE)
UNSUPPORTED(RfcRemoveThroughputFromConnection, RFC_CONNECTION_HANDLE)
UNSUPPORTED(RfcGetNumberOfCalls, RFC_THROUGHPUT_HANDLE, SAP_ULLONG *)
UNSUPPORTED(RfcGetSentBytes, RFC_THROUGHPUT_HANDLE, SAP_ULLONG *)
UNSUPPORTED(RfcGetReceivedBytes, RFC_THROUGHPUT_HANDLE, SAP_ULLONG *)
UNSUPPORTED(RfcGetApplicationTime, RFC_THROUGHPUT_HANDLE, SAP_ULLONG *)
UNSUPPORTED(RfcGetTotalTime, RFC_THROUGHPUT_HANDLE, SAP_ULLONG *)
UNSUPPORTED(RfcGetSerializationTime, RFC_THROUGHPUT_HANDLE, SAP_ULLONG *)
UNSUPPORTED(RfcGetDeserializationTime, RFC_THROUGHPUT_HANDLE, SAP_ULLONG *)

RFC_EXPORT_API RFC_SERVER_HANDLE RfcCreateServer(const RFC_CONNECTION_PARAMETER *, unsigned, RFC_ERROR_INFO *error) {
  unsupported(error);
  return nullptr;
}

RFC_EXPORT_API RFC_THROUGHPUT_HANDLE RfcCreateThroughput(RFC_ERROR_INFO *error) {
  unsupported(error);
  return nullptr;
}

RFC_EXPORT_API RFC_THROUGHPUT_HANDLE RfcGetThroughputFromConnection(RFC_CONNECTION_HANDLE, RFC_ERROR_INFO *error) {
  unsupported(error);
  return nullptr;
}
