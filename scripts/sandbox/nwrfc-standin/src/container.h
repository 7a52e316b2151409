// Functions, structures and tables while they are filled and read: purely in memory.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "json.h"
#include "metadata.h"

class Row;
class Table;

/** What a DATA_CONTAINER_HANDLE points to. */
class Container {
public:
  virtual ~Container() = default;
  /** The values that a get or set by name works on; nullptr when a table stands on no row. */
  virtual Row *currentRow() = 0;
};

struct Value {
  /** Characters of CHAR, NUM, DATE, TIME, STRING, BCD, DECF and UTCLONG; bytes of BYTE and XSTRING; and so on by type. */
  std::variant<std::u16string, std::string, long long, double, std::unique_ptr<Row>, std::unique_ptr<Table>> data;
  bool supplied = false;  // set by the caller, so it travels; otherwise ABAP's default applies
  bool active = true;

  std::u16string &text() { return std::get<std::u16string>(data); }
  std::string &bytes() { return std::get<std::string>(data); }
  long long &integer() { return std::get<long long>(data); }
  double &floating() { return std::get<double>(data); }
  Row &structure() { return *std::get<std::unique_ptr<Row>>(data); }
  Table &table() { return *std::get<std::unique_ptr<Table>>(data); }
};

/** A function's parameters or a structure's fields, with ABAP's initial values to begin with. */
class Row : public Container {
public:
  explicit Row(const Type &type);
  Row *currentRow() override { return this; }

  Json toJson() const;
  Json suppliedInputs() const;
  Json inactiveNames() const;

  /** Takes over the values named in the object; tables may refer to a block: `{block: 0}`. */
  void assign(const Json &object, std::vector<struct PackedRows> &blocks);

  const Type &type;
  std::vector<Value> values;
};

/** Rows of a line type with one character field, as they came off the wire: UTF-8 texts one after the other. */
struct PackedRows {
  std::string bytes;
  std::vector<uint32_t> ends;

  std::string_view at(size_t index) const;
};

class Table : public Container {
public:
  explicit Table(const Type &lineType) : lineType(lineType) {}
  Row *currentRow() override;

  size_t size() const { return packed_.ends.empty() ? rows_.size() : packed_.ends.size(); }
  bool moveTo(size_t index);
  Row *appendRow();
  /** Deleting the last row costs nothing, which is how the addon empties tables while it reads them. */
  void deleteCurrentRow();
  void setRows(std::vector<std::unique_ptr<Row>> rows);
  void setRows(PackedRows rows);
  Json toJson() const;

  const Type &lineType;

private:
  std::vector<std::unique_ptr<Row>> rows_;
  PackedRows packed_;
  std::unique_ptr<Row> unpacked_;  // the current one of the packed rows
  size_t current_ = 0;
};
