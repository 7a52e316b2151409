// A JSON value (UTF-8), with a parser and a writer: as much as talking to the simulator needs.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

class Json {
public:
  enum class Kind { Null, Boolean, Number, Text, Array, Object };
  using Member = std::pair<std::string, Json>;

  static Json text(std::string value);
  static Json number(double value);
  static Json array();
  static Json object();

  /** Throws std::runtime_error with the position when the text is not JSON. */
  static Json parse(std::string_view text);
  void writeTo(std::string &out) const;

  /** The member of that name, or nullptr; also nullptr when this is no object. */
  const Json *find(std::string_view name) const;
  std::string textOf(std::string_view name) const;
  double numberOf(std::string_view name, double otherwise = 0) const;
  bool flagOf(std::string_view name) const;
  void set(std::string name, Json value);

  Kind kind = Kind::Null;
  bool boolean = false;
  double numeric = 0;
  std::string string;
  std::vector<Json> items;
  std::vector<Member> members;
};
