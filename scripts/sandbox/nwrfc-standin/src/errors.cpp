#include "errors.h"

#include "text.h"

namespace {

const SAP_UC *const codeNames[] = {u"RFC_OK",
                                   u"RFC_COMMUNICATION_FAILURE",
                                   u"RFC_LOGON_FAILURE",
                                   u"RFC_ABAP_RUNTIME_FAILURE",
                                   u"RFC_ABAP_MESSAGE",
                                   u"RFC_ABAP_EXCEPTION",
                                   u"RFC_CLOSED",
                                   u"RFC_CANCELED",
                                   u"RFC_TIMEOUT",
                                   u"RFC_MEMORY_INSUFFICIENT",
                                   u"RFC_VERSION_MISMATCH",
                                   u"RFC_INVALID_PROTOCOL",
                                   u"RFC_SERIALIZATION_FAILURE",
                                   u"RFC_INVALID_HANDLE",
                                   u"RFC_RETRY",
                                   u"RFC_EXTERNAL_FAILURE",
                                   u"RFC_EXECUTED",
                                   u"RFC_NOT_FOUND",
                                   u"RFC_NOT_SUPPORTED",
                                   u"RFC_ILLEGAL_STATE",
                                   u"RFC_INVALID_PARAMETER",
                                   u"RFC_CODEPAGE_CONVERSION_FAILURE",
                                   u"RFC_CONVERSION_FAILURE",
                                   u"RFC_BUFFER_TOO_SMALL",
                                   u"RFC_TABLE_MOVE_BOF",
                                   u"RFC_TABLE_MOVE_EOF",
                                   u"RFC_START_SAPGUI_FAILURE",
                                   u"RFC_ABAP_CLASS_EXCEPTION",
                                   u"RFC_UNKNOWN_ERROR",
                                   u"RFC_AUTHORIZATION_FAILURE",
                                   u"RFC_AUTHENTICATION_FAILURE",
                                   u"RFC_CRYPTOLIB_FAILURE",
                                   u"RFC_IO_FAILURE",
                                   u"RFC_LOCKING_FAILURE"};
constexpr size_t codeCount = sizeof codeNames / sizeof *codeNames;

template <size_t Capacity>
void fill(SAP_UC (&field)[Capacity], const std::string &utf8) {
  copyTo(field, Capacity, toUtf16(utf8));
}

}  // namespace

const SAP_UC *nameOf(RFC_RC code) {
  auto index = static_cast<size_t>(code);
  return codeNames[index < codeCount ? index : static_cast<size_t>(RFC_UNKNOWN_ERROR)];
}

RFC_RC succeed(RFC_ERROR_INFO *error) {
  if (!error) return RFC_OK;
  // Called for every field of every row, so texts are emptied rather than cleared.
  error->code = RFC_OK;
  error->group = OK;
  error->key[0] = error->message[0] = error->abapMsgClass[0] = error->abapMsgType[0] = error->abapMsgNumber[0] = 0;
  error->abapMsgV1[0] = error->abapMsgV2[0] = error->abapMsgV3[0] = error->abapMsgV4[0] = 0;
  return RFC_OK;
}

RFC_RC fail(RFC_ERROR_INFO *error, RFC_RC code, RFC_ERROR_GROUP group, const std::string &message) {
  if (!error) return code;
  succeed(error);
  error->code = code;
  error->group = group;
  copyTo(error->key, 128, nameOf(code));
  fill(error->message, message);
  return code;
}

RFC_RC misuse(RFC_ERROR_INFO *error, RFC_RC code, const std::string &message) {
  return fail(error, code, EXTERNAL_RUNTIME_FAILURE, message);
}

RFC_RC failWith(RFC_ERROR_INFO *error, const Json &reported) {
  auto code = static_cast<RFC_RC>(static_cast<int>(reported.numberOf("code", RFC_UNKNOWN_ERROR)));
  auto group = static_cast<RFC_ERROR_GROUP>(static_cast<int>(reported.numberOf("group", EXTERNAL_RUNTIME_FAILURE)));
  fail(error, code, group, reported.textOf("message"));
  if (!error) return code;
  if (reported.find("key")) fill(error->key, reported.textOf("key"));
  fill(error->abapMsgClass, reported.textOf("abapMsgClass"));
  fill(error->abapMsgType, reported.textOf("abapMsgType"));
  fill(error->abapMsgNumber, reported.textOf("abapMsgNumber"));
  fill(error->abapMsgV1, reported.textOf("abapMsgV1"));
  fill(error->abapMsgV2, reported.textOf("abapMsgV2"));
  fill(error->abapMsgV3, reported.textOf("abapMsgV3"));
  fill(error->abapMsgV4, reported.textOf("abapMsgV4"));
  return code;
}
