// Declarations of the C interface that node-rfc 3.3.1 uses, for the test stand-in of this folder.
//
// Provenance: written from the call sites in node-rfc (Apache-2.0) and from what other open-source bindings declare for
// themselves (PyRFC, Apache-2.0; SapNwRfc, MIT). Not derived from SAP's own header, which is SAP's property and must never
// be committed here. Test-only: never shipped with the product. Layouts were confirmed by running the prebuilt addon.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>

using SAP_UC = char16_t;
using SAP_RAW = unsigned char;
using SAP_ULLONG = unsigned long long;
using RFC_BYTE = SAP_RAW;
using RFC_CHAR = SAP_UC;
using RFC_NUM = RFC_CHAR;
using RFC_INT1 = SAP_RAW;
using RFC_INT2 = short;
using RFC_INT = int;
using RFC_INT8 = long long;
using RFC_FLOAT = double;
using RFC_ABAP_NAME = RFC_CHAR[31];

enum RFCTYPE {
  RFCTYPE_CHAR = 0,
  RFCTYPE_DATE = 1,
  RFCTYPE_BCD = 2,
  RFCTYPE_TIME = 3,
  RFCTYPE_BYTE = 4,
  RFCTYPE_TABLE = 5,
  RFCTYPE_NUM = 6,
  RFCTYPE_FLOAT = 7,
  RFCTYPE_INT = 8,
  RFCTYPE_INT2 = 9,
  RFCTYPE_INT1 = 10,
  RFCTYPE_STRUCTURE = 17,
  RFCTYPE_DECF16 = 23,
  RFCTYPE_DECF34 = 24,
  RFCTYPE_STRING = 29,
  RFCTYPE_XSTRING = 30,
  RFCTYPE_INT8 = 31,
  RFCTYPE_UTCLONG = 32
};

enum RFC_RC {
  RFC_OK,
  RFC_COMMUNICATION_FAILURE,
  RFC_LOGON_FAILURE,
  RFC_ABAP_RUNTIME_FAILURE,
  RFC_ABAP_MESSAGE,
  RFC_ABAP_EXCEPTION,
  RFC_CLOSED,
  RFC_CANCELED,
  RFC_TIMEOUT,
  RFC_MEMORY_INSUFFICIENT,
  RFC_VERSION_MISMATCH,
  RFC_INVALID_PROTOCOL,
  RFC_SERIALIZATION_FAILURE,
  RFC_INVALID_HANDLE,
  RFC_RETRY,
  RFC_EXTERNAL_FAILURE,
  RFC_EXECUTED,
  RFC_NOT_FOUND,
  RFC_NOT_SUPPORTED,
  RFC_ILLEGAL_STATE,
  RFC_INVALID_PARAMETER,
  RFC_CODEPAGE_CONVERSION_FAILURE,
  RFC_CONVERSION_FAILURE,
  RFC_BUFFER_TOO_SMALL,
  RFC_TABLE_MOVE_BOF,
  RFC_TABLE_MOVE_EOF,
  RFC_START_SAPGUI_FAILURE,
  RFC_ABAP_CLASS_EXCEPTION,
  RFC_UNKNOWN_ERROR,
  RFC_AUTHORIZATION_FAILURE,
  RFC_AUTHENTICATION_FAILURE,
  RFC_CRYPTOLIB_FAILURE,
  RFC_IO_FAILURE,
  RFC_LOCKING_FAILURE
};

enum RFC_ERROR_GROUP {
  OK,
  ABAP_APPLICATION_FAILURE,
  ABAP_RUNTIME_FAILURE,
  LOGON_FAILURE,
  COMMUNICATION_FAILURE,
  EXTERNAL_RUNTIME_FAILURE,
  EXTERNAL_APPLICATION_FAILURE,
  EXTERNAL_AUTHORIZATION_FAILURE
};

enum RFC_DIRECTION { RFC_IMPORT = 1, RFC_EXPORT = 2, RFC_CHANGING = 3, RFC_TABLES = 7 };

using RFC_CONNECTION_HANDLE = void *;
using RFC_FUNCTION_DESC_HANDLE = void *;
using RFC_FUNCTION_HANDLE = void *;
using RFC_TYPE_DESC_HANDLE = void *;
using DATA_CONTAINER_HANDLE = void *;
using RFC_STRUCTURE_HANDLE = void *;
using RFC_TABLE_HANDLE = void *;
using RFC_SERVER_HANDLE = void *;
using RFC_THROUGHPUT_HANDLE = void *;

struct RFC_CONNECTION_PARAMETER {
  const SAP_UC *name;
  const SAP_UC *value;
};

struct RFC_ERROR_INFO {
  RFC_RC code;
  RFC_ERROR_GROUP group;
  SAP_UC key[128];
  SAP_UC message[512];
  SAP_UC abapMsgClass[21];
  SAP_UC abapMsgType[2];
  RFC_NUM abapMsgNumber[4];
  SAP_UC abapMsgV1[51];
  SAP_UC abapMsgV2[51];
  SAP_UC abapMsgV3[51];
  SAP_UC abapMsgV4[51];
};

struct RFC_PARAMETER_DESC {
  RFC_ABAP_NAME name;
  RFCTYPE type;
  RFC_DIRECTION direction;
  unsigned nucLength;
  unsigned ucLength;
  unsigned decimals;
  RFC_TYPE_DESC_HANDLE typeDescHandle;
  RFC_CHAR defaultValue[31];
  RFC_CHAR parameterText[80];
  RFC_BYTE optional;
  void *extendedDescription;
};

struct RFC_FIELD_DESC {
  RFC_ABAP_NAME name;
  RFCTYPE type;
  unsigned nucLength;
  unsigned nucOffset;
  unsigned ucLength;
  unsigned ucOffset;
  unsigned decimals;
  RFC_TYPE_DESC_HANDLE typeDescHandle;
  void *extendedDescription;
};

struct RFC_ATTRIBUTES {
  SAP_UC dest[65];
  SAP_UC host[101];
  SAP_UC partnerHost[101];
  SAP_UC sysNumber[3];
  SAP_UC sysId[9];
  SAP_UC client[4];
  SAP_UC user[13];
  SAP_UC language[3];
  SAP_UC trace[2];
  SAP_UC isoLanguage[3];
  SAP_UC codepage[5];
  SAP_UC partnerCodepage[5];
  SAP_UC rfcRole[2];
  SAP_UC type[2];
  SAP_UC partnerType[2];
  SAP_UC rel[5];
  SAP_UC partnerRel[5];
  SAP_UC kernelRel[5];
  SAP_UC cpicConvId[9];
  SAP_UC progName[129];
  SAP_UC partnerBytesPerChar[2];
  SAP_UC partnerSystemCodepage[5];
  SAP_UC partnerIP[16];
  SAP_UC partnerIPv6[46];
  SAP_UC reserved[17];
};

static_assert(sizeof(RFC_ERROR_INFO) == 1752 && sizeof(RFC_PARAMETER_DESC) == 328, "layout the addon was compiled with");
static_assert(sizeof(RFC_FIELD_DESC) == 104 && sizeof(RFC_ATTRIBUTES) == 1118, "layout the addon was compiled with");

// Every function is exported with C linkage under its own name.
#define RFC_EXPORT_API extern "C" __attribute__((visibility("default")))
