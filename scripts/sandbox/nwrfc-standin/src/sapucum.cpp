// libsapucum: five helpers for zero-terminated UTF-16 strings.
#include "sapnwrfc.h"

RFC_EXPORT_API size_t strlenU16(const SAP_UC *text) {
  size_t length = 0;
  while (text[length]) ++length;
  return length;
}

RFC_EXPORT_API int strcmpU16(const SAP_UC *a, const SAP_UC *b) {
  while (*a && *a == *b) ++a, ++b;
  return static_cast<int>(*a) - static_cast<int>(*b);
}

RFC_EXPORT_API SAP_UC *strncpyU16(SAP_UC *target, const SAP_UC *source, size_t count) {
  size_t i = 0;
  for (; i < count && source[i]; ++i) target[i] = source[i];
  for (; i < count; ++i) target[i] = 0;
  return target;
}

RFC_EXPORT_API SAP_UC *strcpyU16(SAP_UC *target, const SAP_UC *source) { return strncpyU16(target, source, strlenU16(source) + 1); }

/** Only used for the addon's own diagnostics: the format is printed as it is. */
RFC_EXPORT_API int fprintfU16(FILE *file, const SAP_UC *format, ...) {
  int count = 0;
  for (; *format; ++format, ++count) fputc(*format < 0x80 ? static_cast<int>(*format) : '?', file);
  return count;
}
