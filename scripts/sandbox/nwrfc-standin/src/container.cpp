#include "container.h"

#include <stdexcept>

#include "text.h"

namespace {

void initialise(const Field &field, Value &value) {
  switch (field.type) {
    case RFCTYPE_DATE: value.data = std::u16string(8, u'0'); return;
    case RFCTYPE_TIME: value.data = std::u16string(6, u'0'); return;
    case RFCTYPE_NUM: value.data = std::u16string(field.length, u'0'); return;
    case RFCTYPE_BCD: value.data = field.decimals ? u"0." + std::u16string(field.decimals, u'0') : std::u16string(u"0"); return;
    case RFCTYPE_DECF16:
    case RFCTYPE_DECF34: value.data = std::u16string(u"0"); return;
    case RFCTYPE_UTCLONG: value.data = std::u16string(u"0000-00-00T00:00:00,0000000"); return;
    case RFCTYPE_BYTE: value.data = std::string(field.length, '\0'); return;
    case RFCTYPE_XSTRING: value.data = std::string(); return;
    case RFCTYPE_INT:
    case RFCTYPE_INT1:
    case RFCTYPE_INT2:
    case RFCTYPE_INT8: value.data = 0LL; return;
    case RFCTYPE_FLOAT: value.data = 0.0; return;
    case RFCTYPE_STRUCTURE: value.data = std::make_unique<Row>(*field.lineType); return;
    case RFCTYPE_TABLE: value.data = std::make_unique<Table>(*field.lineType); return;
    default: value.data = std::u16string(); return;
  }
}

std::string toHex(const std::string &bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string out;
  for (unsigned char byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string fromHex(const std::string &hex) {
  std::string out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

/** Bytes travel as hex, 8-byte integers as text, the rest as JSON would have it. */
Json valueToJson(const Field &field, const Value &value) {
  switch (field.type) {
    case RFCTYPE_STRUCTURE: return std::get<std::unique_ptr<Row>>(value.data)->toJson();
    case RFCTYPE_TABLE: return std::get<std::unique_ptr<Table>>(value.data)->toJson();
    case RFCTYPE_INT:
    case RFCTYPE_INT1:
    case RFCTYPE_INT2: return Json::number(static_cast<double>(std::get<long long>(value.data)));
    case RFCTYPE_INT8: return Json::text(std::to_string(std::get<long long>(value.data)));
    case RFCTYPE_FLOAT: return Json::number(std::get<double>(value.data));
    case RFCTYPE_BYTE:
    case RFCTYPE_XSTRING: return Json::text(toHex(std::get<std::string>(value.data)));
    default: return Json::text(toUtf8(std::get<std::u16string>(value.data)));
  }
}

void assignTable(Table &table, const Json &json, std::vector<PackedRows> &blocks) {
  if (json.find("block")) return table.setRows(std::move(blocks.at(static_cast<size_t>(json.numberOf("block")))));
  std::vector<std::unique_ptr<Row>> rows;
  for (const Json &item : json.items) {
    rows.push_back(std::make_unique<Row>(table.lineType));
    rows.back()->assign(item, blocks);
  }
  table.setRows(std::move(rows));
}

void assignValue(const Field &field, Value &value, const Json &json, std::vector<PackedRows> &blocks) {
  switch (field.type) {
    case RFCTYPE_STRUCTURE: return value.structure().assign(json, blocks);
    case RFCTYPE_TABLE: return assignTable(value.table(), json, blocks);
    case RFCTYPE_INT:
    case RFCTYPE_INT1:
    case RFCTYPE_INT2: value.integer() = static_cast<long long>(json.numeric); return;
    case RFCTYPE_INT8: value.integer() = json.string.empty() ? static_cast<long long>(json.numeric) : std::stoll(json.string); return;
    case RFCTYPE_FLOAT: value.floating() = json.numeric; return;
    case RFCTYPE_XSTRING: value.bytes() = fromHex(json.string); return;
    case RFCTYPE_BYTE:
      value.bytes() = fromHex(json.string);
      value.bytes().resize(field.length, '\0');
      return;
    case RFCTYPE_CHAR:
      utf8ToUtf16(json.string, value.text());
      if (value.text().size() > field.length) value.text().resize(field.length);
      return;
    default: utf8ToUtf16(json.string, value.text()); return;
  }
}

}  // namespace

Row::Row(const Type &type) : type(type), values(type.fields.size()) {
  for (size_t i = 0; i < values.size(); ++i) initialise(type.fields[i], values[i]);
}

Json Row::toJson() const {
  Json json = Json::object();
  for (size_t i = 0; i < values.size(); ++i) json.set(toUtf8(type.fields[i].name), valueToJson(type.fields[i], values[i]));
  return json;
}

Json Row::suppliedInputs() const {
  Json json = Json::object();
  for (size_t i = 0; i < values.size(); ++i) {
    const Field &field = type.fields[i];
    if (values[i].supplied && field.direction != RFC_EXPORT) json.set(toUtf8(field.name), valueToJson(field, values[i]));
  }
  return json;
}

Json Row::inactiveNames() const {
  Json names = Json::array();
  for (size_t i = 0; i < values.size(); ++i)
    if (!values[i].active) names.items.push_back(Json::text(toUtf8(type.fields[i].name)));
  return names;
}

void Row::assign(const Json &object, std::vector<PackedRows> &blocks) {
  for (const Json::Member &member : object.members) {
    int index = type.find(toUtf16(member.first));
    if (index < 0) throw std::runtime_error("no field " + member.first);
    assignValue(type.fields[static_cast<size_t>(index)], values[static_cast<size_t>(index)], member.second, blocks);
  }
}

std::string_view PackedRows::at(size_t index) const {
  size_t begin = index ? ends[index - 1] : 0;
  return std::string_view(bytes).substr(begin, ends[index] - begin);
}

Row *Table::currentRow() {
  if (packed_.ends.empty()) return current_ < rows_.size() ? rows_[current_].get() : nullptr;
  return current_ < packed_.ends.size() ? unpacked_.get() : nullptr;
}

bool Table::moveTo(size_t index) {
  if (index >= size()) return false;
  current_ = index;
  if (!packed_.ends.empty()) utf8ToUtf16(packed_.at(index), unpacked_->values[0].text());
  return true;
}

Row *Table::appendRow() {
  rows_.push_back(std::make_unique<Row>(lineType));
  current_ = rows_.size() - 1;
  return rows_.back().get();
}

void Table::deleteCurrentRow() {
  if (packed_.ends.empty()) {
    if (current_ < rows_.size()) rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(current_));
  } else if (current_ + 1 == packed_.ends.size()) {
    packed_.ends.pop_back();
  }
}

void Table::setRows(std::vector<std::unique_ptr<Row>> rows) {
  rows_ = std::move(rows);
  packed_ = {};
  current_ = 0;
}

void Table::setRows(PackedRows rows) {
  bool oneText = lineType.fields.size() == 1 && (lineType.fields[0].type == RFCTYPE_CHAR || lineType.fields[0].type == RFCTYPE_STRING);
  if (!oneText) throw std::runtime_error("packed rows for a line type that is not one character field");
  rows_.clear();
  packed_ = std::move(rows);
  unpacked_ = std::make_unique<Row>(lineType);
  current_ = 0;
}

Json Table::toJson() const {
  Json rows = Json::array();
  for (const auto &row : rows_) rows.items.push_back(row->toJson());
  return rows;
}
