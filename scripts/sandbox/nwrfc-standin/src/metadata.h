// Descriptions of functions and structures, as the simulator told them. They live as long as the process, as in the real library.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "json.h"
#include "sapnwrfc.h"

struct Type;

/** A parameter of a function or a field of a structure. */
struct Field {
  std::u16string name;
  RFCTYPE type;
  RFC_DIRECTION direction;  // of parameters
  unsigned length;          // characters of CHAR and NUM, bytes of BYTE and BCD
  unsigned decimals;
  bool optional;
  std::unique_ptr<Type> lineType;  // of structures and tables
};

/** A structure, or a function seen as the structure of its parameters. */
struct Type {
  std::u16string name;
  std::vector<Field> fields;

  /** Position of the field, or -1. */
  int find(std::u16string_view fieldName) const;
};

/** Reads `{name, fields: [{name, type, direction, length, decimals, optional, lineType}]}`; throws on an unknown type. */
std::unique_ptr<Type> typeFrom(const Json &json);

/** The description of that key when one was remembered; the first one remembered wins and is returned. */
Type *recallFunction(const std::string &key);
Type *rememberFunction(const std::string &key, std::unique_ptr<Type> function);
