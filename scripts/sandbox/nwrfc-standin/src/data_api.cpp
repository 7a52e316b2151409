// Getting and setting values by name.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "container.h"
#include "errors.h"
#include "text.h"

namespace {

struct Place {
  const Field *field = nullptr;
  Value *value = nullptr;
};

/** The named value of the current row; on failure `error` is filled and the place is empty. */
Place locate(DATA_CONTAINER_HANDLE handle, const SAP_UC *name, RFC_ERROR_INFO *error, RFC_RC &code) {
  Row *row = static_cast<Container *>(handle)->currentRow();
  if (!row) {
    code = misuse(error, RFC_TABLE_MOVE_EOF, "the table has no current row");
    return {};
  }
  int index = row->type.find(name);
  if (index < 0) {
    code = misuse(error, RFC_INVALID_PARAMETER, "field '" + toUtf8(name) + "' not found");
    return {};
  }
  code = RFC_OK;
  auto at = static_cast<size_t>(index);
  return {&row->type.fields[at], &row->values[at]};
}

RFC_RC tooSmall(RFC_ERROR_INFO *error) { return misuse(error, RFC_BUFFER_TOO_SMALL, "the buffer is too small"); }

RFC_RC unconvertible(RFC_ERROR_INFO *error, const std::u16string &text, const Field &field, const char *type) {
  return misuse(error, RFC_CONVERSION_FAILURE,
                "Cannot convert string value " + toUtf8(text) + " at position 0 for the field " + toUtf8(field.name) + " to type " + type);
}

/** Runs `action` on the value when the field exists. */
template <class Action>
RFC_RC onValue(DATA_CONTAINER_HANDLE handle, const SAP_UC *name, RFC_ERROR_INFO *error, Action action) {
  RFC_RC code;
  Place place = locate(handle, name, error, code);
  if (!place.value) return code;
  return action(*place.field, *place.value);
}

template <class Action>
RFC_RC setting(DATA_CONTAINER_HANDLE handle, const SAP_UC *name, RFC_ERROR_INFO *error, Action action) {
  return onValue(handle, name, error, [&](const Field &field, Value &value) {
    value.supplied = true;
    return action(field, value);
  });
}

/** Pads with blanks to the whole length. */
RFC_RC getPadded(DATA_CONTAINER_HANDLE handle, const SAP_UC *name, SAP_UC *buffer, unsigned length, RFC_ERROR_INFO *error) {
  return onValue(handle, name, error, [&](const Field &, Value &value) {
    const std::u16string &text = value.text();
    if (text.size() > length) return tooSmall(error);
    std::copy(text.begin(), text.end(), buffer);
    std::fill(buffer + text.size(), buffer + length, u' ');
    return succeed(error);
  });
}

template <class Number>
RFC_RC getInteger(DATA_CONTAINER_HANDLE handle, const SAP_UC *name, Number *out, RFC_ERROR_INFO *error) {
  return onValue(handle, name, error, [&](const Field &, Value &value) {
    *out = static_cast<Number>(value.integer());
    return succeed(error);
  });
}

/** Plain decimals only: sign, digits, one point. Excess decimals are cut, too many digits are refused (assumed, facts/node-rfc.md 12). */
RFC_RC setPacked(const Field &field, Value &value, const std::u16string &given, RFC_ERROR_INFO *error) {
  size_t at = 0;
  bool negative = !given.empty() && given[0] == u'-';
  if (!given.empty() && (given[0] == u'-' || given[0] == u'+')) ++at;
  std::u16string whole, fraction;
  bool afterPoint = false;
  for (; at < given.size(); ++at) {
    char16_t c = given[at];
    if (c == u'.' && !afterPoint) {
      afterPoint = true;
    } else if (c >= u'0' && c <= u'9') {
      (afterPoint ? fraction : whole) += c;
    } else {
      return unconvertible(error, given, field, "RFCTYPE_BCD");
    }
  }
  if (whole.empty() && fraction.empty()) return unconvertible(error, given, field, "RFCTYPE_BCD");
  whole.erase(0, std::min(whole.find_first_not_of(u'0'), whole.size()));
  fraction.resize(field.decimals, u'0');
  if (whole.size() + field.decimals > 2 * field.length - 1) return unconvertible(error, given, field, "RFCTYPE_BCD (overflow)");
  if (whole.empty()) whole = u"0";
  value.text() = (negative ? u"-" : u"") + whole + (field.decimals ? u"." + fraction : u"");
  return succeed(error);
}

RFC_RC setFloat(const Field &field, Value &value, const std::u16string &given, RFC_ERROR_INFO *error) {
  std::string text = toUtf8(given);
  char *end = nullptr;
  value.floating() = std::strtod(text.c_str(), &end);
  return text.empty() || *end ? unconvertible(error, given, field, "RFCTYPE_FLOAT") : succeed(error);
}

RFC_RC setTimestamp(Value &value, std::u16string given, RFC_ERROR_INFO *error) {
  constexpr size_t length = 27, fractionAt = 19;
  if (given.size() != length) {
    return misuse(error, RFC_CONVERSION_FAILURE, "Cannot convert " + toUtf8(given) + " to RFCTYPE_UTCLONG : illegal format");
  }
  given[fractionAt] = u',';
  value.text() = std::move(given);
  return succeed(error);
}

RFC_RC setBytes(const Field &field, Value &value, const SAP_RAW *bytes, unsigned length, RFC_ERROR_INFO *error) {
  value.bytes().assign(reinterpret_cast<const char *>(bytes), length);
  if (field.type == RFCTYPE_BYTE) value.bytes().resize(field.length, '\0');
  return succeed(error);
}

}  // namespace

RFC_EXPORT_API RFC_RC RfcGetChars(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_CHAR *buffer, unsigned length, RFC_ERROR_INFO *error) {
  return getPadded(h, name, buffer, length, error);
}

RFC_EXPORT_API RFC_RC RfcGetNum(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_NUM *buffer, unsigned length, RFC_ERROR_INFO *error) {
  return getPadded(h, name, buffer, length, error);
}

RFC_EXPORT_API RFC_RC RfcGetDate(DATA_CONTAINER_HANDLE h, const SAP_UC *name, SAP_UC *buffer, RFC_ERROR_INFO *error) {
  return getPadded(h, name, buffer, 8, error);
}

RFC_EXPORT_API RFC_RC RfcGetTime(DATA_CONTAINER_HANDLE h, const SAP_UC *name, SAP_UC *buffer, RFC_ERROR_INFO *error) {
  return getPadded(h, name, buffer, 6, error);
}

RFC_EXPORT_API RFC_RC RfcGetString(DATA_CONTAINER_HANDLE h, const SAP_UC *name, SAP_UC *buffer, unsigned capacity, unsigned *length,
                                   RFC_ERROR_INFO *error) {
  return onValue(h, name, error, [&](const Field &, Value &value) {
    *length = static_cast<unsigned>(value.text().size());
    if (*length + 1 > capacity) return tooSmall(error);
    copyTo(buffer, capacity, value.text());
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcGetStringLength(DATA_CONTAINER_HANDLE h, const SAP_UC *name, unsigned *length, RFC_ERROR_INFO *error) {
  return onValue(h, name, error, [&](const Field &field, Value &value) {
    *length = static_cast<unsigned>(field.type == RFCTYPE_XSTRING ? value.bytes().size() : value.text().size());
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcGetBytes(DATA_CONTAINER_HANDLE h, const SAP_UC *name, SAP_RAW *buffer, unsigned length, RFC_ERROR_INFO *error) {
  return onValue(h, name, error, [&](const Field &, Value &value) {
    std::memset(buffer, 0, length);
    std::memcpy(buffer, value.bytes().data(), std::min<size_t>(length, value.bytes().size()));
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcGetXString(DATA_CONTAINER_HANDLE h, const SAP_UC *name, SAP_RAW *buffer, unsigned capacity, unsigned *length,
                                    RFC_ERROR_INFO *error) {
  return onValue(h, name, error, [&](const Field &, Value &value) {
    *length = static_cast<unsigned>(value.bytes().size());
    if (*length > capacity) return tooSmall(error);
    std::memcpy(buffer, value.bytes().data(), *length);
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcGetFloat(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_FLOAT *out, RFC_ERROR_INFO *error) {
  return onValue(h, name, error, [&](const Field &, Value &value) {
    *out = value.floating();
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcGetInt(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_INT *out, RFC_ERROR_INFO *error) {
  return getInteger(h, name, out, error);
}

RFC_EXPORT_API RFC_RC RfcGetInt1(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_INT1 *out, RFC_ERROR_INFO *error) {
  return getInteger(h, name, out, error);
}

RFC_EXPORT_API RFC_RC RfcGetInt2(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_INT2 *out, RFC_ERROR_INFO *error) {
  return getInteger(h, name, out, error);
}

RFC_EXPORT_API RFC_RC RfcGetInt8(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_INT8 *out, RFC_ERROR_INFO *error) {
  return getInteger(h, name, out, error);
}

RFC_EXPORT_API RFC_RC RfcSetString(DATA_CONTAINER_HANDLE h, const SAP_UC *name, const SAP_UC *text, unsigned length, RFC_ERROR_INFO *error) {
  return setting(h, name, error, [&](const Field &field, Value &value) {
    std::u16string given(text, length);
    switch (field.type) {
      case RFCTYPE_FLOAT: return setFloat(field, value, given, error);
      case RFCTYPE_BCD: return setPacked(field, value, given, error);
      case RFCTYPE_UTCLONG: return setTimestamp(value, std::move(given), error);
      case RFCTYPE_CHAR:
        if (given.size() > field.length) given.resize(field.length);  // assumed: too long is cut (facts/node-rfc.md 12)
        break;
      default: break;
    }
    value.text() = std::move(given);
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcSetNum(DATA_CONTAINER_HANDLE h, const SAP_UC *name, const RFC_NUM *digits, unsigned length, RFC_ERROR_INFO *error) {
  return setting(h, name, error, [&](const Field &field, Value &value) {
    std::u16string given(digits, length);
    bool allDigits = std::all_of(given.begin(), given.end(), [](char16_t c) { return c >= u'0' && c <= u'9'; });
    if (!allDigits || given.size() > field.length) return unconvertible(error, given, field, "RFCTYPE_NUM");
    value.text() = std::u16string(field.length - given.size(), u'0') + given;
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcSetDate(DATA_CONTAINER_HANDLE h, const SAP_UC *name, const SAP_UC *date, RFC_ERROR_INFO *error) {
  return setting(h, name, error, [&](const Field &, Value &value) {
    value.text().assign(date, 8);
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcSetTime(DATA_CONTAINER_HANDLE h, const SAP_UC *name, const SAP_UC *time, RFC_ERROR_INFO *error) {
  return setting(h, name, error, [&](const Field &, Value &value) {
    value.text().assign(time, 6);
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcSetBytes(DATA_CONTAINER_HANDLE h, const SAP_UC *name, const SAP_RAW *bytes, unsigned length, RFC_ERROR_INFO *error) {
  return setting(h, name, error, [&](const Field &field, Value &value) { return setBytes(field, value, bytes, length, error); });
}

RFC_EXPORT_API RFC_RC RfcSetXString(DATA_CONTAINER_HANDLE h, const SAP_UC *name, const SAP_RAW *bytes, unsigned length,
                                    RFC_ERROR_INFO *error) {
  return setting(h, name, error, [&](const Field &field, Value &value) { return setBytes(field, value, bytes, length, error); });
}

RFC_EXPORT_API RFC_RC RfcSetInt(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_INT number, RFC_ERROR_INFO *error) {
  return setting(h, name, error, [&](const Field &, Value &value) {
    value.integer() = number;
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcSetInt8(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_INT8 number, RFC_ERROR_INFO *error) {
  return setting(h, name, error, [&](const Field &, Value &value) {
    value.integer() = number;
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcGetStructure(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_STRUCTURE_HANDLE *out, RFC_ERROR_INFO *error) {
  return setting(h, name, error, [&](const Field &, Value &value) {
    *out = static_cast<Container *>(&value.structure());
    return succeed(error);
  });
}

RFC_EXPORT_API RFC_RC RfcGetTable(DATA_CONTAINER_HANDLE h, const SAP_UC *name, RFC_TABLE_HANDLE *out, RFC_ERROR_INFO *error) {
  return setting(h, name, error, [&](const Field &, Value &value) {
    *out = static_cast<Container *>(&value.table());
    return succeed(error);
  });
}

static Table &tableOf(RFC_TABLE_HANDLE handle) { return static_cast<Table &>(*static_cast<Container *>(handle)); }

RFC_EXPORT_API RFC_RC RfcGetRowCount(RFC_TABLE_HANDLE table, unsigned *count, RFC_ERROR_INFO *error) {
  *count = static_cast<unsigned>(tableOf(table).size());
  return succeed(error);
}

RFC_EXPORT_API RFC_STRUCTURE_HANDLE RfcAppendNewRow(RFC_TABLE_HANDLE table, RFC_ERROR_INFO *error) {
  succeed(error);
  return static_cast<Container *>(tableOf(table).appendRow());
}

RFC_EXPORT_API RFC_RC RfcMoveTo(RFC_TABLE_HANDLE table, unsigned index, RFC_ERROR_INFO *error) {
  return tableOf(table).moveTo(index) ? succeed(error) : misuse(error, RFC_TABLE_MOVE_EOF, "the table has no row " + std::to_string(index));
}

RFC_EXPORT_API RFC_RC RfcDeleteCurrentRow(RFC_TABLE_HANDLE table, RFC_ERROR_INFO *error) {
  tableOf(table).deleteCurrentRow();
  return succeed(error);
}
