#include "metadata.h"

#include <map>
#include <mutex>
#include <stdexcept>

#include "errors.h"
#include "text.h"

namespace {

RFCTYPE rfcType(const std::string &name) {
  static const std::map<std::string, RFCTYPE> types = {
      {"CHAR", RFCTYPE_CHAR},     {"DATE", RFCTYPE_DATE},       {"BCD", RFCTYPE_BCD},       {"TIME", RFCTYPE_TIME},
      {"BYTE", RFCTYPE_BYTE},     {"TABLE", RFCTYPE_TABLE},     {"NUM", RFCTYPE_NUM},       {"FLOAT", RFCTYPE_FLOAT},
      {"INT", RFCTYPE_INT},       {"INT2", RFCTYPE_INT2},       {"INT1", RFCTYPE_INT1},     {"STRUCTURE", RFCTYPE_STRUCTURE},
      {"DECF16", RFCTYPE_DECF16}, {"DECF34", RFCTYPE_DECF34},   {"STRING", RFCTYPE_STRING}, {"XSTRING", RFCTYPE_XSTRING},
      {"INT8", RFCTYPE_INT8},     {"UTCLONG", RFCTYPE_UTCLONG},
  };
  auto found = types.find(name);
  if (found == types.end()) throw std::runtime_error("unknown type " + name);
  return found->second;
}

RFC_DIRECTION rfcDirection(const std::string &name) {
  if (name == "IMPORT") return RFC_IMPORT;
  if (name == "EXPORT") return RFC_EXPORT;
  if (name == "TABLES") return RFC_TABLES;
  return RFC_CHANGING;
}

struct Lengths {
  unsigned nonUnicode;
  unsigned unicode;
};

Lengths lengthsOf(const Field &field) {
  switch (field.type) {
    case RFCTYPE_CHAR:
    case RFCTYPE_NUM: return {field.length, 2 * field.length};
    case RFCTYPE_DATE: return {8, 16};
    case RFCTYPE_TIME: return {6, 12};
    case RFCTYPE_INT1: return {1, 1};
    case RFCTYPE_INT2: return {2, 2};
    case RFCTYPE_INT: return {4, 4};
    case RFCTYPE_DECF34: return {16, 16};
    case RFCTYPE_BCD:
    case RFCTYPE_BYTE: return {field.length, field.length};
    default: return {8, 8};
  }
}

void describe(const Field &field, RFC_PARAMETER_DESC *out) {
  *out = {};
  copyTo(out->name, 31, field.name);
  out->type = field.type;
  out->direction = field.direction;
  out->nucLength = lengthsOf(field).nonUnicode;
  out->ucLength = lengthsOf(field).unicode;
  out->decimals = field.decimals;
  out->typeDescHandle = field.lineType.get();
  out->optional = field.optional;
}

void describe(const Field &field, RFC_FIELD_DESC *out) {
  *out = {};  // offsets stay 0: the addon asks for values by name
  copyTo(out->name, 31, field.name);
  out->type = field.type;
  out->nucLength = lengthsOf(field).nonUnicode;
  out->ucLength = lengthsOf(field).unicode;
  out->decimals = field.decimals;
  out->typeDescHandle = field.lineType.get();
}

template <class Description>
RFC_RC describeByIndex(void *type, unsigned index, Description *out, RFC_ERROR_INFO *error) {
  const auto &fields = static_cast<Type *>(type)->fields;
  if (index >= fields.size()) return misuse(error, RFC_INVALID_PARAMETER, "field " + std::to_string(index) + " not found");
  describe(fields[index], out);
  return succeed(error);
}

template <class Description>
RFC_RC describeByName(void *type, const SAP_UC *name, Description *out, RFC_ERROR_INFO *error) {
  auto *described = static_cast<Type *>(type);
  int index = described->find(name);
  if (index < 0) {
    *out = {};
    return misuse(error, RFC_INVALID_PARAMETER, "field '" + toUtf8(name) + "' not found");
  }
  describe(described->fields[static_cast<size_t>(index)], out);
  return succeed(error);
}

RFC_RC countFields(void *type, unsigned *count, RFC_ERROR_INFO *error) {
  *count = static_cast<unsigned>(static_cast<Type *>(type)->fields.size());
  return succeed(error);
}

std::mutex cacheMutex;
std::map<std::string, std::unique_ptr<Type>> &cache() {
  static auto *functions = new std::map<std::string, std::unique_ptr<Type>>;  // worker threads may outlive static destructors
  return *functions;
}

}  // namespace

int Type::find(std::u16string_view fieldName) const {
  for (size_t i = 0; i < fields.size(); ++i)
    if (fields[i].name == fieldName) return static_cast<int>(i);
  return -1;
}

std::unique_ptr<Type> typeFrom(const Json &json) {
  auto type = std::make_unique<Type>();
  type->name = toUtf16(json.textOf("name"));
  const Json *fields = json.find("fields");
  if (!fields) throw std::runtime_error("a type without fields");
  for (const Json &field : fields->items) {
    const Json *lineType = field.find("lineType");
    type->fields.push_back({toUtf16(field.textOf("name")), rfcType(field.textOf("type")), rfcDirection(field.textOf("direction")),
                            static_cast<unsigned>(field.numberOf("length")), static_cast<unsigned>(field.numberOf("decimals")),
                            field.flagOf("optional"), lineType ? typeFrom(*lineType) : nullptr});
  }
  return type;
}

Type *recallFunction(const std::string &key) {
  std::lock_guard<std::mutex> lock(cacheMutex);
  auto found = cache().find(key);
  return found == cache().end() ? nullptr : found->second.get();
}

Type *rememberFunction(const std::string &key, std::unique_ptr<Type> function) {
  std::lock_guard<std::mutex> lock(cacheMutex);
  return cache().emplace(key, std::move(function)).first->second.get();
}

RFC_EXPORT_API RFC_RC RfcGetFunctionName(RFC_FUNCTION_DESC_HANDLE function, SAP_UC *name, RFC_ERROR_INFO *error) {
  copyTo(name, 31, static_cast<Type *>(function)->name);
  return succeed(error);
}

RFC_EXPORT_API RFC_RC RfcGetParameterCount(RFC_FUNCTION_DESC_HANDLE function, unsigned *count, RFC_ERROR_INFO *error) {
  return countFields(function, count, error);
}

RFC_EXPORT_API RFC_RC RfcGetParameterDescByIndex(RFC_FUNCTION_DESC_HANDLE function, unsigned index, RFC_PARAMETER_DESC *out,
                                                 RFC_ERROR_INFO *error) {
  return describeByIndex(function, index, out, error);
}

RFC_EXPORT_API RFC_RC RfcGetParameterDescByName(RFC_FUNCTION_DESC_HANDLE function, const SAP_UC *name, RFC_PARAMETER_DESC *out,
                                                RFC_ERROR_INFO *error) {
  return describeByName(function, name, out, error);
}

RFC_EXPORT_API RFC_RC RfcGetFieldCount(RFC_TYPE_DESC_HANDLE type, unsigned *count, RFC_ERROR_INFO *error) {
  return countFields(type, count, error);
}

RFC_EXPORT_API RFC_RC RfcGetFieldDescByIndex(RFC_TYPE_DESC_HANDLE type, unsigned index, RFC_FIELD_DESC *out, RFC_ERROR_INFO *error) {
  return describeByIndex(type, index, out, error);
}

RFC_EXPORT_API RFC_RC RfcGetFieldDescByName(RFC_TYPE_DESC_HANDLE type, const SAP_UC *name, RFC_FIELD_DESC *out, RFC_ERROR_INFO *error) {
  return describeByName(type, name, out, error);
}
