// Opening, closing, and calling functions.
#include <algorithm>
#include <cctype>
#include <exception>

#include "connect.h"
#include "connection.h"
#include "errors.h"
#include "text.h"

namespace {

Json operation(const char *name) {
  Json request = Json::object();
  request.set("op", Json::text(name));
  return request;
}

Parameters read(const RFC_CONNECTION_PARAMETER *given, unsigned count) {
  Parameters parameters;
  for (unsigned i = 0; i < count; ++i) {
    std::string name = toUtf8(given[i].name);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    parameters[name] = toUtf8(given[i].value);
  }
  return parameters;
}

RFC_ATTRIBUTES attributesFrom(const Json &json) {
  RFC_ATTRIBUTES out{};
  auto fill = [&json](auto &field, const char *name) { copyTo(field, sizeof field / sizeof *field, toUtf16(json.textOf(name))); };
  fill(out.dest, "dest");
  fill(out.host, "host");
  fill(out.partnerHost, "partnerHost");
  fill(out.sysNumber, "sysNumber");
  fill(out.sysId, "sysId");
  fill(out.client, "client");
  fill(out.user, "user");
  fill(out.language, "language");
  fill(out.isoLanguage, "isoLanguage");
  fill(out.codepage, "codepage");
  fill(out.partnerCodepage, "partnerCodepage");
  fill(out.rfcRole, "rfcRole");
  fill(out.type, "type");
  fill(out.partnerType, "partnerType");
  fill(out.rel, "rel");
  fill(out.partnerRel, "partnerRel");
  fill(out.kernelRel, "kernelRel");
  fill(out.cpicConvId, "cpicConvId");
  fill(out.progName, "progName");
  fill(out.partnerIP, "partnerIP");
  return out;
}

RFC_RC unreachable(const Address &address, const std::string &reason, RFC_ERROR_INFO *error) {
  return fail(error, RFC_COMMUNICATION_FAILURE, COMMUNICATION_FAILURE,
              "\nLOCATION    CPIC (TCP/IP) on local host with Unicode\nERROR       partner '" + address.host + ":" + address.port +
                  "' not reached\nRELEASE     753\nCOMPONENT   NI (network interface)\nVERSION     40\nRC          -10\n"
                  "DETAIL      NiPConnect2: " + address.host + ":" + address.port + "\nSYSTEM CALL connect\nERRNO TEXT  " + reason);
}

RFC_RC simpleRequest(RFC_CONNECTION_HANDLE handle, const char *name, RFC_ERROR_INFO *error) {
  Answer answer;
  return requestOver(handle, operation(name), answer, error);
}

}  // namespace

RFC_EXPORT_API RFC_CONNECTION_HANDLE RfcOpenConnection(const RFC_CONNECTION_PARAMETER *given, unsigned count, RFC_ERROR_INFO *error) {
  Parameters parameters = read(given, count);
  Address address = addressOf(parameters);
  if (address.host.empty()) {
    misuse(error, RFC_INVALID_PARAMETER, "Parameter ASHOST, GWHOST, MSHOST or PORT is missing.");
    return nullptr;
  }
  std::string reason;
  int socket = connectTo(address, reason);
  if (socket < 0) {
    unreachable(address, reason, error);
    return nullptr;
  }
  auto connection = std::make_shared<Connection>(socket);
  Json request = operation("open");
  Json sent = Json::object();
  for (const auto &[name, value] : parameters) sent.set(name, Json::text(value));
  request.set("parameters", std::move(sent));
  Answer answer;
  if (connection->request(request, answer, error) != RFC_OK) return nullptr;
  const Json *attributes = answer.json.find("attributes");
  if (attributes) connection->attributes = attributesFrom(*attributes);
  connection->systemId = attributes ? attributes->textOf("sysId") : std::string();
  return registerConnection(std::move(connection));
}

// Close, cancel and attributes are called on the addon's JavaScript thread, where a simulator may live too: they never wait for it.

RFC_EXPORT_API RFC_RC RfcCloseConnection(RFC_CONNECTION_HANDLE handle, RFC_ERROR_INFO *error) {
  auto connection = connectionOf(handle, error);
  if (!connection) return RFC_INVALID_HANDLE;
  connection->shutDown();
  forget(handle);
  return succeed(error);
}

RFC_EXPORT_API RFC_RC RfcCancel(RFC_CONNECTION_HANDLE handle, RFC_ERROR_INFO *error) {
  auto connection = connectionOf(handle, error);
  if (!connection) return RFC_INVALID_HANDLE;
  connection->cancel();
  return succeed(error);
}

RFC_EXPORT_API RFC_RC RfcGetConnectionAttributes(RFC_CONNECTION_HANDLE handle, RFC_ATTRIBUTES *out, RFC_ERROR_INFO *error) {
  auto connection = connectionOf(handle, error);
  if (!connection) return RFC_INVALID_HANDLE;
  *out = connection->attributes;
  return succeed(error);
}

RFC_EXPORT_API RFC_RC RfcPing(RFC_CONNECTION_HANDLE handle, RFC_ERROR_INFO *error) { return simpleRequest(handle, "ping", error); }

RFC_EXPORT_API RFC_RC RfcResetServerContext(RFC_CONNECTION_HANDLE handle, RFC_ERROR_INFO *error) {
  return simpleRequest(handle, "reset", error);
}

RFC_EXPORT_API RFC_FUNCTION_DESC_HANDLE RfcGetFunctionDesc(RFC_CONNECTION_HANDLE handle, const SAP_UC *name, RFC_ERROR_INFO *error) {
  auto connection = connectionOf(handle, error);
  if (!connection) return nullptr;
  std::string function = toUtf8(name);
  std::string key = connection->systemId + "/" + function;
  if (Type *known = recallFunction(key)) {
    succeed(error);
    return known;
  }
  Json request = operation("describe");
  request.set("name", Json::text(function));
  Answer answer;
  if (requestOver(handle, request, answer, error) != RFC_OK) return nullptr;
  try {
    const Json *described = answer.json.find("function");
    return rememberFunction(key, typeFrom(described ? *described : Json()));
  } catch (const std::exception &malformed) {
    misuse(error, RFC_INVALID_PROTOCOL, "description of " + function + ": " + malformed.what());
    return nullptr;
  }
}

RFC_EXPORT_API RFC_FUNCTION_HANDLE RfcCreateFunction(RFC_FUNCTION_DESC_HANDLE function, RFC_ERROR_INFO *error) {
  succeed(error);
  return static_cast<Container *>(new Row(*static_cast<Type *>(function)));
}

RFC_EXPORT_API RFC_FUNCTION_DESC_HANDLE RfcDescribeFunction(RFC_FUNCTION_HANDLE function, RFC_ERROR_INFO *error) {
  succeed(error);
  return const_cast<Type *>(&static_cast<Container *>(function)->currentRow()->type);
}

RFC_EXPORT_API RFC_RC RfcDestroyFunction(RFC_FUNCTION_HANDLE function, RFC_ERROR_INFO *error) {
  delete static_cast<Container *>(function);
  return succeed(error);
}

RFC_EXPORT_API RFC_RC RfcSetParameterActive(RFC_FUNCTION_HANDLE function, const SAP_UC *name, int active, RFC_ERROR_INFO *error) {
  Row *row = static_cast<Container *>(function)->currentRow();
  int index = row->type.find(name);
  if (index < 0) return misuse(error, RFC_INVALID_PARAMETER, "field '" + toUtf8(name) + "' not found");
  row->values[static_cast<size_t>(index)].active = active != 0;
  return succeed(error);
}

RFC_EXPORT_API RFC_RC RfcInvoke(RFC_CONNECTION_HANDLE handle, RFC_FUNCTION_HANDLE function, RFC_ERROR_INFO *error) {
  Row *row = static_cast<Container *>(function)->currentRow();
  Json request = operation("invoke");
  request.set("name", Json::text(toUtf8(row->type.name)));
  request.set("inputs", row->suppliedInputs());
  request.set("inactive", row->inactiveNames());
  Answer answer;
  RFC_RC code = requestOver(handle, request, answer, error);
  if (code != RFC_OK) return code;
  try {
    if (const Json *outputs = answer.json.find("outputs")) row->assign(*outputs, answer.blocks);
    return succeed(error);
  } catch (const std::exception &malformed) {
    return misuse(error, RFC_INVALID_PROTOCOL, "answer of " + toUtf8(row->type.name) + ": " + malformed.what());
  }
}
