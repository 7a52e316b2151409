#include "json.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "text.h"

Json Json::text(std::string value) {
  Json json;
  json.kind = Kind::Text;
  json.string = std::move(value);
  return json;
}

Json Json::number(double value) {
  Json json;
  json.kind = Kind::Number;
  json.numeric = value;
  return json;
}

Json Json::array() {
  Json json;
  json.kind = Kind::Array;
  return json;
}

Json Json::object() {
  Json json;
  json.kind = Kind::Object;
  return json;
}

const Json *Json::find(std::string_view name) const {
  for (const Member &member : members)
    if (member.first == name) return &member.second;
  return nullptr;
}

std::string Json::textOf(std::string_view name) const {
  const Json *value = find(name);
  return value && value->kind == Kind::Text ? value->string : std::string();
}

double Json::numberOf(std::string_view name, double otherwise) const {
  const Json *value = find(name);
  return value && value->kind == Kind::Number ? value->numeric : otherwise;
}

bool Json::flagOf(std::string_view name) const {
  const Json *value = find(name);
  return value && value->kind == Kind::Boolean && value->boolean;
}

void Json::set(std::string name, Json value) { members.emplace_back(std::move(name), std::move(value)); }

namespace {

void writeText(std::string &out, const std::string &text) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned char>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

class Parser {
public:
  explicit Parser(std::string_view text) : text_(text) {}

  Json document() {
    Json value = this->value();
    skipBlanks();
    if (at_ != text_.size()) fail();
    return value;
  }

private:
  std::string_view text_;
  size_t at_ = 0;

  [[noreturn]] void fail() const { throw std::runtime_error("not JSON at position " + std::to_string(at_)); }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  char next() {
    if (at_ >= text_.size()) fail();
    return text_[at_++];
  }

  void expect(char wanted) {
    if (next() != wanted) fail();
  }

  void skipBlanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) ++at_;
  }

  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Json value() {
    skipBlanks();
    switch (peek()) {
      case '{': return object();
      case '[': return array();
      case '"': return Json::text(quoted());
      default: return literal();
    }
  }

  Json literal() {
    Json json;
    if (take("null")) return json;
    if (take("true") || take("false")) {
      json.kind = Json::Kind::Boolean;
      json.boolean = text_[at_ - 2] == 'u';
      return json;
    }
    size_t end = text_.find_first_not_of("+-.0123456789eE", at_);
    if (end == std::string_view::npos) end = text_.size();
    if (end == at_) fail();
    std::string digits(text_.substr(at_, end - at_));
    at_ = end;
    return Json::number(std::strtod(digits.c_str(), nullptr));
  }

  Json object() {
    Json json = Json::object();
    expect('{');
    skipBlanks();
    if (peek() == '}') return ++at_, json;
    do {
      skipBlanks();
      std::string name = quoted();
      skipBlanks();
      expect(':');
      json.members.emplace_back(std::move(name), value());
      skipBlanks();
    } while (separated('}'));
    return json;
  }

  Json array() {
    Json json = Json::array();
    expect('[');
    skipBlanks();
    if (peek() == ']') return ++at_, json;
    do {
      json.items.push_back(value());
      skipBlanks();
    } while (separated(']'));
    return json;
  }

  /** True after a comma, false after the closing bracket. */
  bool separated(char closing) {
    char c = next();
    if (c != ',' && c != closing) fail();
    return c == ',';
  }

  std::string quoted() {
    expect('"');
    std::string out;
    for (;;) {
      size_t plain = text_.find_first_of("\"\\", at_);
      if (plain == std::string_view::npos) fail();
      out.append(text_.substr(at_, plain - at_));
      at_ = plain;
      if (next() == '"') return out;
      escaped(out);
    }
  }

  void escaped(std::string &out) {
    char c = next();
    switch (c) {
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case 'r': out += '\r'; break;
      case 'b': out += '\b'; break;
      case 'f': out += '\f'; break;
      case 'u': unicode(out); break;
      default: out += c;
    }
  }

  void unicode(std::string &out) {
    char32_t unit = hex4();
    if (unit >= 0xD800 && unit < 0xDC00 && take("\\u")) unit = 0x10000 + ((unit - 0xD800) << 10) + (hex4() - 0xDC00);
    appendUtf8(out, unit);
  }

  char32_t hex4() {
    std::string digits(text_.substr(at_, 4));
    if (digits.size() != 4) fail();
    at_ += 4;
    return static_cast<char32_t>(std::strtoul(digits.c_str(), nullptr, 16));
  }
};

}  // namespace

Json Json::parse(std::string_view text) { return Parser(text).document(); }

void Json::writeTo(std::string &out) const {
  switch (kind) {
    case Kind::Null: out += "null"; return;
    case Kind::Boolean: out += boolean ? "true" : "false"; return;
    case Kind::Text: writeText(out, string); return;
    case Kind::Number: {
      char digits[40];
      std::snprintf(digits, sizeof digits, "%.17g", numeric);
      out += digits;
      return;
    }
    case Kind::Array: {
      char separator = '[';
      for (const Json &item : items) {
        out += separator;
        item.writeTo(out);
        separator = ',';
      }
      out += items.empty() ? "[]" : "]";
      return;
    }
    case Kind::Object: {
      char separator = '{';
      for (const Member &member : members) {
        out += separator;
        writeText(out, member.first);
        out += ':';
        member.second.writeTo(out);
        separator = ',';
      }
      out += members.empty() ? "{}" : "}";
      return;
    }
  }
}
